import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll } from 'vitest'
import { manualClock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { createListener } from '../db/listen.ts'
import { createJobs } from '../jobs/jobs.ts'
import { createLog } from '../log.ts'
import type { TestDatabase } from '../postgres/testing.ts'
import { createOperations } from './create.ts'
import { askCancel, findOperation, insertOperation, recentOperations } from './operations.store.ts'
import {
  OperationCancelled,
  OperationInterrupted,
  type OperationRequest,
  type OperationRun,
  type Operations,
  type OperationTask,
  type OperationView,
} from './operations.ts'

/** Operations as a worker runs them, while the tests of a file run; what they do is defined before the first. */
export async function workingOperations({ db, pool }: Pick<TestDatabase, 'db' | 'pool'>): Promise<Operations> {
  const log = createLog('silent')
  const jobs = createJobs({ pool, log })
  await jobs.migrate()
  const listener = createListener(pool, log)
  const clock = manualClock('2026-11-11T10:00:00+08:00')
  const operations = createOperations({ db, jobs, listener, clock, log, processId: 1 })
  beforeAll(async () => {
    await listener.start()
    await jobs.start()
    operations.start(db)
  })
  afterAll(async () => {
    await operations.stop()
    await jobs.stop()
    await listener.stop()
  })
  return operations
}

/** The operation as it ended, however it ended; one that never does is ended by the test's own limit. */
export async function operationOver(
  operations: Pick<Operations, 'find'>,
  corpId: number,
  id: string,
): Promise<OperationView> {
  for (;;) {
    const view = await operations.find(corpId, id)
    if (view !== undefined && view.finishedAt !== null) return view
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/**
 * Where a run breaks off: its process is killed, or a person cancels it, at the nth report of something done; the first
 * report says how much was done before.
 */
export interface BreakOff {
  readonly after: number
  readonly how: 'killed' | 'cancelled'
}

/** A run of which nothing is stored but what `keep` does with its checkpoints, for a task that a test calls by itself. */
export function testRun(
  of: Omit<OperationRun<unknown>, 'progress'>,
  { after, how }: BreakOff = { after: Number.POSITIVE_INFINITY, how: 'killed' },
  keep: (checkpoint: unknown) => Promise<unknown> = async () => undefined,
): OperationRun<unknown> {
  let before: number | undefined
  let reports = 0
  return {
    ...of,
    async progress({ done, checkpoint }) {
      if (checkpoint !== undefined) await keep(checkpoint)
      before ??= done
      if (done > before) reports += 1
      if (reports < after) return
      throw how === 'killed' ? new OperationInterrupted('the test stops it') : new OperationCancelled()
    },
  }
}

export interface HeldOperations extends Operations {
  /** What was begun, in order. */
  readonly begun: readonly (OperationRequest & { readonly id: string })[]
  /** Runs one, the last begun unless told; what it answers, or undefined where it broke off. */
  run(id?: string, breakOff?: BreakOff): Promise<unknown>
}

/** Operations that are stored when they are begun, and run here when the test says so. */
export function heldOperations(db: () => Database): HeldOperations {
  const tasks = new Map<string, OperationTask<never>>()
  const begun: (OperationRequest & { readonly id: string })[] = []
  const write = (id: string, state: OperationView['state']) =>
    db().updateTable('operations').set({ state }).where('id', '=', id).execute()
  const noteCheckpoint = (id: string, checkpoint: unknown) =>
    db()
      .updateTable('operations')
      .set({ checkpoint: JSON.stringify(checkpoint) })
      .where('id', '=', id)
      .execute()
  return {
    begun,
    define: (kind, task) => void tasks.set(kind, task),
    async begin(request, on) {
      const id = uuid()
      await insertOperation(on ?? db(), id, request, new Date())
      begun.push({ id, ...request })
      return id
    },
    cancel: (corpId, id) => askCancel(db(), corpId, id, new Date()),
    find: (corpId, id) => findOperation(db(), corpId, id),
    recent: (corpId, limit) => recentOperations(db(), corpId, limit),
    start: () => undefined,
    stop: async () => undefined,
    async run(id = begun.at(-1)?.id, breakOff) {
      const row = await db()
        .selectFrom('operations')
        .select(['id', 'kind', 'corp_id', 'input', 'checkpoint'])
        .where('id', '=', id ?? uuid())
        .executeTakeFirstOrThrow()
      const task = tasks.get(row.kind)
      if (task === undefined) throw new Error(`operation kind ${row.kind} is not defined`)
      await write(row.id, 'running')
      const { corp_id: corpId, input, checkpoint } = row
      try {
        // the kind's definer knows its input's type; it wrote it in `begin`
        const result = await (task as OperationTask<unknown>)(
          testRun({ id: row.id, corpId, input, checkpoint }, breakOff, (reached) => noteCheckpoint(row.id, reached)),
        )
        await write(row.id, 'done')
        return result
      } catch (error) {
        if (error instanceof OperationInterrupted) return undefined
        await write(row.id, error instanceof OperationCancelled ? 'cancelled' : 'failed')
        if (error instanceof OperationCancelled) return undefined
        throw error
      }
    },
  }
}
