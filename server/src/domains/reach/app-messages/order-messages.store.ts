import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { ownedSince } from '../../customers/index.ts'

/** An order that was paid, as the log of events tells it. */
export interface PaidOrder {
  readonly customerId: number
  readonly orderId: number
  /** The staff id on the product card or link that it came by. */
  readonly seller: string | null
}

export interface Earner {
  readonly orderId: number
  readonly userid: string
  readonly customerName: string | null
}

/**
 * Who earned these orders (M35): the member by whose card or link it came, else the customer's exclusive owner, else the only
 * member who serves him. With several of them or none it is nobody's.
 */
export async function earnersOf(tx: Tx, corpId: number, orders: readonly PaidOrder[]): Promise<readonly Earner[]> {
  if (orders.length === 0) return []
  const { rows } = await sql<Earner>`
    with paid as (
      select p.customer_id, p.order_id, p.seller, coalesce(c.merged_into, c.id) as root
      from unnest(
        ${numberArray(orders.map((one) => one.customerId))}::bigint[], ${numberArray(orders.map((one) => one.orderId))}::bigint[],
        ${textArray(orders.map((one) => one.seller))}::text[]
      ) as p(customer_id, order_id, seller)
      join customers c on c.id = p.customer_id and c.corp_id = ${corpId} and c.erased_at is null
    ), homes as (
      select distinct root, root as home from paid
      union select paid.root, c.id from paid join customers c on c.merged_into = paid.root
    ), serving as (
      select homes.root, coalesce(
        (array_agg(r.userid order by ${ownedSince} desc, r.userid) filter (where ${ownedSince} is not null))[1],
        case when count(distinct r.userid) = 1 then min(r.userid) end) as userid
      from homes join relations r on r.customer_id = homes.home and r.corp_id = ${corpId} and r.status = 'alive'
      group by homes.root
    )
    select paid.order_id as "orderId", s.userid, coalesce(root.name, home.name) as "customerName"
    from paid left join serving on serving.root = paid.root
    join staff s on s.corp_id = ${corpId} and s.userid = coalesce(paid.seller, serving.userid) and s.gone_at is null
    join customers root on root.id = paid.root
    join customers home on home.id = paid.customer_id`.execute(tx)
  return rows
}
