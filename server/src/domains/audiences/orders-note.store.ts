import { sql } from 'kysely'
import type { Tx } from '../../infra/db/database.ts'
import { keepBuyersOf } from './buyers.store.ts'
import { addToBuyers } from './buyers-add.store.ts'
import type { Change } from './change.ts'
import type { OrderOfPerson } from './facts.ts'

type Told = Extract<Change, { kind: 'order' }>

interface Counted extends OrderOfPerson {
  readonly personNo: number
}

/** Orders as they are now, their lines and the sums of their buyers; of one order told twice the last counts. */
export async function noteOrders(
  tx: Tx,
  corpId: number,
  numberOf: (customerId: number) => number,
  changes: readonly Change[],
): Promise<void> {
  const last = new Map<number, Told>()
  for (const change of changes)
    if (change.kind === 'order')
      last.set(change.id, { ...change, fresh: change.fresh === true && !last.has(change.id) })
  if (last.size === 0) return
  const given = [...last.values()]
  const counted = given.flatMap(({ id, order, customerId }) =>
    order ? [{ ...order, id, personNo: numberOf(customerId) }] : [],
  )
  const left = await takeAway(
    tx,
    corpId,
    given.filter(({ fresh }) => !fresh).map(({ id }) => id),
  )
  await writeOrders(tx, corpId, counted)
  await writeLines(tx, corpId, counted)
  const again = new Set([...left, ...given.filter(({ fresh }) => !fresh).map(({ customerId }) => numberOf(customerId))])
  await addToBuyers(
    tx,
    corpId,
    counted.filter(({ personNo }) => !again.has(personNo)),
  )
  if (again.size > 0) await keepBuyersOf(tx, corpId, [...again])
}

/** Whose they were: an order that moved to another person leaves the first one. */
async function takeAway(tx: Tx, corpId: number, ids: readonly number[]): Promise<readonly number[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ person_no: number }>`with gone as (
      delete from audience_lines where corp_id = ${corpId} and order_id = any(${[...ids]}::bigint[])
    )
    delete from audience_orders where corp_id = ${corpId} and order_id = any(${[...ids]}::bigint[]) returning person_no`.execute(
    tx,
  )
  return rows.map((row) => row.person_no)
}

async function writeOrders(tx: Tx, corpId: number, orders: readonly Counted[]): Promise<void> {
  if (orders.length === 0) return
  await sql`insert into audience_orders (corp_id, chunk, order_id, person_no, day, net, store, channel)
    select ${corpId}, no >> 16, id, no, day, net, store, channel
    from unnest(${orders.map(({ id }) => id)}::bigint[], ${orders.map(({ personNo }) => personNo)}::int[],
      ${orders.map(({ day }) => day)}::int[], ${orders.map(({ net }) => net)}::bigint[],
      ${orders.map(({ store }) => store ?? null)}::text[], ${orders.map(({ channel }) => channel ?? null)}::text[])
      as given(id, no, day, net, store, channel)`.execute(tx)
}

/** Sorted as the index of products is, so that what follows each other goes to the same page. */
async function writeLines(tx: Tx, corpId: number, orders: readonly Counted[]): Promise<void> {
  const lines = orders
    .flatMap((order, place) => order.lines.map((line, at) => ({ ...line, order: place + 1, at })))
    .sort((a, b) => (a.product < b.product ? -1 : a.product > b.product ? 1 : a.order - b.order))
  if (lines.length === 0) return
  await sql`insert into audience_lines (corp_id, chunk, order_id, line, person_no, day, product, category, store, channel, amount)
    select ${corpId}, no >> 16, id, line, no, day, product, category, store, channel, amount
    from unnest(${lines.map(({ order }) => order)}::int[], ${lines.map(({ at }) => at)}::smallint[],
        ${lines.map(({ product }) => product)}::text[], ${lines.map(({ category }) => category)}::text[],
        ${lines.map(({ amount }) => amount)}::bigint[]) as given(place, line, product, category, amount)
    join unnest(${orders.map(({ id }) => id)}::bigint[], ${orders.map(({ personNo }) => personNo)}::int[],
      ${orders.map(({ day }) => day)}::int[], ${orders.map(({ store }) => store ?? null)}::text[],
      ${orders.map(({ channel }) => channel ?? null)}::text[]) with ordinality as o(id, no, day, store, channel, place)
      using (place)`.execute(tx)
}
