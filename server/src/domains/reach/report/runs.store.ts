import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { earnersOf } from '../settings/settings.store.ts'
import type { Earner } from '../settings/settings.ts'

export interface ReportedRun {
  readonly id: number
  readonly corpId: number
  readonly campaignId: string
  readonly name: string
  readonly state: string
  readonly plannedFor: Date
  readonly startedAt: Date | null
  /** As it was approved: what came after does not change what is measured. */
  readonly spec: CampaignSpec
  /** Who earns the orders that are credited to it, the first that is known (M35). */
  readonly earnerOrder: readonly Earner[]
}

/** States in which a run has recipients, or had. What became of groups is told by itself (groups-report.store.ts). */
const shown = sql`r.state not in ('planning', 'planned', 'failed') and not r.rehearsal
  and not exists (select from campaign_groups g where g.run_id = r.id)`

/** Runs that went out, of one campaign or one by its number; the latest first. */
export async function runsOf(
  on: Executor,
  corpId: number,
  which: { readonly campaign: string; readonly run?: number | undefined },
): Promise<readonly ReportedRun[]> {
  const { rows } = await sql<Omit<ReportedRun, 'earnerOrder'> & { readonly earners: readonly string[] | null }>`
    select r.id, r.corp_id as "corpId", r.campaign_id as "campaignId", c.name, r.state, r.planned_for as "plannedFor",
      r.started_at as "startedAt", v.spec, r.earner_order as earners
    from campaign_runs r join campaigns c on c.id = r.campaign_id
    join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version
    where r.corp_id = ${corpId} and r.campaign_id = ${which.campaign} and ${shown}
      ${which.run === undefined ? sql`` : sql`and r.id = ${which.run}`}
    order by r.id desc limit 100`.execute(on)
  return rows.map(({ earners, ...run }) => ({ ...run, earnerOrder: earnersOf(earners) }))
}

export async function runById(on: Executor, corpId: number, runId: number): Promise<ReportedRun | undefined> {
  const { rows } = await sql<{ campaign: string }>`
    select campaign_id as campaign from campaign_runs where id = ${runId} and corp_id = ${corpId}`.execute(on)
  const [found] = rows
  return found === undefined ? undefined : (await runsOf(on, corpId, { campaign: found.campaign, run: runId }))[0]
}

/** Whether there is such a run at all, also one that has not begun. */
export async function isRunOf(on: Executor, corpId: number, campaign: string, run: number): Promise<boolean> {
  const found = await on
    .selectFrom('campaign_runs')
    .select('id')
    .where('corp_id', '=', corpId)
    .where('campaign_id', '=', campaign)
    .where('id', '=', run)
    .executeTakeFirst()
  return found !== undefined
}

export async function campaignName(on: Executor, corpId: number, id: string): Promise<string | undefined> {
  const row = await on
    .selectFrom('campaigns')
    .select('name')
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.name
}

export interface Freshness {
  readonly runId: number
  readonly corpId: number
  readonly open: boolean
  readonly startedAt: Date
  readonly asOf: Date | null
  readonly closesAt: Date | null
  /** To how many it was to be sent. */
  readonly persons: number
}

/** Runs of all corps that went out after a moment, or have no report yet, with how fresh it is; those without one first. */
export async function freshnessOf(on: Executor, after: Date): Promise<readonly Freshness[]> {
  const { rows } = await sql<Freshness>`
    select r.id as "runId", r.corp_id as "corpId", r.state in ('canary', 'running', 'paused') as open,
      coalesce(r.started_at, r.planned_for) as "startedAt", p.as_of as "asOf", p.closes_at as "closesAt",
      coalesce((p.figures->'fates'->>'sent_to')::int, 0) as persons
    from campaign_runs r left join campaign_reports p on p.run_id = r.id
    where ${shown} and (p.run_id is null or coalesce(r.started_at, r.planned_for) > ${after})
    order by p.run_id is not null, r.id`.execute(on)
  return rows
}

/** Millions of people are sorted and joined in memory; one report of a corp at a time takes so much. */
export async function roomToWork(tx: Tx): Promise<void> {
  await sql`set local work_mem = '128MB'`.execute(tx)
}

/** Reports of a corp are worked out one after the other: each says of some orders which run has them. */
export async function lockReports(tx: Tx, corpId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.campaignReports}, ${corpId})`.execute(tx)
}

/**
 * Runs of a corp with a report into whose windows an order falls that was told, or told anew, after the report was worked out.
 * One walk over the orders of these months a night.
 */
export async function runsTouchedLate(on: Executor, corpId: number, since: Date): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    with late as materialized (
      select date_trunc('hour', o.paid_at) as hour, max(o.learnt_at) as learnt_at from orders o
      where o.corp_id = ${corpId} and o.ordered_at >= ${since}::timestamptz - interval '31 days' and o.paid_at >= ${since}
        and o.learnt_at >= (select min(as_of) from campaign_reports where corp_id = ${corpId} and as_of >= ${since})
      group by 1
    )
    select p.run_id as id from campaign_reports p join campaign_runs r on r.id = p.run_id
    where p.corp_id = ${corpId} and coalesce(r.started_at, r.planned_for) > ${since} and p.closes_at is not null and exists (
      select from late where late.learnt_at > p.as_of and late.hour >= (p.figures->>'first_at')::timestamptz - interval '1 hour'
        and late.hour <= p.closes_at + interval '30 days')
    order by 1`.execute(on)
  return rows.map(({ id }) => id)
}

/** How many recipients of a run stand at sent, and how many the tasks counted as sent. */
export async function taskSums(on: Executor, runId: number): Promise<{ delivered: number; sent: number }> {
  const { rows } = await sql<{ delivered: number; sent: number }>`
    select (select count(*)::int from campaign_recipients where run_id = ${runId} and fate = 0 and status = 1) as delivered,
      (select coalesce(sum(sent), 0)::int from campaign_tasks where run_id = ${runId}) as sent`.execute(on)
  return rows[0] ?? { delivered: 0, sent: 0 }
}
