import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { fateNumber, sendStatus } from '../campaigns/recipient.ts'

/** So long after a click an order counts as woken, and so long before it there was none (SC5). */
export const woken = { afterHours: 24, quietDays: 7 } as const

export interface GroupRun {
  readonly id: number
  readonly state: string
  readonly plannedFor: Date
}

/** Runs of a campaign that went to groups, the latest first. */
export async function groupRunsOf(on: Executor, corpId: number, campaignId: string): Promise<readonly GroupRun[]> {
  const { rows } = await sql<GroupRun>`
    select r.id, r.state, r.planned_for as "plannedFor" from campaign_runs r
    where r.corp_id = ${corpId} and r.campaign_id = ${campaignId} and not r.rehearsal
      and exists (select from campaign_groups g where g.run_id = r.id)
    order by r.id desc limit 100`.execute(on)
  return rows
}

export interface GroupSums {
  readonly planned: number
  readonly sent: number
  readonly overCap: number
  readonly tasks: number
  readonly confirmed: number
  readonly clicks: number
  readonly clickers: number
  readonly wokenOrders: number
  readonly wokenPersons: number
}

/**
 * What a run came to. Woken orders are those paid within 24 hours of a click by persons who clicked and had paid none in the
 * 7 days before their first click; a person is counted by all of his homes, and an order once however often he clicked.
 */
export async function groupSumsOf(on: Executor, corpId: number, runId: number): Promise<GroupSums> {
  const { rows } = await sql<GroupSums>`
    with clicks as materialized (
      select o.at, o.task, o.customer_id from link_opens o where o.run_id = ${runId} and o.corp_id = ${corpId}
    ), clickers as materialized (
      select coalesce(c.merged_into, c.id) as person, min(o.at) as first_at, array_agg(o.at) as moments
      from clicks o join customers c on c.id = o.customer_id where o.customer_id <> 0 group by 1
    ), homes as materialized (
      select k.*, h.id as home from clickers k join customers h on h.corp_id = ${corpId} and (h.id = k.person or h.merged_into = k.person)
    ), busy as materialized (
      select distinct h.person from homes h join orders o on o.customer_id = h.home and o.corp_id = ${corpId}
      where o.paid_at >= h.first_at - make_interval(days => ${woken.quietDays}) and o.paid_at < h.first_at
    ), woken as materialized (
      select h.person, o.id from homes h join orders o on o.customer_id = h.home and o.corp_id = ${corpId}
      where o.paid_at is not null and h.person not in (select person from busy)
        and exists (select from unnest(h.moments) as at
          where o.paid_at >= at and o.paid_at < at + make_interval(hours => ${woken.afterHours}))
    )
    select g.planned, g.sent, g."overCap", t.tasks, t.confirmed,
      (select count(*)::int from clicks) as clicks, (select count(*)::int from clickers) as clickers,
      (select count(distinct id)::int from woken) as "wokenOrders", (select count(distinct person)::int from woken) as "wokenPersons"
    from (
      select count(*) filter (where fate = ${fateNumber('sent_to')})::int as planned,
        count(*) filter (where status = ${sendStatus.sent})::int as sent,
        count(*) filter (where status = ${sendStatus.overCap})::int as "overCap"
      from campaign_groups where run_id = ${runId}
    ) g, (
      select count(*)::int as tasks, count(*) filter (where state = 'confirmed')::int as confirmed
      from campaign_tasks where run_id = ${runId}
    ) t`.execute(on)
  const [sums] = rows
  if (sums === undefined) throw new Error('one row is always answered')
  return sums
}

export interface GroupLine {
  readonly chatId: string
  readonly name: string
  readonly owner: string
  readonly ownerName: string | null
  readonly customers: number
  readonly fate: number
  readonly reason: string | null
  readonly task: number | null
  readonly status: number | null
  readonly sentAt: Date | null
  /** Of its task's links; null: its task is for other groups too, so nobody knows from which they came. */
  readonly clicks: number | null
}

/** A page of a run's groups, by chat_id. */
export async function groupLinesOf(
  on: Executor,
  corpId: number,
  runId: number,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly GroupLine[]> {
  const { rows } = await sql<GroupLine>`
    select g.chat_id as "chatId", coalesce(n.name, '') as name, g.owner, s.name as "ownerName", g.customers, g.fate, g.reason,
      g.task, g.status, g.sent_at as "sentAt",
      case when t.recipients = 1 then (select count(*)::int from link_opens o where o.run_id = g.run_id and o.task = g.task) end as clicks
    from campaign_groups g
    left join groups n on n.chat_id = g.chat_id and n.corp_id = g.corp_id
    left join staff s on s.corp_id = g.corp_id and s.userid = g.owner
    left join campaign_tasks t on t.run_id = g.run_id and t.number = g.task
    where g.run_id = ${runId} and g.corp_id = ${corpId} and g.chat_id > ${after}
    order by g.chat_id limit ${limit}`.execute(on)
  return rows
}
