import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import type { MarkKey } from './tag-marks.store.ts'
import { lockCatalogue } from './tags.store.ts'

/** What an applied sync changed, enough to change it back. */
export type SyncChange =
  /** Of a name or an order: who won, and what both sides had before. */
  | {
      readonly do: 'name' | 'position'
      readonly of: 'group' | 'tag'
      readonly id: string
      readonly winner: 'ours' | 'wecom'
      readonly ours: string
      readonly theirs: string
      readonly base: string
    }
  /** Made again at the platform, or let go here. */
  | { readonly do: 'remade'; readonly of: 'group' | 'tag'; readonly id: string }
  | { readonly do: 'let_go'; readonly of: 'group' | 'tag'; readonly id: string }
  | {
      readonly do: 'mark'
      readonly winner: 'ours' | 'wecom'
      readonly customerId: number
      readonly userid: string
      readonly tagId: string
      readonly wanted: boolean
    }

export async function insertChanges(
  tx: Executor,
  corpId: number,
  operationId: string,
  from: number,
  changes: readonly SyncChange[],
): Promise<void> {
  if (changes.length === 0) return
  await sql`insert into tag_sync_changes (operation_id, no, corp_id, customer_id, change)
    select ${operationId}::uuid, ${from} + n.at - 1, ${corpId}::int, n.customer_id, n.change from unnest(
      ${changes.map((one) => ('customerId' in one ? one.customerId : null))}::bigint[], ${changes.map((one) => JSON.stringify(one))}::jsonb[]
    ) with ordinality as n(customer_id, change, at) on conflict do nothing`.execute(tx)
}

export async function countChanges(on: Executor, operationId: string): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from tag_sync_changes where operation_id = ${operationId}`.execute(on)
  return rows[0]?.n ?? 0
}

/** What is not undone yet, the last first. */
export async function changesToUndo(
  on: Executor,
  corpId: number,
  operationId: string,
  limit: number,
): Promise<readonly { readonly no: number; readonly change: SyncChange }[]> {
  const { rows } = await sql<{ no: number; change: SyncChange }>`
    select no, change from tag_sync_changes where operation_id = ${operationId} and corp_id = ${corpId} and undone_at is null
    order by no desc limit ${limit}`.execute(on)
  return rows
}

export async function noteUndone(
  on: Executor,
  operationId: string,
  numbers: readonly number[],
  at: Date,
): Promise<void> {
  await sql`update tag_sync_changes set undone_at = ${at} where operation_id = ${operationId} and no = any(${[...numbers]}::int[])`.execute(
    on,
  )
}

export interface MarkDifference extends MarkKey {
  readonly wanted: boolean
}

/** Differences of marks that a sync is to settle; `tags`: of these only. */
export async function markDifferences(
  on: Executor,
  corpId: number,
  limit: number,
  only?: readonly MarkKey[],
): Promise<readonly MarkDifference[]> {
  const { rows } = await sql<MarkDifference>`
    select customer_id as "customerId", userid, tag_id as "tagId", wanted from tag_differences d where corp_id = ${corpId}
      ${
        only === undefined
          ? sql``
          : sql`and (customer_id, userid, tag_id) in (select * from unnest(
              ${only.map((one) => one.customerId)}::bigint[], ${only.map((one) => one.userid)}::text[], ${only.map((one) => one.tagId)}::text[]))`
      }
    order by customer_id, userid, tag_id limit ${limit}`.execute(on)
  return rows
}

/** What was agreed is taken back, so that our wish counts as not yet told. */
export async function disagree(tx: Tx, corpId: number, keys: readonly MarkKey[]): Promise<void> {
  await sql`delete from tag_marks m using unnest(
      ${keys.map((one) => one.customerId)}::bigint[], ${keys.map((one) => one.userid)}::text[], ${keys.map((one) => one.tagId)}::text[]
    ) as n(customer_id, userid, tag_id)
    where m.customer_id = n.customer_id and m.corp_id = ${corpId} and m.userid = n.userid and m.tag_id = n.tag_id`.execute(
    tx,
  )
}

/** Words that a sync took over from the platform are taken back. */
export async function forgetWords(tx: Tx, corpId: number, keys: readonly MarkKey[]): Promise<void> {
  await sql`delete from tag_facts f using unnest(
      ${keys.map((one) => one.customerId)}::bigint[], ${keys.map((one) => one.userid)}::text[], ${keys.map((one) => one.tagId)}::text[]
    ) as n(customer_id, userid, tag_id)
    where f.customer_id = n.customer_id and f.corp_id = ${corpId} and f.source = 'wecom' and f.reference = n.userid and f.tag_id = n.tag_id`.execute(
    tx,
  )
}

const standing = sql`t.removed_at is null and t.platform_id is not null and t.moving is null`

/** Queues everybody whose relations do not show what was agreed, or lack what they should have. Set-based, over all. */
export async function queueMismatches(tx: Executor, corpId: number, at: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into tag_todos as t (customer_id, corp_id, next_at)
    select distinct customer_id, ${corpId}::int, ${at}::timestamptz from (
      select m.customer_id from tag_marks m join tags t on t.corp_id = m.corp_id and t.id = m.tag_id and ${standing}
        join relations r on r.customer_id = m.customer_id and r.corp_id = m.corp_id and r.userid = m.userid and r.status = 'alive'
        where m.corp_id = ${corpId} and m.present <> (r.tag_ids @> array[t.platform_id])
      union all
      select r.customer_id from person_tags p join tags t on t.corp_id = p.corp_id and t.id = p.tag_id and ${standing}
        join relations r on r.customer_id = p.customer_id and r.corp_id = p.corp_id and r.status = 'alive'
        where p.corp_id = ${corpId} and not r.tag_ids @> array[t.platform_id]
      union all
      select r.customer_id from customers c join person_tags p on p.customer_id = c.merged_into and p.corp_id = c.corp_id
        join tags t on t.corp_id = p.corp_id and t.id = p.tag_id and ${standing}
        join relations r on r.customer_id = c.id and r.corp_id = p.corp_id and r.status = 'alive'
        where c.corp_id = ${corpId} and c.merged_into is not null and not r.tag_ids @> array[t.platform_id]
    ) as found
    on conflict (customer_id) do update set revision = t.revision + 1, next_at = least(t.next_at, excluded.next_at)`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0)
}

export interface Found {
  readonly catalogue: number
  readonly marks: number
  readonly waiting: number
  readonly refused: number
}

export async function standingOf(
  on: Executor,
  corpId: number,
): Promise<{ checkedAt: Date | null; found: Found | null }> {
  const { rows } = await sql<{ checkedAt: Date | null; found: Found | null }>`
    select checked_at as "checkedAt", found from tag_standings where corp_id = ${corpId}`.execute(on)
  return rows[0] ?? { checkedAt: null, found: null }
}

export async function noteChecked(on: Executor, corpId: number, found: Found, at: Date): Promise<void> {
  await sql`insert into tag_standings (corp_id, checked_at, found) values (${corpId}, ${at}, ${JSON.stringify(found)}::jsonb)
    on conflict (corp_id) do update set checked_at = excluded.checked_at, found = excluded.found`.execute(on)
}

export async function countMarks(on: Executor, corpId: number): Promise<Omit<Found, 'catalogue'>> {
  const { rows } = await sql<Omit<Found, 'catalogue'>>`
    select (select count(*)::int from tag_differences where corp_id = ${corpId}) as marks,
      (select count(*)::int from tag_calls where corp_id = ${corpId} and not refused) as waiting,
      (select count(*)::int from tag_calls where corp_id = ${corpId} and refused) as refused`.execute(on)
  return rows[0] ?? { marks: 0, waiting: 0, refused: 0 }
}

/** Counting reads every card: beyond so many only the nightly check does it. */
const countedAtOnce = 200_000

export async function mayCountNow(on: Executor): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    select greatest(reltuples, 0)::float8 as n from pg_class where oid = 'customer_cards'::regclass`.execute(on)
  return (rows[0]?.n ?? 0) <= countedAtOnce
}

/** Counts of persons by tag, anew: those whom the platform's tags are on, and those who have tags by our facts. */
export async function recount(tx: Tx, corpId: number, at: Date): Promise<void> {
  await lockCatalogue(tx, corpId)
  await sql`delete from tag_counts where corp_id = ${corpId}`.execute(tx)
  await sql`
    insert into tag_counts (corp_id, tag_id, customers)
    select ${corpId}::int, tag_id, count(*)::int from (
      select t.id as tag_id, k.customer_id from customer_cards k cross join unnest(k.tag_ids) as shown(id)
        join tags t on t.corp_id = k.corp_id and t.platform_id = shown.id where k.corp_id = ${corpId} and t.removed_at is null
      union select tag_id, customer_id from person_tags where corp_id = ${corpId}
    ) as had group by tag_id`.execute(tx)
  await sql`insert into tag_standings (corp_id, counted_at) values (${corpId}, ${at})
    on conflict (corp_id) do update set counted_at = excluded.counted_at`.execute(tx)
}

export async function countsOf(
  on: Executor,
  corpId: number,
): Promise<{ readonly countedAt: Date | null; readonly customers: ReadonlyMap<string, number> }> {
  const { rows: standing } = await sql<{
    at: Date | null
  }>`select counted_at as at from tag_standings where corp_id = ${corpId}`.execute(on)
  const { rows } = await sql<{
    tag_id: string
    customers: number
  }>`select tag_id, customers from tag_counts where corp_id = ${corpId}`.execute(on)
  return { countedAt: standing[0]?.at ?? null, customers: new Map(rows.map((row) => [row.tag_id, row.customers])) }
}
