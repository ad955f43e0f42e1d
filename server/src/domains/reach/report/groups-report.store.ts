import { type RawBuilder, sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { containing } from '../campaigns/groups-chosen.store.ts'
import { fateNumber, sendStatus } from '../campaigns/recipient.ts'
import { wokenOf } from './woken.store.ts'

export interface GroupRun {
  readonly id: number
  readonly state: string
  readonly plannedFor: Date
}

/** A run of a campaign, or a rehearsal of one, that is for groups. */
export async function findGroupRun(
  on: Executor,
  corpId: number,
  campaignId: string,
  runId: number,
): Promise<GroupRun | undefined> {
  const { rows } = await sql<GroupRun>`
    select r.id, r.state, r.planned_for as "plannedFor" from campaign_runs r
    where r.corp_id = ${corpId} and r.campaign_id = ${campaignId} and r.id = ${runId}
      and exists (select from campaign_versions v where v.campaign_id = r.campaign_id and v.version = r.version
        and v.spec->>'kind' = 'group_send')`.execute(on)
  return rows[0]
}

export interface GroupSums {
  readonly planned: number
  readonly sent: number
  readonly overCap: number
  readonly held: number
  readonly dropped: number
  readonly tasks: number
  /** Put to owners. */
  readonly asked: number
  readonly confirmed: number
  readonly clicks: number
  readonly clickers: number
  readonly wokenOrders: number
  readonly wokenPersons: number
}

/** What a run came to. */
export async function groupSumsOf(on: Executor, corpId: number, runId: number): Promise<GroupSums> {
  const { rows } = await sql<GroupSums>`
    with ${wokenOf(corpId, [runId])}
    select g.planned, g.sent, g."overCap", g.held, g.dropped, t.tasks, t.asked, t.confirmed,
      (select count(*)::int from link_opens o where o.run_id = ${runId} and o.corp_id = ${corpId}) as clicks,
      (select count(distinct coalesce(c.merged_into, c.id))::int from link_opens o join customers c on c.id = o.customer_id
        where o.run_id = ${runId} and o.corp_id = ${corpId} and o.customer_id <> 0) as clickers,
      (select count(*)::int from woken) as "wokenOrders", (select count(distinct person)::int from woken) as "wokenPersons"
    from (
      select count(*) filter (where fate = ${fateNumber('sent_to')})::int as planned,
        count(*) filter (where fate = ${fateNumber('held')})::int as held,
        count(*) filter (where fate = ${fateNumber('dropped')})::int as dropped,
        count(*) filter (where status = ${sendStatus.sent})::int as sent,
        count(*) filter (where status = ${sendStatus.overCap})::int as "overCap"
      from campaign_groups where run_id = ${runId}
    ) g, (${tapsOf(sql`run_id = ${runId}`)}) t`.execute(on)
  const [sums] = rows
  if (sums === undefined) throw new Error('one row is always answered')
  return sums
}

/** Confirmations of tasks: made, put to owners, and done. */
function tapsOf(which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select count(*)::int as tasks, count(*) filter (where asked_at is not null)::int as asked,
      count(*) filter (where state = 'confirmed')::int as confirmed
    from campaign_tasks where ${which}`
}

export interface GroupLine {
  readonly chatId: string
  readonly name: string
  readonly owner: string
  readonly ownerName: string | null
  readonly customers: number
  readonly fate: number
  readonly reason: string | null
  readonly heldUntil: Date | null
  readonly gaveWayTo: string | null
  readonly task: number | null
  readonly taskState: string | null
  readonly status: number | null
  readonly sentAt: Date | null
  /** Of its task's links; null: its task is for other groups too, so nobody knows from which they came. */
  readonly clicks: number | null
  readonly wokenOrders: number | null
}

export interface LinesAsked {
  readonly after: string
  readonly limit: number
  readonly fate: number | undefined
  /** Part of the group's name, or of its owner's. */
  readonly q: string | undefined
  readonly owner: string | undefined
}

/** A page of a run's groups, by chat_id. */
export async function groupLinesOf(
  on: Executor,
  corpId: number,
  runId: number,
  { after, limit, fate, q, owner }: LinesAsked,
): Promise<readonly GroupLine[]> {
  const { rows } = await sql<GroupLine>`
    with ${wokenOf(corpId, [runId])}, woken_tasks as materialized (select task, count(*)::int as orders from woken group by 1)
    select g.chat_id as "chatId", coalesce(n.name, '') as name, g.owner, s.name as "ownerName", g.customers, g.fate, g.reason,
      g.held_until as "heldUntil",       c.name as "gaveWayTo", g.task, t.state as "taskState", g.status, g.sent_at as "sentAt",
      case when t.recipients = 1 then (
        select count(*)::int from link_opens o where o.run_id = g.run_id and o.task = g.task and o.corp_id = g.corp_id) end as clicks,
      case when t.recipients = 1 then coalesce(w.orders, 0) end as "wokenOrders"
    from campaign_groups g
    left join groups n on n.chat_id = g.chat_id and n.corp_id = g.corp_id
    left join staff s on s.corp_id = g.corp_id and s.userid = g.owner
    left join campaign_tasks t on t.run_id = g.run_id and t.number = g.task
    left join campaigns c on c.id = g.gave_way_to
    left join woken_tasks w on w.task = g.task
    where g.run_id = ${runId} and g.corp_id = ${corpId} and g.chat_id > ${after}
      ${fate === undefined ? sql`` : sql`and g.fate = ${fate}`}
      ${owner === undefined ? sql`` : sql`and g.owner = ${owner}`}
      ${q === undefined ? sql`` : sql`and (n.name ilike ${containing(q)} or s.name ilike ${containing(q)})`}
    order by g.chat_id limit ${limit}`.execute(on)
  return rows
}
