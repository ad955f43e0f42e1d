import { v7 as uuid } from 'uuid'
import type { Clock } from '../clock.ts'
import { isDatabaseAway } from '../db/away.ts'
import type { Database } from '../db/database.ts'
import { type Listener, notify } from '../db/listen.ts'
import { AppError } from '../errors.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Log } from '../log.ts'
import * as store from './operations.store.ts'
import { OperationCancelled, OperationInterrupted, type Operations, type OperationTask } from './operations.ts'
import { createRun, type LiveRun } from './run.ts'

/** How many long operations one process runs at the same time; the rest wait their turn. */
const atOnce = 3
/** How often a worker looks for operations of dead processes. Machine time. */
const sweepMs = 5_000
const wakeJob = 'operations.wake'

export interface OperationsOptions {
  readonly db: Database
  readonly jobs: Jobs
  readonly listener: Listener
  readonly clock: Clock
  readonly log: Log
  readonly processId: number
  /** Between two looks for operations of dead processes; tests pass a shorter one. */
  readonly sweepMs?: number
}

export function createOperations(options: OperationsOptions): Operations {
  const { db, jobs, listener, clock, log, processId } = options
  const tasks = new Map<string, OperationTask<never>>()
  const running = new Map<string, { run: LiveRun; ended: Promise<void> }>()
  let working = false
  let pumping: Promise<void> | undefined
  let pumpAgain = false
  let timer: NodeJS.Timeout | undefined

  const execute = async (claimed: store.ClaimedOperation, run: LiveRun): Promise<void> => {
    const task = tasks.get(claimed.kind)
    if (task === undefined) throw new Error(`operation kind ${claimed.kind} is not defined`)
    try {
      // the kind's definer knows its input's type; it wrote it in `begin`
      const result = await (task as OperationTask<unknown>)(run)
      await run.flush()
      await settle(claimed.id, { state: 'done', result, error: undefined })
    } catch (error) {
      if (error instanceof OperationInterrupted || isDatabaseAway(error)) {
        log.info({ operation: claimed.id, kind: claimed.kind, err: error }, 'an operation goes back into the queue')
        await giveBack(claimed.id)
      } else if (error instanceof OperationCancelled) {
        await run.flush().catch((cause: unknown) => log.warn({ err: cause }, 'the last progress was not written'))
        await settle(claimed.id, { state: 'cancelled', result: undefined, error: undefined })
      } else {
        log.error({ operation: claimed.id, kind: claimed.kind, err: error }, 'an operation failed')
        await settle(claimed.id, { state: 'failed', result: undefined, error: wordsOf(error) })
      }
    }
  }
  const settle = async (
    id: string,
    outcome: { state: 'done' | 'failed' | 'cancelled'; result: unknown; error: string | undefined },
  ) => {
    await untilStored(() => store.finishOperation(db, id, processId, { ...outcome, at: clock.now() }))
    await notify(db, 'nuanyu_operations', id)
  }
  const giveBack = async (id: string) => {
    await untilStored(() =>
      db.transaction().execute(async (tx) => {
        await store.releaseOperation(tx, id, processId)
        await jobs.enqueue(tx, wakeJob, {}, { key: wakeJob })
      }),
    )
  }
  /** An outcome is not dropped because the database is away for a moment; a stopping process leaves it to its successor. */
  const untilStored = async (write: () => Promise<unknown>) => {
    for (;;) {
      try {
        await write()
        return
      } catch (error) {
        if (!isDatabaseAway(error) || !working) throw error
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    }
  }
  const startNext = async (): Promise<boolean> => {
    const claimed = await store.claimNext(db, processId, [...tasks.keys()], clock.now())
    if (claimed === undefined) return false
    const run = createRun({ db, processId, claimed, log })
    const ended = execute(claimed, run)
      .catch((error: unknown) => log.error({ err: error, operation: claimed.id }, 'an outcome was not stored'))
      .then(() => {
        running.delete(claimed.id)
        pump()
      })
    running.set(claimed.id, { run, ended })
    return true
  }
  const pumpOnce = async () => {
    do {
      pumpAgain = false
      while (working && running.size < atOnce && (await startNext()));
    } while (pumpAgain && working)
  }
  const pump = (): Promise<void> => {
    pumpAgain = true
    if (!working) return Promise.resolve()
    pumping ??= pumpOnce()
      .catch((error: unknown) => log.warn({ err: error }, 'looking for operations failed'))
      .finally(() => {
        pumping = undefined
      })
    return pumping
  }
  const sweep = async () => {
    const freed = await store.releaseOrphans(db, processId)
    if (freed > 0) log.info({ operations: freed }, 'took over the operations of a process that died')
    await pump()
  }

  jobs.define(wakeJob, () => pump())
  listener.on('nuanyu_operations', (payload) => {
    if (payload?.startsWith('cancel ')) running.get(payload.slice('cancel '.length))?.run.cancel()
  })

  return {
    define(kind, task) {
      if (tasks.has(kind)) throw new Error(`operation kind ${kind} is defined twice`)
      tasks.set(kind, task as OperationTask<never>)
    },
    async begin(request, on) {
      const id = uuid()
      const write = async (tx: NonNullable<typeof on>) => {
        await store.insertOperation(tx, id, request, clock.now())
        await jobs.enqueue(tx, wakeJob, {}, { key: wakeJob })
        await notify(tx, 'nuanyu_operations', id)
      }
      await (on === undefined ? db.transaction().execute(write) : write(on))
      return id
    },
    async cancel(corpId, id) {
      const asked = await store.askCancel(db, corpId, id, clock.now())
      if (asked) await notify(db, 'nuanyu_operations', `cancel ${id}`)
      return asked
    },
    find: (corpId, id) => store.findOperation(db, corpId, id),
    recent: (corpId, limit) => store.recentOperations(db, corpId, limit),
    start() {
      working = true
      const look = () => {
        sweep().catch((error: unknown) => log.warn({ err: error }, 'looking for orphaned operations failed'))
      }
      look()
      timer = setInterval(look, options.sweepMs ?? sweepMs)
      timer.unref()
    },
    async stop() {
      working = false
      clearInterval(timer)
      for (const { run } of running.values()) run.interrupt()
      await pumping
      await Promise.all([...running.values()].map(({ ended }) => ended))
    },
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof AppError) return error.said.zh
  return `意外错误 Unexpected: ${error instanceof Error ? error.message : String(error)}`
}
