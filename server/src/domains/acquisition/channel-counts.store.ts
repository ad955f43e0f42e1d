import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import type { StoredEvent } from '../../infra/events/follow.ts'

/** Adds, losses and scans by business day. A business day is the corp's own. */

/**
 * Counts a batch of domain events: by channel, member and day, and by member and day; adds use up the codes that landing
 * pages showed; channels with a limit are looked at again. Set-based.
 *
 * An add that only a sync found (its callback was lost) is an add of the day it was made at the platform. It is counted
 * once: its event has the key of the callback's, so of the two only the first is ever written.
 */
export async function countEvents(tx: Tx, events: readonly StoredEvent[], at: Date): Promise<void> {
  const facts = events.filter((e) => (isAdd(e) || e.kind === 'relation.ended') && e.staffUserid !== null)
  if (facts.length === 0) return
  await sql`
    with fact as (
      select f.corp_id, f.userid, f.added, coalesce(f.channel_id, h.id, case when not f.found then r.channel_id end) as channel_id,
        (f.occurred_at at time zone c.time_zone)::date as day
      from unnest(
        ${facts.map((e) => e.corpId)}::int[], ${facts.map((e) => e.customerId)}::bigint[], ${facts.map((e) => e.staffUserid)}::text[],
        ${facts.map(isAdd)}::bool[], ${facts.map((e) => e.kind === 'relation.found')}::bool[],
        ${facts.map((e) => textOf(e, 'channelId'))}::uuid[],
        ${facts.map((e) => (e.kind === 'relation.found' ? textOf(e, 'state') : null))}::text[],
        ${facts.map((e) => e.occurredAt.toISOString())}::timestamptz[]
      ) as f(corp_id, customer_id, userid, added, found, channel_id, state, occurred_at)
      join corps c on c.id = f.corp_id
      left join channels h on h.corp_id = f.corp_id and h.state = split_part(f.state, '.', 1)
      left join relations r on r.customer_id = f.customer_id and r.corp_id = f.corp_id and r.userid = f.userid
    ), by_channel as (
      insert into channel_days as d (corp_id, channel_id, day, userid, adds, losses)
      select corp_id, channel_id, day, userid, count(*) filter (where added), count(*) filter (where not added)
      from fact where channel_id is not null group by 1, 2, 3, 4 order by 1, 2, 3, 4
      on conflict (corp_id, channel_id, day, userid) do update set adds = d.adds + excluded.adds, losses = d.losses + excluded.losses
    ), by_member as (
      insert into staff_days as d (corp_id, userid, day, adds, losses)
      select corp_id, userid, day, count(*) filter (where added), count(*) filter (where not added)
      from fact group by 1, 2, 3 order by 1, 2, 3
      on conflict (corp_id, userid, day) do update set adds = d.adds + excluded.adds, losses = d.losses + excluded.losses
    ), loads as (
      update staff_loads l set customers = greatest(0, l.customers + n.net)
      from (select corp_id, userid, sum(case when added then 1 else -1 end)::int as net from fact group by 1, 2) n
      where l.corp_id = n.corp_id and l.userid = n.userid
    ), used as (
      update channel_assignments a set used_at = ${at}::timestamptz
      from (
        select o.id, row_number() over (partition by o.channel_id, o.userid order by o.assigned_at) as place, n.adds
        from channel_assignments o
        join (select channel_id, userid, count(*) as adds from fact where added and channel_id is not null group by 1, 2) n
          on n.channel_id = o.channel_id and n.userid = o.userid
        where o.used_at is null and o.expires_at > ${at}::timestamptz
      ) w where a.id = w.id and w.place <= w.adds
    )
    update channels set stale = true where not stale and id in (select channel_id from fact where added)
      and (daily_limit is not null or exists (
        select 1 from channel_members m where m.channel_id = channels.id and m.daily_limit is not null))`.execute(tx)
}

function isAdd(event: StoredEvent): boolean {
  return event.kind === 'relation.added' || event.kind === 'relation.found'
}

function textOf(event: StoredEvent, key: 'channelId' | 'state'): string | null {
  const value = event.payload[key]
  return typeof value === 'string' ? value : null
}

/** Members' customers, counted from the relations: what events have moved since is put right. */
export async function recountLoads(on: Executor, corpId: number, at: Date): Promise<void> {
  await sql`
    insert into staff_loads as l (corp_id, userid, customers, counted_at)
    select ${corpId}, s.userid, coalesce(n.customers, 0), ${at}
    from staff s left join (
      select userid, count(*)::int as customers from relations where corp_id = ${corpId} and status = 'alive' group by userid
    ) n on n.userid = s.userid
    where s.corp_id = ${corpId} order by s.userid
    on conflict (corp_id, userid) do update set customers = excluded.customers, counted_at = excluded.counted_at
      where l.customers <> excluded.customers`.execute(on)
}

export async function countScan(on: Executor, corpId: number, channelId: string, day: string): Promise<void> {
  await sql`
    insert into channel_days as d (corp_id, channel_id, day, userid, scans) values (${corpId}, ${channelId}, ${day}::date, '', 1)
    on conflict (corp_id, channel_id, day, userid) do update set scans = d.scans + 1`.execute(on)
}
