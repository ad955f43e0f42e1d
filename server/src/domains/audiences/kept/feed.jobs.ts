import type { Database, Tx } from '../../../infra/db/database.ts'
import { followEvents, type StoredEvent } from '../../../infra/events/follow.ts'
import type { OperationRun } from '../../../infra/operations/operations.ts'
import { foldChanges } from '../counts/counts.store.ts'
import { countCustomers, customersAfter, feedPersons, noteReconciled, unmetPersons } from './feed.store.ts'
import { numbersOf } from './marks.store.ts'
import { touchPersons } from './touched.store.ts'

/** What flows in from rooms that do not call the door themselves. */
const feeding: ReadonlySet<string> = new Set([
  'relation.half_added',
  'relation.added',
  'relation.ended',
  'relation.edited',
  'relation.found',
  'customer.detailed',
  'group.joined',
  'group.left',
  'oa.followed',
  'oa.unfollowed',
])
/** What rooms tell by the door themselves; only whoever nobody knew before is read as a whole. */
const meeting: ReadonlySet<string> = new Set(['order.paid'])
const regrouping: ReadonlySet<string> = new Set(['person.merged', 'person.parted'])
/** Computed for everybody at once, past the door: only the log says whom it moved. */
const recomputed: ReadonlySet<string> = new Set(['stage.entered', 'tier.changed'])
const batch = 500

export const feedSubscriber = 'audiences.feed'

/** Reads on in the log of events and takes over what it says of persons. Answers how many events were read. */
export async function followFeeds(db: Database): Promise<number> {
  return followEvents(db, feedSubscriber, batch, async (events, tx) => {
    for (const [corpId, list] of Map.groupBy(events, (event) => event.corpId)) {
      const regrouped = [...new Set(list.filter(({ kind }) => regrouping.has(kind)).flatMap(homesNamed))]
      await feedPersons(tx, corpId, regrouped, true)
      const done = new Set(regrouped)
      const homesOf = (kinds: ReadonlySet<string>) =>
        list.filter(({ kind, customerId }) => kinds.has(kind) && customerId > 0 && !done.has(customerId)).map(homeOf)
      const met = await unmetPersons(tx, corpId, [...new Set(homesOf(meeting))])
      await feedPersons(tx, corpId, [...new Set([...homesOf(feeding), ...met])])
      const moved = list.filter(({ kind }) => recomputed.has(kind)).map((event) => event.customerId)
      await touchPersons(tx, corpId, [...(await numbersOf(tx, corpId, [...new Set(moved)])).values()])
    }
  })
}

/**
 * What rooms learnt of these homes without an event that says so: who somebody is by an order, a table or a form, and how
 * he stands to accounts. In the transaction in which they learn it.
 */
export async function feedHomes(tx: Tx, corpId: number, homes: readonly number[]): Promise<void> {
  if (homes.length === 0) return
  await feedPersons(tx, corpId, [...new Set(homes)])
}

const homeOf = (event: StoredEvent) => event.customerId

function homesNamed(event: StoredEvent): readonly number[] {
  const named = [event.payload['homes'], event.payload['root']].flat()
  return [event.customerId, ...named.filter((one): one is number => typeof one === 'number')]
}

const walked = 1_000

/** Compares everybody with what the other rooms know, and mends what differs. Goes on from where it stopped. */
export async function reconcileFeeds(
  db: Database,
  run: Pick<OperationRun<unknown>, 'corpId' | 'checkpoint' | 'progress'>,
  at: Date,
): Promise<{ readonly persons: number; readonly mended: number }> {
  const { corpId } = run
  const total = await countCustomers(db, corpId)
  let { after, persons, mended } = pointOf(run.checkpoint)
  for (;;) {
    const ids = await customersAfter(db, corpId, after, walked)
    const last = ids.at(-1)
    if (last === undefined) break
    mended += await db.transaction().execute((tx) => feedPersons(tx, corpId, ids))
    persons += ids.length
    after = last
    await run.progress({ done: persons, total, checkpoint: { after, persons, mended } })
  }
  await foldChanges(db, corpId)
  await noteReconciled(db, corpId, at)
  return { persons, mended }
}

function pointOf(checkpoint: unknown): { after: number; persons: number; mended: number } {
  const point = Object(checkpoint)
  const number = (key: string): number => (typeof point[key] === 'number' ? point[key] : 0)
  return { after: number('after'), persons: number('persons'), mended: number('mended') }
}
