import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Database, Tx } from '../../../infra/db/database.ts'
import { followEvents, type StoredEvent } from '../../../infra/events/follow.ts'
import { createRounds, type Rounds } from '../../../infra/rounds.ts'
import type { Services } from '../../../infra/services.ts'
import { localTime, nextTimeOfDay } from '../../../infra/zone.ts'
import { fedBy, followOrders, personFacts, refreshValues } from '../../audiences/index.ts'
import { noteFieldsOf } from '../fields/field-values.store.ts'
import { homesOfPersons } from '../persons/person-homes.store.ts'
import {
  corpsToBegin,
  currentLifeCycle,
  ensureLifeCycle,
  knownStages,
  lifeCycles,
  lockStages,
  noteComputed,
} from './stage.store.ts'
import { nextRules, nextStage } from './stage.ts'
import { moveEverybody, moveSome, openStays, type StageCause, type StageMove } from './stage-stays.store.ts'

/** The long operation that computes values and stages of everybody; `version` where other rules are the reason. */
export const lifeCycleKind = 'life_cycle.refresh'
/** The kind in the due table; its key is the corp. */
const nightlyDue = 'customers.life_cycle'
/** After audiences were compared with their sources. */
const nightlyMinute = 240

export interface LifeCycleInput {
  readonly cause: StageCause
}

/** Call before operations and the due table are started. */
export function defineLifeCycle(services: Services): void {
  const { db, clock, operations, due } = services
  operations.define<LifeCycleInput>(lifeCycleKind, async (run) => {
    const because = `operation:${run.id}`
    const values = await refreshValues(db, run.corpId, clock.now(), because)
    await run.progress({ done: 1, total: 2 })
    const moved = await computeStages(db, run.corpId, clock.now(), run.input.cause, because)
    await run.progress({ done: 2, total: 2 })
    return { buyers: values.buyers, tiers_moved: values.moved, stages_moved: moved }
  })
  due.define(nightlyDue, async (items, tx) => {
    for (const { corpId } of items) {
      await operations.begin({ kind: lifeCycleKind, corpId, input: { cause: 'time' }, startedBy: 'system' }, tx)
      const at = nextTimeOfDay(clock.now(), nightlyMinute, await zoneOfCorp(tx, corpId))
      await due.schedule(tx, [{ corpId, kind: nightlyDue, key: String(corpId), at }])
    }
  })
}

/** Computes everybody's stage, in one transaction. Answers how many moved. */
export async function computeStages(
  db: Database,
  corpId: number,
  at: Date,
  asked: StageCause,
  because: string,
): Promise<number> {
  const zone = await zoneOfCorp(db, corpId)
  return db.transaction().execute(async (tx) => {
    await lockStages(tx, corpId, true)
    const lifeCycle = await ensureLifeCycle(tx, corpId, at)
    const begun = (await lifeCycles(tx, corpId)).some((one) => one.startedAt !== null)
    const cause = begun ? (lifeCycle.startedAt === null ? 'version' : asked) : 'start'
    const moving = { corpId, today: localTime(at, zone).dayNumber, at, cause, because }
    const moved = await moveEverybody(tx, lifeCycle, await knownStages(tx, corpId), moving)
    await noteComputed(tx, corpId, lifeCycle.version, at)
    return moved
  })
}

/** What may turn a person's stage by itself; what else rules ask for is caught by the night. */
const touching: ReadonlySet<string> = new Set([
  'relation.added',
  'relation.ended',
  'relation.found',
  'customer.tagged',
  'customer.detailed',
  'customer.fields_changed',
  'tier.changed',
  'order.paid',
  'order.refunded',
  'order.cancelled',
  'group.joined',
  'group.left',
  'person.merged',
  'person.parted',
])
const batch = 200

/** Reads on in the log of events and looks at everybody anew whom they touch. Answers how many events were read. */
export async function followStages({ db, clock }: Pick<Services, 'db' | 'clock'>): Promise<number> {
  const handle = async (events: readonly StoredEvent[], tx: Tx): Promise<void> => {
    const told = events.filter(
      // who computed everybody's tier computes everybody's stage after it
      ({ customerId, kind, payload }) => customerId > 0 && touching.has(kind) && payload['recomputed'] !== true,
    )
    for (const [corpId, list] of Map.groupBy(told, (event) => event.corpId)) {
      const regrouped = list.filter((event) => event.kind.startsWith('person.')).flatMap(homesNamed)
      if (regrouped.length > 0) await noteFieldsOf(tx, corpId, regrouped)
      const homes = [...new Set(list.flatMap(homesNamed))]
      const today = localTime(clock.now(), await zoneOfCorp(tx, corpId)).dayNumber
      await restage(tx, corpId, homes, { today, at: clock.now() })
    }
  }
  // audiences know what the rules ask for once they have taken it over
  return followEvents(db, 'customers.stages', batch, handle, { behind: fedBy })
}

function homesNamed(event: StoredEvent): readonly number[] {
  const named = [event.payload['homes']].flat().filter((one): one is number => typeof one === 'number')
  return [event.customerId, ...named]
}

/** Looks at single persons anew: by any of their homes. */
export async function restage(
  tx: Tx,
  corpId: number,
  homes: readonly number[],
  { today, at }: { readonly today: number; readonly at: Date },
): Promise<readonly StageMove[]> {
  await lockStages(tx, corpId, false)
  const lifeCycle = await currentLifeCycle(tx, corpId)
  // nobody is computed one by one before all were: the first computation says who stands where without events
  if (!lifeCycle?.startedAt) return []
  const all = [...new Set((await homesOfPersons(tx, homes)).map((one) => one.home))]
  const rules = nextRules(lifeCycle.stages).map(({ rule }) => rule)
  const facts = await personFacts(tx, corpId, rules, all)
  const stays = await openStays(tx, all)
  const moves = all.flatMap((customerId) => {
    const person = facts.get(customerId)
    const from = stays.get(customerId) ?? null
    const to = person ? nextStage(lifeCycle.stages, person, today) : null
    return from === to ? [] : [{ customerId, from, to }]
  })
  await moveSome(tx, lifeCycle, moves, { corpId, today, at, cause: 'fact', because: 'event' })
  return moves
}

const lookMs = 2_000
const scheduleMs = 5_000

/** Keeps values and stages: what events turn within seconds, and the nights. Any number of processes may run it. */
export function createLifeCycleUpkeep(services: Services): Rounds {
  const { db, clock, log, due, operations, pressure } = services
  let scheduledAt = Number.NEGATIVE_INFINITY

  const schedule = async (): Promise<void> => {
    for (const { id, zone } of await corpsToBegin(db, nightlyDue)) {
      await db.transaction().execute(async (tx) => {
        const at = nextTimeOfDay(clock.now(), nightlyMinute, zone)
        await due.schedule(tx, [{ corpId: id, kind: nightlyDue, key: String(id), at }])
        await operations.begin({ kind: lifeCycleKind, corpId: id, input: { cause: 'time' }, startedBy: 'system' }, tx)
      })
    }
  }
  const pass = async (): Promise<void> => {
    if (performance.now() - scheduledAt > scheduleMs) {
      scheduledAt = performance.now()
      await schedule()
    }
    for (let read = 1; read > 0 && !rounds.isStopped(); ) {
      await pressure.calm()
      read = (await followOrders(services)) + (await followStages(services))
    }
  }
  const rounds = createRounds({ everyMs: lookMs, pass, what: 'life-cycles', log })
  return rounds
}
