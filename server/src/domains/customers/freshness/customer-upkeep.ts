import type { Tx } from '../../../infra/db/database.ts'
import { followEvents, type StoredEvent } from '../../../infra/events/follow.ts'
import { createRounds, type Rounds } from '../../../infra/rounds.ts'
import type { Services } from '../../../infra/services.ts'
import type { Callback } from '../../intake/index.ts'
import { refreshCards } from '../cards/cards.store.ts'
import { settleDue } from '../persons/person-due.store.ts'
import { ensureReconciles } from '../sync/customers-operations.ts'
import { memberGone, renameMember } from '../sync/staff.store.ts'
import { type ChannelWishes, type Todo, todoKinds, todosOfCallback, todosOfEvent, touchesCard } from './freshness.ts'
import { readPeople } from './freshness-people.ts'
import { readDetails } from './freshness-read.ts'
import { watchHalf } from './half-watch.ts'
import { putOn } from './put-on.ts'
import { addTodos, channelWishes, hasTodos, takeTodos } from './todos.store.ts'

/** How often to look, in machine time: what changed at the platform is read within seconds. */
const lookMs = 1_000
const halfMs = 60_000
const batch = 500
const leaseMs = 60_000
/** At a peak the welcome goes first: reading details takes what it leaves, and catches up afterwards. */
const peakEvents = 50
const detailsAtPeak = 40
const detailsAtOnce = 400
const changesAtOnce = 100

/** Keeps what we know of customers as the platform has it. Any number of processes may run it. */
export function createCustomerUpkeep(services: Services): Rounds {
  const { db, clock, log, platform } = services
  let halfAt = Number.NEGATIVE_INFINITY

  const pass = async (): Promise<void> => {
    let events = 0
    for (let read = batch; read === batch && !rounds.isStopped(); ) {
      await services.pressure.calm()
      read = await followEvents(db, 'customers.freshness', batch, (list, tx) => react(tx, list))
      events += read
    }
    const corps = await db.selectFrom('corps').select('id').orderBy('id').execute()
    const half = performance.now() - halfAt > halfMs
    if (half) halfAt = performance.now()
    for (const { id } of corps) {
      if (half) await watchHalf(db, id, clock.now())
      await settleDue(db, id, clock.now())
      if (rounds.isStopped()) continue
      await tend(id, events > peakEvents ? detailsAtPeak : detailsAtOnce)
      // what a detail has just told of who he is does not wait for the next look
      await settleDue(db, id, clock.now())
    }
  }
  const tend = async (corpId: number, details: number): Promise<void> => {
    const waiting = await hasTodos(db, corpId, todoKinds, new Date())
    if (waiting.size === 0) return
    const client = await platform.forCorp(corpId)
    if (client === undefined) return
    const take = (kind: (typeof todoKinds)[number], limit: number) =>
      waiting.has(kind) ? takeTodos(db, corpId, kind, limit, new Date(), leaseMs) : Promise.resolve([])
    await readDetails(services, client, await take('detail', details))
    const remarkChars = (await platform.limits(corpId)).value('customer.remark_chars')
    await putOn(services, client, await take('tags', changesAtOnce), remarkChars)
    await putOn(services, client, await take('remark', changesAtOnce), remarkChars)
    const people = [await take('departments', 1), await take('corp_tags', 1), await take('staff', 50)]
    await readPeople(services, client, people.flat())
  }
  const rounds = createRounds({ everyMs: lookMs, pass, what: 'customers', log })
  return {
    ...rounds,
    start() {
      ensureReconciles(services).catch((error: unknown) =>
        log.error({ err: error }, 'the nightly reconcile could not be scheduled'),
      )
      rounds.start()
    },
  }
}

async function react(tx: Tx, events: readonly StoredEvent[]): Promise<void> {
  const touching = events.filter(touchesCard)
  await refreshCards(
    tx,
    touching.map((event) => event.customerId),
  )
  const todos: Todo[] = []
  for (const [corpId, list] of Map.groupBy(touching, (event) => event.corpId)) {
    const ids = list.flatMap((event) => textOf(event, 'channelId'))
    const states = list.flatMap((event) => textOf(event, 'state').map(channelState))
    const wishes = await channelWishes(tx, corpId, [...new Set(ids)], [...new Set(states)])
    for (const event of list) todos.push(...todosOfEvent(event, wishOf(event, wishes)))
  }
  await addTodos(tx, todos, new Date())
}

function wishOf(event: StoredEvent, wishes: ReadonlyMap<string, ChannelWishes>): ChannelWishes | undefined {
  const [id] = textOf(event, 'channelId')
  const [state] = textOf(event, 'state')
  return wishes.get(id ?? '') ?? wishes.get(channelState(state ?? ''))
}

function textOf(event: StoredEvent, field: string): string[] {
  const value = event.payload[field]
  return typeof value === 'string' ? [value] : []
}

/** A member's own code on a landing page carries the channel's state, a point and a number. */
function channelState(state: string): string {
  return state.split('.', 1)[0] ?? ''
}

/** Callbacks of members, departments, visible ranges and tags: noted as things to read; the same twice is one. */
export async function handleCustomerCallbacks(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  callbacks: readonly Callback[],
): Promise<void> {
  const todos = callbacks.flatMap(({ corpId, event }) => todosOfCallback(corpId, event))
  await addTodos(db, todos, new Date())
  for (const { corpId, event } of callbacks) {
    if (event.kind === 'contact.user_deleted') await memberGone(db, corpId, [event.userId], clock.now())
    if (event.kind === 'contact.user_updated' && event.newUserId !== undefined)
      await renameMember(db, corpId, event.userId, event.newUserId, clock.now())
  }
}
