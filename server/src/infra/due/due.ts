import type { Clock } from '../clock.ts'
import { isDatabaseAway } from '../db/away.ts'
import type { Database, Executor, Tx } from '../db/database.ts'
import type { Listener } from '../db/listen.ts'
import type { Log } from '../log.ts'
import { nextDue, schedule, takeDue, unschedule } from './due.store.ts'

/** Something that is to happen at a moment of business time. */
export interface Schedule {
  readonly corpId: number
  readonly kind: string
  /** One per kind and key: scheduling it again moves it. */
  readonly key: string
  readonly at: Date
  readonly payload?: Readonly<Record<string, unknown>>
}

export interface DueItem {
  readonly id: number
  readonly corpId: number
  readonly kind: string
  readonly key: string
  readonly at: Date
  readonly payload: Readonly<Record<string, unknown>>
}

/** Handles what is due, in the transaction that takes it out of the table: what comes next is scheduled in it. */
export type DueHandler = (items: readonly DueItem[], tx: Tx) => Promise<void>

/** Schedules in business time. They stand in a table that is read by the injected clock, so the sandbox's clock moves them. */
export interface Due {
  /** Registers what a kind does; call before `start`. */
  define(kind: string, handler: DueHandler): void
  schedule(on: Executor, items: readonly Schedule[]): Promise<void>
  unschedule(on: Executor, kind: string, keys: readonly string[]): Promise<void>
  /** Handles everything that is due now; answers how much it was. */
  run(): Promise<number>
  start(): void
  /** Time may have jumped: looks at once. */
  wake(): void
  stop(): Promise<void>
}

export interface DueOptions {
  readonly db: Database
  readonly clock: Clock
  readonly listener: Listener
  readonly log: Log
}

/** How often the clock is compared with the next moment; without a round trip. Machine time. */
const tickMs = 250
/** How often the table is read although nobody said that it changed. */
const rereadMs = 10_000
/** What a handler failed on waits this long, so that it does not hold up the others. */
const againMs = 30_000
const batch = 500

export function createDue({ db, clock, listener, log }: DueOptions): Due {
  const handlers = new Map<string, DueHandler>()
  /** Items that failed, and when (machine time) they may be tried again. */
  const failed = new Map<number, number>()
  let next: Date | undefined
  let readAt = Number.NEGATIVE_INFINITY
  let running: Promise<number> | undefined
  let runAgain = false
  let timer: NodeJS.Timeout | undefined

  const waiting = () => {
    const now = performance.now()
    for (const [id, until] of failed) if (until <= now) failed.delete(id)
    return [...failed.keys()]
  }
  const handle = async (kind: string, handler: DueHandler, limit: number): Promise<readonly DueItem[]> => {
    let taken: readonly DueItem[] = []
    try {
      await db.transaction().execute(async (tx) => {
        taken = await takeDue(tx, kind, clock.now(), limit, waiting())
        if (taken.length > 0) await handler(taken, tx)
      })
    } catch (error) {
      if (isDatabaseAway(error)) throw error
      const [only] = taken
      if (only === undefined) throw error
      // one bad item must not stop the good ones of its batch
      if (taken.length > 1) return handle(kind, handler, Math.ceil(taken.length / 2))
      failed.set(only.id, performance.now() + againMs)
      log.error({ err: error, kind, key: only.key }, 'what was due failed; it is tried again later')
    }
    return taken
  }
  const runOnce = async () => {
    let count = 0
    for (const [kind, handler] of handlers) {
      for (let taken = await handle(kind, handler, batch); taken.length > 0; ) {
        count += taken.length
        taken = await handle(kind, handler, batch)
      }
    }
    next = await nextDue(db, [...handlers.keys()])
    readAt = performance.now()
    return count
  }
  const run = (): Promise<number> => {
    runAgain = running !== undefined
    running ??= runOnce().finally(() => {
      running = undefined
      if (runAgain && timer !== undefined) wake()
    })
    return running
  }
  const wake = () => {
    run().catch((error: unknown) => log.warn({ err: error }, 'reading what is due failed; it is read again soon'))
  }
  const tick = () => {
    const stale = performance.now() - readAt > rereadMs
    if (stale || (next !== undefined && next <= clock.now())) wake()
  }
  let stopListening: () => void = () => undefined
  return {
    define(kind, handler) {
      if (handlers.has(kind)) throw new Error(`due kind ${kind} is defined twice`)
      handlers.set(kind, handler)
    },
    schedule,
    unschedule,
    run,
    start() {
      timer = setInterval(tick, tickMs)
      timer.unref()
      stopListening = listener.on('nuanyu_due', wake)
      wake()
    },
    wake,
    async stop() {
      clearInterval(timer)
      timer = undefined
      stopListening()
      await running?.catch(() => undefined)
    },
  }
}
