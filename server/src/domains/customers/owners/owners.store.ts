import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Standing } from './owners.ts'

/**
 * Since when the relation `r` is its customer's exclusive one (专属); null: it is not. It ends with the relation: who is
 * added anew is owned anew only when somebody says so again.
 */
export const ownedSince: RawBuilder<Date | null> = sql`case when r.status = 'alive' and r.owned_at >= r.added_at then r.owned_at end`

/**
 * In what order members are asked to send to a customer: his exclusive owner, who last chatted, who added him last. Over a
 * living relation with `owned_at` by `ownedSince`.
 */
export const senderOrder = sql`owned_at desc nulls last, chatted_at desc nulls last, added_at desc, userid`

/** What stands between these persons and members, by every home; the homes are not erased. */
export async function standingOf(
  on: Executor,
  corpId: number,
  homes: readonly { readonly home: number; readonly root: number }[],
): Promise<readonly Standing[]> {
  if (homes.length === 0) return []
  const { rows } = await sql<Standing>`
    select r.customer_id as home, h.root, r.userid, r.status = 'alive' as alive, ${ownedSince} as "ownedAt"
    from unnest(${numberArray(homes.map((one) => one.home))}::bigint[], ${numberArray(homes.map((one) => one.root))}::bigint[]) as h(home, root)
    join relations r on r.customer_id = h.home and r.corp_id = ${corpId}
    order by h.root, r.customer_id, r.userid`.execute(on)
  return rows
}

/** Nobody else is the owner of these persons' homes, and of each the member named is: one home a person. */
export async function writeOwners(
  tx: Tx,
  corpId: number,
  homes: readonly number[],
  owners: readonly { readonly home: number; readonly userid: string }[],
  at: Date,
): Promise<void> {
  if (homes.length === 0) return
  await sql`
    update relations r set owned_at = n.at
    from (
      select o.customer_id, o.userid,
        case when named.userid is not null then ${at}::timestamptz end as at
      from relations o
      left join unnest(${numberArray(owners.map((one) => one.home))}::bigint[], ${textArray(owners.map((one) => one.userid))}::text[])
        as named(home, userid) on named.home = o.customer_id and named.userid = o.userid
      where o.customer_id = any(${numberArray(homes)}::bigint[]) and o.corp_id = ${corpId}
        and (o.owned_at is not null or named.userid is not null)
      order by o.customer_id, o.userid for update of o
    ) n
    where r.customer_id = n.customer_id and r.corp_id = ${corpId} and r.userid = n.userid`.execute(tx)
}

/**
 * Notes when members and customers last chatted; the later word wins, in whatever order they come. Answers by customer and
 * member whether it was later than what is known; who is no contact of his is not among the answers.
 */
export async function writeChats(
  tx: Tx,
  corpId: number,
  chats: readonly { readonly customerId: number; readonly userid: string; readonly at: Date }[],
): Promise<ReadonlyMap<string, boolean>> {
  if (chats.length === 0) return new Map()
  const { rows } = await sql<{ key: string; later: boolean }>`
    with told as (
      select customer_id, userid, max(at) as at from unnest(
        ${numberArray(chats.map((one) => one.customerId))}::bigint[], ${textArray(chats.map((one) => one.userid))}::text[],
        ${textArray(chats.map((one) => one.at.toISOString()))}::timestamptz[]) as said(customer_id, userid, at)
      group by 1, 2
    ), known as materialized (
      select r.customer_id, r.userid, t.at, coalesce(r.chatted_at < t.at, true) as later
      from told t join relations r on r.customer_id = t.customer_id and r.corp_id = ${corpId} and r.userid = t.userid
      order by r.customer_id, r.userid for update of r
    ), written as (
      update relations r set chatted_at = known.at from known
      where known.later and r.customer_id = known.customer_id and r.corp_id = ${corpId} and r.userid = known.userid
    )
    select customer_id || ' ' || userid as key, later from known`.execute(tx)
  return new Map(rows.map((row) => [row.key, row.later]))
}

/** Whether an archive or another system ever told who chatted: pages say so where none did. */
export async function chatsAreTold(on: Executor, corpId: number): Promise<boolean> {
  const { rows } = await sql<{ told: boolean }>`
    select exists (select from api_keys where corp_id = ${corpId} and revoked_at is null and 'chats.write' = any(scopes)) as told`.execute(
    on,
  )
  return rows[0]?.told ?? false
}

export interface SenderRow {
  readonly userid: string
  readonly name: string
  readonly ownedAt: Date | null
  readonly chattedAt: Date | null
  readonly addedAt: Date | null
  readonly gone: boolean
  /** Whether he is within what the asker may see. */
  readonly seen: boolean
  /** Of the leave that he has now. */
  readonly awayUntil: Date | null
}

/** Who can send to a person, in the order in which they are asked; those who left last. */
export async function sendersOf(
  on: Executor,
  actor: Actor,
  homes: readonly number[],
  at: Date,
): Promise<readonly SenderRow[]> {
  const { corpId } = actor
  const { rows } = await sql<SenderRow>`
    select userid, name, gone, seen, owned_at as "ownedAt", chatted_at as "chattedAt", added_at as "addedAt", away_until as "awayUntil"
    from (
      select distinct on (r.userid) r.userid, coalesce(nullif(s.name, ''), r.userid) as name,
        s.userid is null or s.gone_at is not null or not s.follows or coalesce(s.status, 1) <> 1 as gone,
        ${staffInScope(actor, 'r.userid')} as seen, ${ownedSince} as owned_at, r.chatted_at, r.added_at,
        (select max(l.until_at) from staff_leaves l
          where l.corp_id = s.corp_id and l.userid = s.userid and l.from_at <= ${at} and l.until_at > ${at}) as away_until
      from relations r left join staff s on s.corp_id = r.corp_id and s.userid = r.userid
      where r.customer_id = any(${numberArray(homes)}::bigint[]) and r.corp_id = ${corpId} and r.status = 'alive'
      order by r.userid, owned_at desc nulls last, r.chatted_at desc nulls last, r.added_at desc
    ) each order by gone, ${senderOrder}`.execute(on)
  return rows
}

/** The members among these who are there, and whom the actor may see. */
export async function presentAmong(
  on: Executor,
  actor: Actor,
  userids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ userid: string }>`
    select s.userid from staff s where s.corp_id = ${actor.corpId} and s.gone_at is null and ${staffInScope(actor, 's.userid')}
      and s.userid = any(${textArray([...new Set(userids)])}::text[])`.execute(on)
  return new Set(rows.map((row) => row.userid))
}

/** The homes of these customers at the platform. */
export async function homesByExternalId(
  on: Executor,
  corpId: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ value: string; id: number }>`
    select value, customer_id as id from identities
    where corp_id = ${corpId} and kind = 'external_userid' and value = any(${textArray([...new Set(ids)])}::text[])`.execute(
    on,
  )
  return new Map(rows.map((row) => [row.value, row.id]))
}

/** Persons of a table of members (customer_id), in the order of their numbers. */
export async function nextMembers(
  on: Executor,
  table: string,
  after: number,
  limit: number,
): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select customer_id as id from ${sql.table(table)} where customer_id > ${after} order by customer_id limit ${limit}`.execute(
    on,
  )
  return rows.map((row) => row.id)
}

export async function indexMembers(on: Executor, table: string): Promise<number> {
  await sql`create index on ${sql.table(table)} (customer_id)`.execute(on)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(on)
  return rows[0]?.n ?? 0
}

export async function dropMembers(on: Executor, table: string): Promise<void> {
  await sql`drop table if exists ${sql.table(table)}`.execute(on)
  await sql`drop table if exists ${sql.table(`${table}_bits`)}`.execute(on)
}
