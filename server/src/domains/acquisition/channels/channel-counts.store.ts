import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { StoredEvent } from '../../../infra/events/follow.ts'

/** Adds, losses, scans and whom codes brought, by business day. A business day is the corp's own. */

/**
 * Counts a batch of domain events: by channel, member and day, and by member and day; adds use up the codes that landing
 * pages showed; channels with a limit are looked at again. Set-based.
 *
 * An add that only a sync found (its callback was lost) is an add of the day it was made at the platform. It is counted
 * once: its event has the key of the callback's, so of the two only the first is ever written.
 *
 * Adds, losses and customers count full adds only. A limit of a day asks another thing: how many people the code brought
 * (`brought`). The scan brought someone when he half added, however long the member lets him wait, or a code at its limit
 * would go on bringing people whom nobody has accepted yet. So a half add counts on its own day, and the full add that
 * completes it does not count again, on that day or a later one. Of the two, whichever the log has first is counted; a
 * half add that the member never accepts stays counted. After an end (either side deleted) an add is a new one.
 */
export async function countEvents(tx: Tx, events: readonly StoredEvent[], at: Date): Promise<void> {
  const facts = events.filter((e) => (isBrought(e) || e.kind === 'relation.ended') && e.staffUserid !== null)
  if (facts.length === 0) return
  const brought = await broughtBefore(tx, facts)
  await sql`
    with told as (
      select f.*, coalesce(f.channel_id, h.id, case when not f.found then r.channel_id end) as by_channel_id,
        (f.occurred_at at time zone c.time_zone)::date as day, r.half_at, r.added_at, r.ended_at
      from unnest(
        ${facts.map((e) => e.corpId)}::int[], ${facts.map((e) => e.customerId)}::bigint[], ${facts.map((e) => e.staffUserid)}::text[],
        ${facts.map(isAdd)}::bool[], ${facts.map((e) => e.kind === 'relation.half_added')}::bool[],
        ${facts.map((e) => e.kind === 'relation.found')}::bool[],
        ${facts.map((e) => textOf(e, 'channelId'))}::uuid[],
        ${facts.map((e) => (e.kind === 'relation.found' ? textOf(e, 'state') : null))}::text[],
        ${facts.map((e) => e.occurredAt.toISOString())}::timestamptz[],
        ${facts.map((e) => brought.has(e.id))}::bool[]
      ) as f(corp_id, customer_id, userid, added, half, found, channel_id, state, occurred_at, after)
      join corps c on c.id = f.corp_id
      left join channels h on h.corp_id = f.corp_id and h.state = split_part(f.state, '.', 1)
      left join relations r on r.customer_id = f.customer_id and r.corp_id = f.corp_id and r.userid = f.userid
    ), fact as (
      select corp_id, userid, added, not added and not half as ended, by_channel_id as channel_id, day,
        case
          when added then half_at is null or half_at > occurred_at or (ended_at >= half_at and ended_at < occurred_at)
            or not told.after
          when half then added_at is null or added_at < occurred_at or (ended_at >= occurred_at and ended_at < added_at)
            or not told.after
          else false
        end as brought
      from told
    ), by_channel as (
      insert into channel_days as d (corp_id, channel_id, day, userid, adds, losses, brought)
      select corp_id, channel_id, day, userid, count(*) filter (where added), count(*) filter (where ended), count(*) filter (where brought)
      from fact where channel_id is not null group by 1, 2, 3, 4 order by 1, 2, 3, 4
      on conflict (corp_id, channel_id, day, userid) do update
        set adds = d.adds + excluded.adds, losses = d.losses + excluded.losses, brought = d.brought + excluded.brought
    ), by_member as (
      insert into staff_days as d (corp_id, userid, day, adds, losses)
      select corp_id, userid, day, count(*) filter (where added), count(*) filter (where ended)
      from fact where added or ended group by 1, 2, 3 order by 1, 2, 3
      on conflict (corp_id, userid, day) do update set adds = d.adds + excluded.adds, losses = d.losses + excluded.losses
    ), loads as (
      update staff_loads l set customers = greatest(0, l.customers + n.net)
      from (select corp_id, userid, sum(case when added then 1 else -1 end)::int as net from fact where added or ended group by 1, 2) n
      where l.corp_id = n.corp_id and l.userid = n.userid
    ), used as (
      update channel_assignments a set used_at = ${at}::timestamptz
      from (
        select o.id, row_number() over (partition by o.channel_id, o.userid order by o.assigned_at) as place, n.brought
        from channel_assignments o
        join (select channel_id, userid, count(*) as brought from fact where brought and channel_id is not null group by 1, 2) n
          on n.channel_id = o.channel_id and n.userid = o.userid
        where o.used_at is null and o.expires_at > ${at}::timestamptz
      ) w where a.id = w.id and w.place <= w.brought
    )
    update channels set stale = true where not stale and id in (select channel_id from fact where brought)
      and (daily_limit is not null or exists (
        select 1 from channel_members m where m.channel_id = channels.id and m.daily_limit is not null))`.execute(tx)
}

function isAdd(event: StoredEvent): boolean {
  return event.kind === 'relation.added' || event.kind === 'relation.found'
}

function isBrought(event: StoredEvent): boolean {
  return isAdd(event) || event.kind === 'relation.half_added'
}

function textOf(event: StoredEvent, key: 'channelId' | 'state'): string | null {
  const value = event.payload[key]
  return typeof value === 'string' ? value : null
}

/** Those of these adds, half or full, whose other half was told of before: the customer had been brought by that. */
async function broughtBefore(tx: Tx, facts: readonly StoredEvent[]): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ id: number }>`
    with told as materialized (
      select f.*, case when f.half then r.added_at else r.half_at end as other_at,
        case when f.half then array['relation.added', 'relation.found'] else array['relation.half_added'] end as other_kinds
      from unnest(
        ${facts.map((e) => e.corpId)}::int[], ${facts.map((e) => e.customerId)}::bigint[], ${facts.map((e) => e.staffUserid)}::text[],
        ${facts.map((e) => e.kind === 'relation.half_added')}::bool[], ${facts.map((e) => e.txid)}::xid8[], ${facts.map((e) => e.id)}::bigint[]
      ) as f(corp_id, customer_id, userid, half, txid, id)
      join relations r on r.customer_id = f.customer_id and r.corp_id = f.corp_id and r.userid = f.userid
    )
    select t.id from told t join events e on e.customer_id = t.customer_id and e.corp_id = t.corp_id
      and e.occurred_at = t.other_at and e.kind = any(t.other_kinds) and e.staff_userid = t.userid
    where (e.txid, e.id) < (t.txid, t.id)`.execute(tx)
  return new Set(rows.map((row) => row.id))
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
