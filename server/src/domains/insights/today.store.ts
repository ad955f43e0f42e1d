import { sql } from 'kysely'
import type { Actor } from '../../infra/auth/actor.ts'
import { staffInScope } from '../../infra/auth/scope.ts'
import type { Executor } from '../../infra/db/database.ts'

export interface Window {
  readonly from: Date
  readonly until: Date
}

export interface DayCounts {
  /** M1 */
  readonly adds: number
  /** M4 */
  readonly losses: number
  /** M5 */
  readonly staffDeleted: number
  /** M3 */
  readonly firstAdds: number
}

/**
 * An add (M1) belongs to the day it was made at the platform, whoever told us of it: its callback, or a sync that found
 * what no callback told. The two carry one key, so the log holds only the first of them.
 */
const isAdd = sql.raw(`e.kind in ('relation.added', 'relation.found')`)

/** Adds and ends of relations within a window, as the event log tells them. */
export async function countRelations(on: Executor, actor: Actor, window: Window): Promise<DayCounts> {
  const { rows } = await sql<DayCounts>`
    with e as materialized (
      select e.customer_id, e.corp_id, e.kind, e.payload from events e
      where e.corp_id = ${actor.corpId} and e.kind in ('relation.added', 'relation.found', 'relation.ended')
        and e.occurred_at >= ${window.from} and e.occurred_at < ${window.until} and ${staffInScope(actor, 'e.staff_userid')}
    )
    select
      count(*) filter (where ${isAdd})::int as adds,
      count(*) filter (where e.kind = 'relation.ended' and e.payload ->> 'by' = 'customer')::int as losses,
      count(*) filter (where e.kind = 'relation.ended' and e.payload ->> 'by' <> 'customer')::int as "staffDeleted",
      count(distinct e.customer_id) filter (where ${isAdd} and not exists (
        select 1 from relations r where r.customer_id = e.customer_id and r.corp_id = e.corp_id and r.first_added_at < ${window.from}
      ))::int as "firstAdds"
    from e`.execute(on)
  return rows[0] ?? { adds: 0, losses: 0, staffDeleted: 0, firstAdds: 0 }
}

/** Customers with at least one living relation, now. */
export async function countAlive(on: Executor, actor: Actor): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct r.customer_id)::int as n from relations r
    where r.corp_id = ${actor.corpId} and r.status = 'alive' and ${staffInScope(actor, 'r.userid')}`.execute(on)
  return rows[0]?.n ?? 0
}

export interface WelcomeCounts {
  readonly withCode: number
  readonly sent: number
  readonly refused: number
  readonly late: number
  readonly unknown: number
  readonly noCode: number
  readonly notSet: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  readonly overLifeShare: number | null
}

/** M14 and M15. A full add after a half one carries no code by design and is not counted as one without. */
export async function countWelcomes(on: Executor, actor: Actor, window: Window): Promise<WelcomeCounts> {
  const { rows } = await sql<WelcomeCounts>`
    with w as (
      select outcome, (stages ->> 'answered')::float8 as ms, exists (
          select 1 from relations r where r.customer_id = s.customer_id and r.corp_id = s.corp_id and r.userid = s.userid
            and r.half_at is not null and r.half_at < s.added_at and s.outcome = 'no_code') as after_half
      from welcome_sends s
      where s.corp_id = ${actor.corpId} and s.added_at >= ${window.from} and s.added_at < ${window.until} and ${staffInScope(actor, 's.userid')}
    )
    select
      count(*) filter (where outcome not in ('no_code', 'none'))::int as "withCode",
      count(*) filter (where outcome = 'sent')::int as sent,
      count(*) filter (where outcome = 'refused')::int as refused,
      count(*) filter (where outcome = 'late')::int as late,
      count(*) filter (where outcome = 'unknown')::int as unknown,
      count(*) filter (where outcome = 'no_code' and not after_half)::int as "noCode",
      count(*) filter (where outcome = 'none')::int as "notSet",
      percentile_cont(0.5) within group (order by ms) filter (where outcome = 'sent') as "p50Ms",
      percentile_cont(0.95) within group (order by ms) filter (where outcome = 'sent') as "p95Ms",
      percentile_cont(0.99) within group (order by ms) filter (where outcome = 'sent') as "p99Ms",
      avg(case when ms > 20000 then 1.0 else 0.0 end) filter (where outcome = 'sent')::float8 as "overLifeShare"
    from w`.execute(on)
  return (
    rows[0] ?? {
      withCode: 0,
      sent: 0,
      refused: 0,
      late: 0,
      unknown: 0,
      noCode: 0,
      notSet: 0,
      p50Ms: null,
      p95Ms: null,
      p99Ms: null,
      overLifeShare: null,
    }
  )
}

export interface HourCounts {
  readonly hour: number
  readonly adds: number
  readonly losses: number
}

export async function countByHour(
  on: Executor,
  actor: Actor,
  window: Window,
  zone: string,
): Promise<readonly HourCounts[]> {
  const { rows } = await sql<HourCounts>`
    select extract(hour from e.occurred_at at time zone ${zone})::int as hour,
      count(*) filter (where ${isAdd})::int as adds,
      count(*) filter (where e.kind = 'relation.ended' and e.payload ->> 'by' = 'customer')::int as losses
    from events e
    where e.corp_id = ${actor.corpId} and e.kind in ('relation.added', 'relation.found', 'relation.ended')
      and e.occurred_at >= ${window.from} and e.occurred_at < ${window.until} and ${staffInScope(actor, 'e.staff_userid')}
    group by 1 order by 1`.execute(on)
  return rows
}

export interface ChannelCounts {
  readonly id: string
  readonly name: string
  readonly adds: number
}

/** The channels that brought the most adds. */
export async function topChannels(
  on: Executor,
  actor: Actor,
  window: Window,
  limit: number,
): Promise<readonly ChannelCounts[]> {
  const { rows } = await sql<ChannelCounts>`
    with e as materialized (
      select e.corp_id, e.kind, e.payload from events e
      where e.corp_id = ${actor.corpId} and ${isAdd}
        and e.occurred_at >= ${window.from} and e.occurred_at < ${window.until} and ${staffInScope(actor, 'e.staff_userid')}
    )
    select c.id, c.name, count(*)::int as adds
    from e join channels c on c.id = coalesce((e.payload ->> 'channelId')::uuid, case when e.kind = 'relation.found' then (
      select h.id from channels h where h.corp_id = e.corp_id and h.state = split_part(e.payload ->> 'state', '.', 1)) end)
    group by c.id, c.name order by adds desc, c.name limit ${limit}`.execute(on)
  return rows
}

export async function countOpenTasks(on: Executor, actor: Actor): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from staff_tasks t where t.corp_id = ${actor.corpId} and t.done_at is null and ${staffInScope(actor, 't.userid')}`.execute(
    on,
  )
  return rows[0]?.n ?? 0
}
