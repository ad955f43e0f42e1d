import { systemClock } from '../../../infra/clock.ts'
import type { Services } from '../../../infra/services.ts'
import { keepAlarms, raiseAlarms } from '../../insights/index.ts'
import { mapStaffToStores } from '../stores/stores.store.ts'
import { alarmsOf, doctorAlarmKinds } from './doctor.alarms.ts'
import { collect } from './doctor.collect.ts'
import { type DoctorRun, lastRuns, saveRun } from './doctor.store.ts'
import { diagnose } from './doctor.ts'

const kind = 'doctor.run'
/** Business time between two runs by the schedule. */
const everyMs = 10 * 60_000
/** A fast sandbox clock must not make us call without end. Machine time. */
const atMostEveryMs = 30_000
const putOffMs = 20_000

export interface Doctor {
  /**
   * Looks now. A schedule joins the look that is under way; a person gets one that began after he asked, since what he has
   * just mended is not in the one before.
   */
  run(corpId: number, cause: DoctorRun['cause']): Promise<DoctorRun>
  /** Registers the schedule; call before `due.start`. */
  define(): void
  /** Waits for what is under way. */
  stop(): Promise<void>
}

/** `machineNow` is this machine's clock, which the platform's is compared with. */
export function createDoctor(services: Services, machineNow: () => number = () => systemClock.now().getTime()): Doctor {
  const { db, clock, due, log } = services
  const running = new Map<number, Promise<DoctorRun>>()
  /** The look that begins when the one under way has ended: whoever asks meanwhile shares it. */
  const following = new Map<number, Promise<DoctorRun>>()
  const ranAt = new Map<number, number>()

  const look = async (corpId: number, cause: DoctorRun['cause']): Promise<DoctorRun> => {
    const started = performance.now()
    const [before] = await lastRuns(db, corpId, 1)
    const { facts, kept } = await collect(services, corpId, cause, before?.facts ?? {}, machineNow)
    const findings = diagnose(facts)
    const at = clock.now()
    const run = { cause, at, tookMs: Math.round(performance.now() - started), findings, facts: kept }
    const alarms = alarmsOf(corpId, findings)
    const id = await db.transaction().execute(async (tx) => {
      await mapStaffToStores(tx, corpId)
      await raiseAlarms(tx, alarms, at)
      for (const one of doctorAlarmKinds) {
        const holding = alarms.filter((alarm) => alarm.kind === one).map((alarm) => alarm.key)
        await keepAlarms(tx, corpId, one, holding, at)
      }
      return saveRun(tx, corpId, run)
    })
    return { id, ...run }
  }

  const begin = (corpId: number, cause: DoctorRun['cause']): Promise<DoctorRun> => {
    ranAt.set(corpId, performance.now())
    const starting = look(corpId, cause).finally(() => running.delete(corpId))
    running.set(corpId, starting)
    return starting
  }

  const run = (corpId: number, cause: DoctorRun['cause']): Promise<DoctorRun> => {
    const known = running.get(corpId)
    if (known === undefined) return begin(corpId, cause)
    if (cause === 'schedule') return known
    const shared = following.get(corpId)
    if (shared !== undefined) return shared
    const next = known.then(
      () => begin(corpId, cause),
      () => begin(corpId, cause),
    )
    following.set(
      corpId,
      next.finally(() => following.delete(corpId)),
    )
    return next
  }

  const tooSoon = (corpId: number) =>
    performance.now() - (ranAt.get(corpId) ?? Number.NEGATIVE_INFINITY) < atMostEveryMs
  const next = (corpId: number) => ({
    corpId,
    kind,
    key: String(corpId),
    // a look that a hurried clock asks for too soon is put off, not left out
    at: new Date(clock.now().getTime() + (tooSoon(corpId) ? putOffMs : everyMs)),
  })

  return {
    run,
    define() {
      due.define(kind, async (items, tx) => {
        await due.schedule(
          tx,
          items.map((item) => next(item.corpId)),
        )
        // the calls must not hold the transaction; a run that fails is tried at the next appointment
        for (const { corpId } of items) {
          if (tooSoon(corpId)) continue
          run(corpId, 'schedule').catch((error: unknown) => log.error({ err: error, corpId }, 'the doctor failed'))
        }
      })
    },
    async stop() {
      await Promise.allSettled([...running.values(), ...following.values()])
    },
  }
}

/** The corp's first look comes when its first sync has had a minute. */
export async function scheduleDoctor(
  { db, due, clock }: Pick<Services, 'db' | 'due' | 'clock'>,
  corpId: number,
): Promise<void> {
  await due.schedule(db, [{ corpId, kind, key: String(corpId), at: new Date(clock.now().getTime() + 60_000) }])
}
