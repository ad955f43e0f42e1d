import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import type { Change } from '../rules/change.ts'
import type { OrderOfPerson } from '../rules/facts.ts'
import { keepBuyersOf } from './buyers.store.ts'
import { addToBuyers } from './buyers-add.store.ts'
import { addedTo } from './buyers-add.ts'

type Told = Extract<Change, { kind: 'order' }>

interface Counted {
  readonly id: number
  readonly personNo: number
  readonly day: number
  readonly net: number
  readonly order: OrderOfPerson
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
    if (change.kind === 'order') last.set(change.id, last.has(change.id) ? { ...change, fresh: false } : change)
  if (last.size === 0) return
  const given = [...last.values()]
  const known = given.filter(({ fresh }) => fresh !== true)
  const counted = given.flatMap(({ id, order, customerId }): Counted[] =>
    order ? [{ id, personNo: numberOf(customerId), day: order.day, net: order.net, order }] : [],
  )
  const left = await takeAway(
    tx,
    corpId,
    known.map(({ id }) => id),
  )
  await writeOrders(tx, corpId, counted)
  await writeLines(tx, corpId, counted)
  const again = new Set([...left, ...known.map(({ customerId }) => numberOf(customerId))])
  const { added, others } = addedTo(counted.filter(({ personNo }) => !again.has(personNo)))
  for (const personNo of others) again.add(personNo)
  // rows are written anew by one transaction after the other; to add to a row it is enough to wait for whoever writes it
  if (again.size > 0) await sql`select pg_advisory_xact_lock(${locks.buyers}, ${corpId})`.execute(tx)
  await addToBuyers(tx, corpId, added)
  if (again.size > 0) await keepBuyersOf(tx, corpId, [...again])
}

/** Whose they were: an order that moved to another person leaves the first one. */
async function takeAway(tx: Tx, corpId: number, ids: readonly number[]): Promise<readonly number[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ person_no: number }>`with gone as (
      delete from audience_lines where corp_id = ${corpId} and order_id = any(${numberArray(ids)}::bigint[])
    )
    delete from audience_orders where corp_id = ${corpId} and order_id = any(${numberArray(ids)}::bigint[])
    returning person_no`.execute(tx)
  return rows.map((row) => row.person_no)
}

async function writeOrders(tx: Tx, corpId: number, orders: readonly Counted[]): Promise<void> {
  if (orders.length === 0) return
  await sql`insert into audience_orders (corp_id, chunk, order_id, person_no, day, net, store, channel)
    select ${corpId}, no >> 16, id, no, day, net, store, channel
    from unnest(${numberArray(orders.map(({ id }) => id))}::bigint[],
      ${numberArray(orders.map(({ personNo }) => personNo))}::int[], ${numberArray(orders.map(({ day }) => day))}::int[],
      ${numberArray(orders.map(({ net }) => net))}::bigint[], ${textArray(orders.map(({ order }) => order.store))}::text[],
      ${textArray(orders.map(({ order }) => order.channel))}::text[]) as given(id, no, day, net, store, channel)`.execute(
    tx,
  )
}

/** What stands once in an order is handed over once. */
async function writeLines(tx: Tx, corpId: number, orders: readonly Counted[]): Promise<void> {
  const filled = orders.filter(({ order }) => order.lines.length > 0)
  if (filled.length === 0) return
  const lines = filled.flatMap(({ order }) => order.lines)
  const column = {
    place: filled.flatMap(({ order }, at) => order.lines.map(() => at + 1)),
    line: filled.flatMap(({ order }) => order.lines.map((_, at) => at)),
  }
  await sql`insert into audience_lines (corp_id, chunk, order_id, line, person_no, day, product, category, store, channel, amount)
    select ${corpId}, no >> 16, id, line, no, day, product, category, store, channel, amount
    from unnest(${numberArray(column.place)}::int[], ${numberArray(column.line)}::smallint[],
        ${textArray(lines.map(({ product }) => product))}::text[], ${textArray(lines.map(({ category }) => category))}::text[],
        ${numberArray(lines.map(({ amount }) => amount))}::bigint[]) as given(place, line, product, category, amount)
    join unnest(${numberArray(filled.map(({ id }) => id))}::bigint[],
      ${numberArray(filled.map(({ personNo }) => personNo))}::int[], ${numberArray(filled.map(({ day }) => day))}::int[],
      ${textArray(filled.map(({ order }) => order.store))}::text[], ${textArray(filled.map(({ order }) => order.channel))}::text[])
      with ordinality as o(id, no, day, store, channel, place) using (place)`.execute(tx)
}
