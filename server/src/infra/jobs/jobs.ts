import { Logger, type Runner, run, runMigrations } from 'graphile-worker'
import { sql } from 'kysely'
import type pg from 'pg'
import type { Executor } from '../db/database.ts'
import type { Log } from '../log.ts'
import { patientPool } from './patient-pool.ts'

export type JobHandler = (payload: unknown, signal: AbortSignal) => Promise<void>

/**
 * Background jobs on the same database, put there by the transaction that makes them necessary. Machine time only:
 * the queue is told "run now"; business-time schedules stand in the due table.
 */
export interface Jobs {
  /** Registers what a job does; call before `start`. */
  define(name: string, handler: JobHandler): void
  /** Puts a job into the queue when the transaction commits. With a `key` a waiting one of the same key is replaced. */
  enqueue(on: Executor, name: string, payload: unknown, options?: { key?: string; maxAttempts?: number }): Promise<void>
  /** Makes the queue's tables; every role needs them, because every role enqueues. */
  migrate(): Promise<void>
  /** Starts working; only processes with the role `worker`. */
  start(): Promise<void>
  /** Lets running jobs finish for a moment, then gives up on them: they run again elsewhere. */
  stop(): Promise<void>
}

const restartMs = 1_000

export function createJobs(options: { pool: pg.Pool; log: Log; concurrency?: number }): Jobs {
  const { pool, log } = options
  const handlers = new Map<string, JobHandler>()
  const logger = new Logger(() => (level, message) => {
    if (level === 'error') log.error({ queue: true }, message)
    else if (level === 'warning') log.warn({ queue: true }, message)
    else log.trace({ queue: true }, message)
  })
  let runner: Runner | undefined
  let stopped = true
  let restart: NodeJS.Timeout | undefined

  const startRunner = async () => {
    const started = await run({
      pgPool: patientPool(pool, () => stopped),
      concurrency: options.concurrency ?? 4,
      noHandleSignals: true,
      pollInterval: 2_000,
      gracefulShutdownAbortTimeout: 500,
      logger,
      parsedCronItems: [],
      taskList: Object.fromEntries(
        [...handlers].map(([name, handler]) => [
          name,
          (payload: unknown, helpers: { abortSignal: AbortSignal }) => handler(payload, helpers.abortSignal),
        ]),
      ),
    })
    runner = started
    // the runner ends by itself when the database is away too long; work goes on when it is back
    const ended = (error?: unknown) => {
      if (runner === started) runner = undefined
      if (stopped) return
      log.warn({ err: error }, 'the job queue stopped by itself; starting it again')
      again()
    }
    started.promise.then(() => ended(), ended)
  }
  const again = () => {
    restart = setTimeout(() => {
      if (!stopped) startRunner().catch(() => again())
    }, restartMs)
    restart.unref()
  }
  return {
    define(name, handler) {
      if (runner !== undefined) throw new Error(`job ${name} was defined after the queue was started`)
      handlers.set(name, handler)
    },
    async enqueue(on, name, payload, { key, maxAttempts } = {}) {
      await sql`select graphile_worker.add_job(
        ${name}, ${JSON.stringify(payload)}::json, job_key => ${key ?? null}, max_attempts => ${maxAttempts ?? null}::int
      )`.execute(on)
    },
    migrate: () => runMigrations({ pgPool: pool, logger }),
    async start() {
      stopped = false
      await startRunner()
    },
    async stop() {
      stopped = true
      clearTimeout(restart)
      await runner?.stop()
      runner = undefined
    },
  }
}
