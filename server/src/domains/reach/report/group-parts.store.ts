import { type RawBuilder, sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { containing } from '../campaigns/groups-chosen.store.ts'
import { wokenOf } from './woken.store.ts'

export const partKinds = ['owner', 'store', 'hour'] as const
export type PartKind = (typeof partKinds)[number]

/** What a part of a send to groups came to. */
export interface GroupPart {
  readonly key: string
  readonly name: string | null
  readonly groups: number
  readonly tasks: number
  readonly asked: number
  readonly confirmed: number
  /** Minutes from the asking to the confirmation, of half of those that were confirmed. */
  readonly minutes: number | null
  readonly sent: number
  readonly clicks: number
  readonly wokenOrders: number
  readonly wokenPersons: number
}

const figures = sql`
  sum(t.recipients)::int as groups, count(*)::int as tasks, count(t.asked_at)::int as asked,
  count(*) filter (where t.state = 'confirmed')::int as confirmed,
  (percentile_cont(0.5) within group (order by extract(epoch from t.confirmed_at - t.asked_at) / 60)
    filter (where t.confirmed_at is not null))::int as minutes,
  sum(t.sent)::int as sent, coalesce(sum(c.clicks), 0)::int as clicks, coalesce(sum(w.orders), 0)::int as "wokenOrders"`

/** Every task of these runs with its clicks and what it woke. */
const tasksOf = (corpId: number, runIds: readonly number[]): RawBuilder<unknown> => sql`
  campaign_tasks t
  left join (select run_id, task, count(*) as clicks from link_opens
    where run_id = any(${numberArray(runIds)}::int[]) and corp_id = ${corpId} group by 1, 2) c on c.run_id = t.run_id and c.task = t.number
  left join (select run_id, task, count(*) as orders from woken group by 1, 2) w on w.run_id = t.run_id and w.task = t.number`

interface PartsAsked {
  readonly corpId: number
  readonly runId: number
  readonly by: PartKind
  readonly zone: string
  readonly q: string | undefined
  readonly after: string | undefined
  readonly limit: number
}

/** A page of the parts of a run, by key: owners, the stores in which they stand, or the hours at which they were asked. */
export async function groupPartsOf(
  on: Executor,
  { corpId, runId, by, zone, q, after, limit }: PartsAsked,
): Promise<readonly GroupPart[]> {
  const [key, name] = {
    owner: [sql`t.sender`, sql`s.name`],
    store: [sql`coalesce(s.store_id::text, '')`, sql`st.name`],
    hour: [sql`to_char(t.asked_at at time zone ${zone}, 'HH24')`, sql`null::text`],
  }[by]
  const { rows } = await sql<GroupPart>`
    with ${wokenOf(corpId, [runId])}, parted as materialized (
      select t.run_id, t.number, ${key} as key, ${name} as name
      from campaign_tasks t left join staff s on s.corp_id = t.corp_id and s.userid = t.sender left join stores st on st.id = s.store_id
      where t.run_id = ${runId} and t.corp_id = ${corpId} ${by === 'hour' ? sql`and t.asked_at is not null` : sql``}
    ), persons_of as materialized (
      select p.key, count(distinct w.person)::int as persons from woken w join parted p on p.run_id = w.run_id and p.number = w.task group by 1
    )
    select p.key, max(p.name) as name, ${figures}, coalesce(max(x.persons), 0)::int as "wokenPersons"
    from parted p join ${tasksOf(corpId, [runId])} on t.run_id = p.run_id and t.number = p.number left join persons_of x on x.key = p.key
    where true ${after === undefined ? sql`` : sql`and p.key > ${after}`}
      ${q === undefined ? sql`` : sql`and (p.name ilike ${containing(q)} or p.key ilike ${containing(q)})`}
    group by p.key order by p.key limit ${limit}`.execute(on)
  return rows
}

export interface Slot extends Omit<GroupPart, 'key' | 'name'> {
  /** Minute of the day at which runs of it are planned. */
  readonly minute: number
  readonly runs: number
}

/** What sends to groups came to by the time of the day for which they were planned: of one campaign, or of all. */
export async function slotsOf(
  on: Executor,
  corpId: number,
  runs: readonly number[],
  zone: string,
): Promise<readonly Slot[]> {
  const { rows } = await sql<Slot>`
    with ${wokenOf(corpId, runs)}, parted as materialized (
      select id as run_id, (extract(hour from planned_for at time zone ${zone}) * 60
        + extract(minute from planned_for at time zone ${zone}))::int as minute
      from campaign_runs where id = any(${numberArray(runs)}::int[]) and corp_id = ${corpId}
    ), persons_of as materialized (
      select p.minute, count(distinct w.person)::int as persons from woken w join parted p on p.run_id = w.run_id group by 1
    )
    select p.minute, count(distinct p.run_id)::int as runs, ${figures}, coalesce(max(x.persons), 0)::int as "wokenPersons"
    from parted p join ${tasksOf(corpId, runs)} on t.run_id = p.run_id left join persons_of x on x.minute = p.minute
    group by p.minute order by p.minute`.execute(on)
  return rows
}

/** Runs that went to groups since a moment, the latest first: of one campaign, or of all. */
export async function groupRunsSince(
  on: Executor,
  corpId: number,
  { campaign, since, most }: { readonly campaign: string | undefined; readonly since: Date; readonly most: number },
): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select r.id from campaign_runs r
    where r.corp_id = ${corpId} and not r.rehearsal and r.planned_for >= ${since}
      ${campaign === undefined ? sql`` : sql`and r.campaign_id = ${campaign}`}
      and exists (select from campaign_groups g where g.run_id = r.id and g.fate = 0)
    order by r.planned_for desc, r.id desc limit ${most}`.execute(on)
  return rows.map((row) => row.id)
}
