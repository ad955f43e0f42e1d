import { orderInput } from '@nuanyu/client/shapes'
import { zoneOfCorp } from '../../infra/corp-zone.store.ts'
import { commitLazily, type Executor, type Tx } from '../../infra/db/database.ts'
import { appendEvents } from '../../infra/events/events.store.ts'
import type { Services } from '../../infra/services.ts'
import { noteChanges } from '../audiences/index.ts'
import { correctWords, rootsOf } from '../customers/index.ts'
import { boughtOf, eventsOf } from './bought.ts'
import { membersOfStaff, storesAmong } from './corp-names.store.ts'
import { faults } from './faults.ts'
import {
  categoriesOf,
  type KnownOrder,
  knownOrders,
  lockOrders,
  type PlacedOrder,
  renewNumbers,
  takeAway,
  takeNumbers,
  writeOrders,
} from './orders.store.ts'
import { categorised, countsAsBought, type Order, type OrderState, orderFault, readOrder } from './orders.ts'
import { untilNotOvertaken } from './overtaken.ts'
import { type FactOfPerson, homesOfFacts, knownKinds, wordOf } from './people.resolve.ts'
import { identityFault } from './people.ts'
import { type Outcome, type ReadRow, readRows, type Teller } from './rows.ts'
import { keyOf, latestOf, type Named, news, outcomeOf } from './versions.ts'

type Needs = Pick<Services, 'db' | 'clock' | 'vault'>

/**
 * Takes orders as another system tells them: each row's latest version is written, its person found or made, what happened
 * to it put into the log, and what audiences count from brought up to date. Answers what became of every row. The number of
 * statements does not grow with the number of rows.
 *
 * Persons are worked out in a transaction of their own before the orders are written: evidence changes one at a time in a
 * corp, and batches would else follow each other as a whole. What a fact says of who is who is true whether or not the fact
 * is written in the end, and is said again when the batch is.
 */
export async function takeOrders(
  services: Needs,
  teller: Teller,
  given: readonly unknown[],
): Promise<ReadonlyMap<number, Outcome>> {
  const { db, clock, vault } = services
  const { corpId } = teller
  const now = clock.now()
  const { rows, outcomes } = readRows(orderInput, given)
  const read = rows.map(({ at, row }): ReadRow<Order> => ({ at, row: readOrder(row, vault) }))
  const corp = await readCorp(db, corpId, read)
  const sound = soundOrders(read, corp, now, outcomes)
  // what stands already stays as it is, whatever comes meanwhile
  const seen = judge(
    sound,
    await knownOrders(
      db,
      corpId,
      sound.map(({ row }) => row),
    ),
  )
  for (const [at, outcome] of seen.outcomes) outcomes.set(at, outcome)
  const telling = sound.filter(({ at }) => !isSeen(seen.outcomes.get(at)))
  if (telling.length === 0) return outcomes
  const homes = await untilNotOvertaken(() =>
    db.transaction().execute(async (tx) => {
      // the orders commit after it, and with them it is durable
      await commitLazily(tx)
      return homesOfFacts(
        tx,
        { corpId, vault, now },
        telling.map(({ row }) => factOf(row, seen.fresh.has(row))),
      )
    }),
  )
  const placed = telling.map(({ row: order }, place): Omit<PlacedOrder, 'id'> => {
    const home = homes[place]
    if (home === undefined) throw new Error(`order ${keyOf(order)} has no home`)
    return { order, home }
  })
  const written = await untilNotOvertaken(() =>
    db.transaction().execute((tx) => write(tx, teller, corp, telling, placed, now)),
  )
  return new Map([...outcomes, ...written])
}

/** What orders of this corp are read by. */
interface Corp {
  readonly zone: string
  readonly isKnown: (kind: string) => boolean
  /** Codes of stores and userids of members that there are, among those that these orders name. */
  readonly stores: ReadonlySet<string>
  readonly staff: ReadonlySet<string>
}

async function readCorp(on: Executor, corpId: number, read: readonly ReadRow<Order>[]): Promise<Corp> {
  const named = (pick: (order: Order) => string | null) => [...new Set(read.flatMap(({ row }) => pick(row) ?? []))]
  const stores = named((order) => order.store)
  const staff = named((order) => order.staff)
  return {
    zone: await zoneOfCorp(on, corpId),
    isKnown: await knownKinds(on, corpId, read),
    stores: await storesAmong(on, corpId, stores),
    staff: await membersOfStaff(on, corpId, staff),
  }
}

/** Leaves out, with the reason, what cannot be: nobody named, unknown stores and members, refunds above the order. */
function soundOrders(
  read: readonly ReadRow<Order>[],
  { isKnown, stores, staff }: Corp,
  now: Date,
  outcomes: Map<number, Outcome>,
): readonly ReadRow<Order>[] {
  return read.filter(({ at, row }) => {
    const fault =
      identityFault(row.identities, isKnown) ??
      orderFault(row, now) ??
      (row.store !== null && !stores.has(row.store) ? faults.unknownStore('store', row.store) : undefined) ??
      (row.staff !== null && !staff.has(row.staff) ? faults.unknownStaff(row.staff) : undefined)
    if (fault !== undefined) outcomes.set(at, { kind: 'rejected', fault })
    return fault === undefined
  })
}

function factOf(order: Order, isLatest: boolean): FactOfPerson {
  const { identities, source, number, orderedAt } = order
  const word = isLatest ? wordOf('order', order) : null
  return { identities, told: 'order', reference: `${source}:${number}`, word, at: orderedAt }
}

/** Which of these are news, and what becomes of the others. */
function judge(rows: readonly ReadRow<Order>[], known: ReadonlyMap<string, KnownOrder>) {
  const orders = rows.map(({ row }) => row)
  const latest = latestOf(orders)
  const fresh = new Set(news(orders, known))
  return { fresh, outcomes: new Map(rows.map(({ at, row }) => [at, outcomeOf(row, fresh, known, latest)])) }
}

async function write(
  tx: Tx,
  { corpId, cause }: Teller,
  corp: Corp,
  rows: readonly ReadRow<Order>[],
  placed: readonly Omit<PlacedOrder, 'id'>[],
  now: Date,
): Promise<ReadonlyMap<number, Outcome>> {
  const known = await lockOrders(tx, corpId, [...latestOf(rows.map(({ row }) => row)).values()])
  const { fresh, outcomes } = judge(rows, known)
  const later = placed.filter(({ order }) => fresh.has(order))
  if (later.length === 0) return outcomes
  await correctWords(
    tx,
    corpId,
    later.flatMap(({ order, home }) => {
      const before = known.get(keyOf(order))
      if (before === undefined) return []
      return [{ word: wordOf('order', order), home, before: before.home, identities: order.identities }]
    }),
  )
  const categories = await categoriesOf(tx, corpId, uncategorised(later))
  const filed = await fileOrders(tx, corpId, known, withCategories(later, categories), now)
  await appendEvents(
    tx,
    filed.flatMap((one) => eventsOf(corpId, cause, one.placed, one.before)),
    now,
  )
  await tellAudiences(tx, corpId, corp, filed)
  return outcomes
}

function isSeen(outcome: Outcome | undefined): boolean {
  return outcome?.kind === 'unchanged' && outcome.why === 'same'
}

interface Filed {
  readonly placed: PlacedOrder
  /** What the order was before; undefined: it is new. */
  readonly before: OrderState | undefined
}

/** Gives new orders their ids and places later versions where their latest says. */
async function fileOrders(
  tx: Tx,
  corpId: number,
  known: ReadonlyMap<string, KnownOrder>,
  given: readonly Omit<PlacedOrder, 'id'>[],
  now: Date,
): Promise<readonly Filed[]> {
  const knownOf = ({ order }: { readonly order: Order }) => known.get(keyOf(order))
  const ids = await takeNumbers(
    tx,
    corpId,
    given.filter((one) => knownOf(one) === undefined),
  )
  const later = given.filter((one) => knownOf(one) !== undefined)
  await renewNumbers(tx, corpId, later)
  const before = await takeAway(
    tx,
    later.flatMap((one) => knownOf(one) ?? []),
  )
  const filed = given.map((one): Filed => {
    const id = knownOf(one)?.id ?? ids.get(keyOf(one.order))
    if (id === undefined) throw new Error(`order ${keyOf(one.order)} has no id`)
    return { placed: { ...one, id }, before: before.get(id) }
  })
  await writeOrders(
    tx,
    corpId,
    filed.map(({ placed }) => placed),
    now,
  )
  return filed
}

function uncategorised(given: readonly Omit<PlacedOrder, 'id'>[]): readonly Named[] {
  const named = given.flatMap(({ order: { source, lines } }) =>
    lines.filter(({ category }) => category === '').map(({ product }) => ({ source, number: product })),
  )
  return [...new Map(named.map((one) => [keyOf(one), one])).values()]
}

function withCategories(
  given: readonly Omit<PlacedOrder, 'id'>[],
  categories: ReadonlyMap<string, string>,
): readonly Omit<PlacedOrder, 'id'>[] {
  if (categories.size === 0) return given
  return given.map(({ order, home }) => ({ home, order: categorised(order, categories) }))
}

async function tellAudiences(tx: Tx, corpId: number, { zone }: Corp, filed: readonly Filed[]): Promise<void> {
  const telling = filed.filter(({ placed, before }) => before !== undefined || countsAsBought(placed.order))
  if (telling.length === 0) return
  const roots = await rootsOf(
    tx,
    corpId,
    telling.map(({ placed }) => placed.home),
  )
  await noteChanges(
    tx,
    corpId,
    telling.map(({ placed, before }) => boughtOf(placed, before === undefined, roots, zone)),
  )
}
