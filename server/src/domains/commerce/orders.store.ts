import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import { byShard } from '../../infra/db/shards.ts'
import type { Order, OrderState } from './orders.ts'
import { Overtaken } from './overtaken.ts'
import { keyOf, type Named, type Version } from './versions.ts'

export interface KnownOrder extends Named, Version {
  readonly id: number
  readonly home: number
}

/** An order with the home of whom its latest version names. */
export interface PlacedOrder {
  readonly order: Order
  readonly id: number
  readonly home: number
}

/** What is known of these numbers, by `keyOf`. */
export async function knownOrders(
  on: Executor,
  corpId: number,
  named: readonly Named[],
): Promise<ReadonlyMap<string, KnownOrder>> {
  if (named.length === 0) return new Map()
  const { rows } = await keysOf(corpId, named).execute(on)
  return new Map(rows.map((row) => [keyOf(row), row]))
}

/** The same, held until the end of the transaction; always in one order, so that two batches cannot hold each other. */
export async function lockOrders(
  tx: Tx,
  corpId: number,
  named: readonly Named[],
): Promise<ReadonlyMap<string, KnownOrder>> {
  const known = new Map<string, KnownOrder>()
  for (const part of await byShard(tx, 'order_keys', [...new Set(named.map(({ number }) => number))])) {
    const { rows } = await sql<KnownOrder>`
      ${keysOf(corpId, named)} where ${part.among(sql.ref('k.number'))} order by k.number, k.source for no key update of k`.execute(
      tx,
    )
    for (const row of rows) known.set(keyOf(row), row)
  }
  return known
}

function keysOf(corpId: number, named: readonly Named[]) {
  return sql<KnownOrder>`
    select k.number, k.source, k.order_id as id, k.customer_id as home, k.version_at as "versionAt", k.digest
    from unnest(${named.map(({ number }) => number)}::text[], ${named.map(({ source }) => source)}::text[]) as n(number, source)
    join order_keys k on k.number = n.number and k.source = n.source and k.corp_id = ${corpId}`
}

/** Takes new numbers; answers the ids of their orders, by `keyOf`. */
export async function takeNumbers(
  tx: Tx,
  corpId: number,
  given: readonly { readonly order: Order; readonly home: number }[],
): Promise<ReadonlyMap<string, number>> {
  if (given.length === 0) return new Map()
  const { rows } = await sql<Named & { id: number }>`
    insert into order_keys (number, source, corp_id, customer_id, version_at, digest)
    select number, source, ${corpId}, home, version_at, digest from ${keyColumns(given)}
    order by number, source
    on conflict do nothing returning number, source, order_id as id`.execute(tx)
  if (rows.length < given.length) throw new Overtaken('another batch brought the same new orders')
  return new Map(rows.map((row) => [keyOf(row), row.id]))
}

/** Notes later versions of numbers that we hold. */
export async function renewNumbers(
  tx: Tx,
  corpId: number,
  given: readonly { readonly order: Order; readonly home: number }[],
): Promise<void> {
  if (given.length === 0) return
  await sql`
    update order_keys k set customer_id = n.home, version_at = n.version_at, digest = n.digest from ${keyColumns(given)}
    where k.number = n.number and k.source = n.source and k.corp_id = ${corpId}`.execute(tx)
}

function keyColumns(given: readonly { readonly order: Order; readonly home: number }[]) {
  return sql`unnest(${given.map(({ order }) => order.number)}::text[], ${given.map(({ order }) => order.source)}::text[],
    ${given.map(({ home }) => home)}::bigint[], ${given.map(({ order }) => order.versionAt.toISOString())}::timestamptz[],
    ${given.map(({ order }) => order.digest)}::bytea[]) as n(number, source, home, version_at, digest)`
}

/** Takes the orders of these away, to be written anew; answers what they were, by id. */
export async function takeAway(tx: Tx, known: readonly KnownOrder[]): Promise<ReadonlyMap<number, OrderState>> {
  if (known.length === 0) return new Map()
  const { rows } = await sql<OrderState & { id: number }>`
    delete from orders o
    using unnest(${known.map(({ home }) => home)}::bigint[], ${known.map(({ id }) => id)}::bigint[]) as n(home, id)
    where o.customer_id = n.home and o.id = n.id
    returning o.id, o.paid_at as "paidAt", o.cancelled_at as "cancelledAt", o.refunded`.execute(tx)
  return new Map(rows.map((row) => [row.id, row]))
}

export async function writeOrders(tx: Tx, corpId: number, placed: readonly PlacedOrder[], at: Date): Promise<void> {
  if (placed.length === 0) return
  const rows = placed.map(({ order, id, home }) => ({
    ...{ customer_id: home, id, corp_id: corpId, source: order.source, number: order.number, status: order.status },
    ...{ amount: order.amount, refunded: order.refunded, ordered_at: order.orderedAt, paid_at: order.paidAt },
    ...{ cancelled_at: order.cancelledAt, refunded_at: order.refundedAt, store_code: order.store },
    ...{ channel: order.channel, staff_userid: order.staff, lines: order.lines, refunds: order.refunds },
    ...{ version_at: order.versionAt, learnt_at: at },
  }))
  await sql`insert into orders select * from json_populate_recordset(null::orders, ${JSON.stringify(rows)}::json)`.execute(
    tx,
  )
}

/** Categories of products of the same source, for lines that tell none. */
export async function categoriesOf(
  on: Executor,
  corpId: number,
  named: readonly Named[],
): Promise<ReadonlyMap<string, string>> {
  if (named.length === 0) return new Map()
  const { rows } = await sql<Named & { category: string }>`
    select p.source, p.number, p.category
    from unnest(${named.map(({ source }) => source)}::text[], ${named.map(({ number }) => number)}::text[]) as n(source, number)
    join products p on p.corp_id = ${corpId} and p.source = n.source and p.number = n.number`.execute(on)
  return new Map(rows.map((row) => [keyOf(row), row.category]))
}
