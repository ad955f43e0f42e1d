import type { Database } from '../../infra/db/database.ts'
import type { Log } from '../../infra/log.ts'
import type { Callback } from './callback.ts'
import { inHalves } from './halving.ts'
import {
  adoptBatches,
  batchesOf,
  type CallbackRow,
  callbacksOfBatches,
  type Failure,
  recordFailures,
  removeBatches,
  removeRetries,
  type StoredBatch,
  takeDueRetries,
} from './inbox.store.ts'
import { isRefusal, nextAttempt, reasonOf } from './retry-plan.ts'
import type { SpilledCallback, SpillFile } from './spill.ts'

export interface InboxPorts {
  readonly db: Database
  readonly log: Log
  readonly processId: number
  readonly spill: SpillFile
  readonly store: (callbacks: readonly Callback[]) => Promise<StoredBatch>
  readonly push: (batchId: number, callbacks: readonly Callback[]) => void
  readonly handle: (callbacks: readonly Callback[]) => Promise<void>
  /** The callback of a stored document again; throws when it cannot be read. */
  readonly read: (app: { readonly corpId: number; readonly appId: string }, xml: string, receivedAt: Date) => Callback
}

/** What brings callbacks back that did not go straight through: the spill file, dead processes, retries. */
export function createInboxJobs(ports: InboxPorts) {
  const { db, log } = ports

  function revive(row: CallbackRow): Callback[] {
    if (row.body === null) return []
    return [{ ...ports.read(row, row.body, row.receivedAt), id: row.id }]
  }

  /** Pushes what can still be handled; a batch with nothing of that kind, e.g. erased since, is done. */
  async function pushRows(rows: readonly CallbackRow[], batchIds: Iterable<number>): Promise<void> {
    const byBatch = Map.groupBy(rows, (row) => row.batchId)
    const done: number[] = []
    for (const batchId of batchIds) {
      const callbacks = (byBatch.get(batchId) ?? []).flatMap(revive)
      if (callbacks.length === 0) done.push(batchId)
      else ports.push(batchId, callbacks)
    }
    if (done.length > 0) await removeBatches(db, done)
  }

  return {
    /** Takes over what dead processes left; answers how many callbacks. */
    async adopt(deadProcesses: readonly number[]): Promise<number> {
      let total = 0
      for (;;) {
        const rows = await adoptBatches(db, deadProcesses, ports.processId, 50)
        if (rows.length === 0) return total
        await pushRows(rows, new Set(rows.map((row) => row.batchId)))
        total += rows.length
      }
    },

    /** Our own batches stored until `until` that nobody here knows of. */
    async adoptUnheard(until: Date, isKnown: (batchId: number) => boolean): Promise<number> {
      const ids = (await batchesOf(db, ports.processId, until)).filter((id) => !isKnown(id))
      if (ids.length === 0) return 0
      const rows = await callbacksOfBatches(db, ids)
      await pushRows(rows, ids)
      log.warn(
        { batches: ids.length, callbacks: rows.length },
        'took up callbacks that stood in the database and were open nowhere',
      )
      return rows.length
    },

    /** Stores what was spilled; what the database refuses for what it is stays in its file, set aside. */
    async drainSpill(): Promise<number> {
      return ports.spill.drain(async (lines) => {
        let refused = 0
        const refuse = async (line: SpilledCallback, error: unknown): Promise<void> => {
          refused += 1
          log.error({ err: error, app: line.appId, receivedAt: line.receivedAt }, 'a spilled callback cannot be stored')
        }
        await inHalves(lines, { attempt: storeSpilled, isRefusal, alone: refuse })
        return { refused }
      })
    },

    async retryDue(now: Date): Promise<void> {
      for (const row of await takeDueRetries(db, now, 200)) {
        const failure = await attempt(row)
        if (failure === undefined) await removeRetries(db, [row.id])
        else await recordFailures(db, [failureOf(row, row.attempts + 1, failure.error)], new Date())
      }
    },
  }

  async function storeSpilled(lines: readonly SpilledCallback[]): Promise<void> {
    const callbacks = uniqueByKey(lines.map((line) => ports.read(line, line.xml, new Date(line.receivedAt))))
    const { batchId, ids } = await ports.store(callbacks)
    const fresh = callbacks.flatMap((callback, i) => {
      const id = ids.get(i)
      return id === undefined ? [] : [{ ...callback, id }]
    })
    if (fresh.length > 0) ports.push(batchId, fresh)
  }

  async function attempt(row: CallbackRow): Promise<{ readonly error: unknown } | undefined> {
    try {
      const callbacks = revive(row)
      if (callbacks.length > 0) await ports.handle(callbacks)
      return undefined
    } catch (error) {
      return { error }
    }
  }
}

/** How a failed callback is noted: when it is tried again, or that a person decides. */
export function failureOf(
  callback: { readonly id: number; readonly corpId: number; readonly receivedAt: Date },
  attempts: number,
  error: unknown,
): Failure {
  return {
    callbackId: callback.id,
    corpId: callback.corpId,
    receivedAt: callback.receivedAt,
    reason: reasonOf(error),
    attempts,
    nextAt: nextAttempt(attempts, new Date()),
  }
}

function uniqueByKey(callbacks: readonly Callback[]): Callback[] {
  return [...new Map(callbacks.map((callback) => [callback.key.toString('latin1'), callback])).values()]
}
