import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { reachSettings } from '../settings/settings.store.ts'
import type { CampaignSpec } from './campaign.schema.ts'
import { type Campaign, type CampaignState, openRunStates } from './campaign.ts'

const columns = sql`c.id, c.corp_id as "corpId", c.name, c.state, c.version, c.template, c.copied_from as "copiedFrom",
  c.created_by as "createdBy", c.created_at as "createdAt", c.changed_at as "changedAt", v.spec`
const joined = sql`campaigns c join campaign_versions v on v.campaign_id = c.id and v.version = c.version`

export async function findCampaign(on: Executor, corpId: number, id: string): Promise<Campaign | undefined> {
  const { rows } = await sql<Campaign>`
    select ${columns} from ${joined} where c.corp_id = ${corpId} and c.id = ${id}`.execute(on)
  return rows[0]
}

/**
 * For whoever changes it, or starts a run of it: nobody else does meanwhile. Held first and read after: whoever waited for
 * another's save would else look for its new version among those of before, and find no campaign.
 */
export async function holdCampaign(tx: Tx, corpId: number, id: string): Promise<Campaign | undefined> {
  await sql`select from campaigns where corp_id = ${corpId} and id = ${id} for update`.execute(tx)
  return findCampaign(tx, corpId, id)
}

/** What a campaign was at a version. */
export async function specOf(on: Executor, campaignId: string, version: number): Promise<CampaignSpec | undefined> {
  const { rows } = await sql<{ spec: CampaignSpec }>`
    select spec from campaign_versions where campaign_id = ${campaignId} and version = ${version}`.execute(on)
  return rows[0]?.spec
}

interface By {
  readonly account: string | null
  readonly at: Date
}

export async function addCampaign(
  tx: Tx,
  made: {
    readonly corpId: number
    readonly name: string
    readonly spec: CampaignSpec
    readonly template?: boolean
    readonly copiedFrom?: string
  },
  { account, at }: By,
): Promise<string> {
  const id = uuid()
  await sql`
    insert into campaigns (id, corp_id, name, template, copied_from, created_by, created_at, changed_at)
    values (${id}, ${made.corpId}, ${made.name}, ${made.template ?? false}, ${made.copiedFrom ?? null}, ${account}, ${at}, ${at})`.execute(
    tx,
  )
  await addSpec(tx, id, 1, made.spec, { account, at })
  return id
}

/** Another version, of which nothing is agreed yet. */
export async function addCampaignVersion(
  tx: Tx,
  { id, version }: Pick<Campaign, 'id' | 'version'>,
  { name, spec }: Pick<Campaign, 'name' | 'spec'>,
  by: By,
): Promise<void> {
  await addSpec(tx, id, version + 1, spec, by)
  await sql`update campaigns set name = ${name}, version = ${version + 1}, state = 'draft', changed_at = ${by.at}
    where id = ${id}`.execute(tx)
}

async function addSpec(tx: Tx, id: string, version: number, spec: CampaignSpec, { account, at }: By): Promise<void> {
  await sql`insert into campaign_versions (campaign_id, version, spec, changed_by, changed_at)
    values (${id}, ${version}, ${JSON.stringify(spec)}::jsonb, ${account}, ${at})`.execute(tx)
}

export async function turnCampaign(on: Executor, id: string, state: CampaignState, at: Date): Promise<void> {
  await on.updateTable('campaigns').set({ state, changed_at: at }).where('id', '=', id).execute()
}

/** A draft that never went out, with its rehearsals; a run that did go out keeps it by its key. */
export async function deleteCampaign(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('campaign_runs').where('campaign_id', '=', id).where('rehearsal', '=', true).execute()
  await tx.deleteFrom('campaign_approvals').where('campaign_id', '=', id).execute()
  await tx.deleteFrom('campaign_versions').where('campaign_id', '=', id).execute()
  await tx.deleteFrom('campaigns').where('id', '=', id).execute()
}

export interface ListedCampaign extends Campaign {
  readonly author: string | null
  /** When it goes out next. */
  readonly nextAt: Date | null
  readonly run: RunRow | null
}

export interface RunRow {
  readonly id: number
  readonly version: number
  readonly rehearsal: boolean
  readonly state: string
  readonly plannedFor: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly why: string | null
}

const runColumns = sql`r.id, r.version, r.rehearsal, r.state, r.planned_for as "plannedFor", r.started_at as "startedAt",
  r.ended_at as "endedAt", r.why`

export interface CampaignQuery {
  readonly corpId: number
  readonly template: boolean
  readonly state: CampaignState | undefined
  readonly kind: string | undefined
  readonly q: string | undefined
  readonly after: readonly [Date, string] | undefined
  readonly limit: number
  readonly startDue: string
}

/** The campaigns of a corp, the last changed first, each with its latest run. */
export async function listCampaigns(on: Executor, query: CampaignQuery): Promise<readonly ListedCampaign[]> {
  const { rows } = await sql<ListedCampaign & { run: Omit<RunRow, 'plannedFor'> | null; runAt: Date | null }>`
    select ${columns}, a.name as author, d.at as "nextAt", r.planned_for as "runAt",
      case when r.id is not null then json_build_object('id', r.id, 'version', r.version, 'rehearsal', r.rehearsal,
        'state', r.state, 'why', r.why) end as run
    from ${joined} left join accounts a on a.id = c.created_by
    left join due d on d.kind = ${query.startDue} and d.key = c.id::text
    left join lateral (
      select * from campaign_runs r where r.campaign_id = c.id and not r.rehearsal order by r.id desc limit 1) r on true
    where c.corp_id = ${query.corpId} and c.template = ${query.template}
      and (${query.state ?? null}::text is null or c.state = ${query.state ?? null})
      and (${query.kind ?? null}::text is null or v.spec->>'kind' = ${query.kind ?? null})
      and (${query.q ?? null}::text is null or strpos(lower(c.name), lower(${query.q ?? null})) > 0)
      and (${query.after?.[0] ?? null}::timestamptz is null
        or (c.changed_at, c.id) < (${query.after?.[0] ?? null}, ${query.after?.[1] ?? null}::uuid))
    order by c.changed_at desc, c.id desc limit ${query.limit}`.execute(on)
  return rows.map(({ runAt, ...row }) => ({
    ...row,
    run: row.run === null || runAt === null ? null : { ...row.run, plannedFor: runAt, startedAt: null, endedAt: null },
  }))
}

/** The runs and rehearsals of a campaign, the latest first. */
export async function runsOf(on: Executor, campaignId: string, most = 60): Promise<readonly RunRow[]> {
  const { rows } = await sql<RunRow>`
    select ${runColumns} from campaign_runs r where r.campaign_id = ${campaignId} order by r.id desc limit ${most}`.execute(
    on,
  )
  return rows
}

/** Live campaigns of which no run is open and none is scheduled. */
export async function finishedCampaigns(
  on: Executor,
  dueKind: string,
): Promise<readonly Pick<Campaign, 'id' | 'corpId'>[]> {
  const { rows } = await sql<Pick<Campaign, 'id' | 'corpId'>>`
    select c.id, c.corp_id as "corpId" from campaigns c
    where c.state = 'live'
      and not exists (select from due d where d.kind = ${dueKind} and d.key = c.id::text)
      and not exists (select from campaign_runs r where r.campaign_id = c.id and not r.rehearsal
        and (r.state = any(${[...openRunStates]}::text[]) or r.ended_at is null))
    limit 100`.execute(on)
  return rows
}

/** The runs of a campaign that still do something. */
export async function openRunIds(on: Executor, campaignId: string): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from campaign_runs
    where campaign_id = ${campaignId} and not rehearsal and state = any(${[...openRunStates]}::text[]) order by id`.execute(
    on,
  )
  return rows.map((row) => row.id)
}

/** How many runs of a campaign still do something. */
export async function openRuns(on: Executor, campaignId: string): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*)::int as open from campaign_runs
    where campaign_id = ${campaignId} and not rehearsal and state = any(${[...openRunStates]}::text[])`.execute(on)
  return rows[0]?.open ?? 0
}

export async function addRun(
  tx: Tx,
  { id, corpId, version }: Pick<Campaign, 'id' | 'corpId' | 'version'>,
  plannedFor: Date,
  at: Date,
): Promise<number> {
  // who earns what is credited to it stays as it was when the run was made
  const { earnerOrder } = await reachSettings(tx, corpId)
  const row = await tx
    .insertInto('campaign_runs')
    .values({
      ...{ corp_id: corpId, campaign_id: id, version, planned_for: plannedFor, created_at: at },
      earner_order: [...earnerOrder],
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export interface VersionRow {
  readonly version: number
  readonly changedAt: Date
  readonly changedBy: string | null
}

export async function versionsOf(on: Executor, campaignId: string): Promise<readonly VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    select v.version, v.changed_at as "changedAt", a.name as "changedBy"
    from campaign_versions v left join accounts a on a.id = v.changed_by
    where v.campaign_id = ${campaignId} order by v.version desc limit 100`.execute(on)
  return rows
}

/** When a campaign goes out next; null: nothing is scheduled. */
export async function nextStartOf(on: Executor, dueKind: string, id: string): Promise<Date | null> {
  const row = await on
    .selectFrom('due')
    .select('at')
    .where('kind', '=', dueKind)
    .where('key', '=', id)
    .executeTakeFirst()
  return row?.at ?? null
}

export async function accountNames(
  on: Executor,
  ids: readonly (string | null | undefined)[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from accounts where id = any(${ids.filter((id) => typeof id === 'string')}::uuid[])`.execute(on)
  return new Map(rows.map(({ id, name }) => [id, name]))
}
