import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import type { PlanView } from '../plan/plan.schema.ts'

export interface Page {
  readonly corpId: number
  /** Runs below this number. */
  readonly before: number | undefined
  readonly limit: number
}

interface OfCampaign {
  readonly run: number
  readonly campaignId: string
  readonly name: string
  readonly current: number
  readonly version: number
}

export interface RehearsalRow extends OfCampaign {
  readonly kind: CampaignSpec['kind']
  readonly madeAt: Date
  readonly plannedFor: Date
  readonly plan: PlanView | null
}

const below = ({ before }: Page) => sql`(${before ?? null}::int is null or r.id < ${before ?? null})`
const columns = sql`r.id as run, r.campaign_id as "campaignId", c.name, c.version as current, r.version`

/** The rehearsals that are shown, the latest first. */
export async function rehearsals(on: Executor, page: Page): Promise<readonly RehearsalRow[]> {
  const { rows } = await sql<RehearsalRow>`
    select ${columns}, v.spec->>'kind' as kind, r.created_at as "madeAt", r.planned_for as "plannedFor", r.plan
    from campaign_runs r join campaigns c on c.id = r.campaign_id
    join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version
    where r.corp_id = ${page.corpId} and r.rehearsal and r.state in ('planning', 'planned') and ${below(page)}
    order by r.id desc limit ${page.limit}`.execute(on)
  return rows
}

export interface ExperimentRow extends OfCampaign {
  readonly startedAt: Date
  readonly spec: CampaignSpec
  readonly state: string
  readonly asOf: Date | null
  readonly closesAt: Date | null
  /** As the report keeps them. */
  readonly figures: unknown
}

/** Runs that went out with somebody held out, or with variants that chance draws between; the latest first. */
export async function experiments(on: Executor, page: Page): Promise<readonly ExperimentRow[]> {
  const { rows } = await sql<ExperimentRow>`
    select ${columns}, coalesce(r.started_at, r.planned_for) as "startedAt", v.spec, r.state,
      p.as_of as "asOf", p.closes_at as "closesAt", p.figures
    from campaign_runs r join campaigns c on c.id = r.campaign_id
    join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version
    left join campaign_reports p on p.run_id = r.id
    where r.corp_id = ${page.corpId} and not r.rehearsal and r.state not in ('planning', 'planned', 'failed')
      and ((v.spec->>'holdout_permille')::int > 0
        or (select count(*) > 1 from jsonb_array_elements(v.spec->'variants') one where one->>'for' is null))
      and ${below(page)}
    order by r.id desc limit ${page.limit}`.execute(on)
  return rows
}

/** The last version before this one that enough people agreed to. */
export async function approvedBefore(
  on: Executor,
  campaignId: string,
  version: number,
): Promise<{ version: number; spec: CampaignSpec } | undefined> {
  const { rows } = await sql<{ version: number; spec: CampaignSpec }>`
    select v.version, v.spec from campaign_versions v
    where v.campaign_id = ${campaignId} and v.version < ${version} and v.approvals_needed is not null
      and v.approvals_needed <= (select count(*) from campaign_approvals p
        where p.campaign_id = v.campaign_id and p.version = v.version and p.verdict = 'agree')
      and not exists (select from campaign_approvals p
        where p.campaign_id = v.campaign_id and p.version = v.version and p.verdict = 'refuse')
    order by v.version desc limit 1`.execute(on)
  return rows[0]
}
