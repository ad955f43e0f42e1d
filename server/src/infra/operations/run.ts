import { isDatabaseAway } from '../db/away.ts'
import type { Database } from '../db/database.ts'
import type { Log } from '../log.ts'
import { type ClaimedOperation, type Progress, writeProgress } from './operations.store.ts'
import { OperationCancelled, OperationInterrupted, type OperationRun } from './operations.ts'

/** Progress reaches the database at most twice a second. Machine time. */
const writeEveryMs = 500

/** An operation while it runs here. */
export interface LiveRun extends OperationRun<unknown> {
  /** Writes what was reported and not yet written. */
  flush(): Promise<void>
  /** The next progress call throws `OperationCancelled`. */
  cancel(): void
  /** The next progress call throws `OperationInterrupted`. */
  interrupt(): void
}

export function createRun(options: {
  db: Database
  processId: number
  claimed: ClaimedOperation
  log: Log
  machineNow?: () => number
}): LiveRun {
  const { db, processId, claimed, log } = options
  const now = options.machineNow ?? (() => performance.now())
  let pending: Progress | undefined
  let writtenAt = Number.NEGATIVE_INFINITY
  let stop: OperationCancelled | OperationInterrupted | undefined

  const flush = async () => {
    if (pending === undefined) return
    const writing = pending
    pending = undefined
    writtenAt = now()
    try {
      const ours = await writeProgress(db, claimed.id, processId, writing)
      if (ours === undefined) stop = new OperationInterrupted('another process took this operation over')
      else if (ours.cancelAsked) stop ??= new OperationCancelled()
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      // the work goes on; what it reports next holds this too
      pending ??= writing
      log.warn({ err: error, operation: claimed.id }, 'progress was not written')
    }
  }
  return {
    id: claimed.id,
    corpId: claimed.corpId,
    input: claimed.input,
    checkpoint: claimed.checkpoint,
    async progress(report) {
      pending = {
        done: report.done,
        total: report.total ?? pending?.total,
        checkpoint: report.checkpoint ?? pending?.checkpoint,
      }
      if (stop === undefined && now() - writtenAt >= writeEveryMs) await flush()
      if (stop === undefined) return
      // the point reached is where the next process goes on
      if (stop instanceof OperationInterrupted) await flush()
      throw stop
    },
    flush,
    cancel() {
      stop ??= new OperationCancelled()
    },
    interrupt() {
      stop ??= new OperationInterrupted('this process stops')
    },
  }
}
