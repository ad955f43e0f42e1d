import { type RawBuilder, sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'

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

/** Who is to own whom: of a customer by any of his homes. */
export interface Owning {
  readonly customerId: number
  readonly userid: string
}

export interface OwnedRelation {
  readonly home: number
  readonly root: number
  readonly userid: string
  readonly alive: boolean
  readonly ownedAt: Date | null
}

/** What stands between each of these customers and these members, by every home of his. */
export async function relationsToOwn(
  on: Executor,
  corpId: number,
  customers: readonly number[],
): Promise<readonly OwnedRelation[]> {
  if (customers.length === 0) return []
  const { rows } = await sql<OwnedRelation>`
    with roots as (
      select distinct coalesce(merged_into, id) as root from customers
      where id = any(${numberArray([...new Set(customers)])}::bigint[]) and corp_id = ${corpId} and erased_at is null
    ), homes as (
      select root as home, root from roots union all
      select c.id, roots.root from roots join customers c on c.merged_into = roots.root
    )
    select h.home, h.root, r.userid, r.status = 'alive' as alive, ${ownedSince} as "ownedAt"
    from homes h join relations r on r.customer_id = h.home and r.corp_id = ${corpId}
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

/** Notes when members and customers last chatted; the later word wins, in whatever order they come. Answers whose was later. */
export async function writeChats(
  tx: Tx,
  corpId: number,
  chats: readonly { readonly customerId: number; readonly userid: string; readonly at: Date }[],
): Promise<ReadonlySet<string>> {
  if (chats.length === 0) return new Set()
  const { rows } = await sql<{ key: string }>`
    update relations r set chatted_at = n.at
    from (
      select customer_id, userid, max(at) as at from unnest(
        ${numberArray(chats.map((one) => one.customerId))}::bigint[], ${textArray(chats.map((one) => one.userid))}::text[],
        ${textArray(chats.map((one) => one.at.toISOString()))}::timestamptz[]) as told(customer_id, userid, at)
      group by 1, 2
    ) n
    where r.customer_id = n.customer_id and r.corp_id = ${corpId} and r.userid = n.userid
      and (r.chatted_at is null or r.chatted_at < n.at)
    returning r.customer_id || ' ' || r.userid as key`.execute(tx)
  return new Set(rows.map((row) => row.key))
}

/** Whether an archive or another system ever told who chatted: pages say so where none did. */
export async function chatsAreTold(on: Executor, corpId: number): Promise<boolean> {
  const { rows } = await sql<{ told: boolean }>`
    select exists (select from api_keys where corp_id = ${corpId} and revoked_at is null and 'chats.write' = any(scopes)) as told`.execute(
    on,
  )
  return rows[0]?.told ?? false
}
