import { join } from 'node:path'
import { limitProfile } from '@nuanyu/wecom'
import { sql } from 'kysely'
import type { Services } from '../../infra/services.ts'
import type { Callback } from './callback.ts'
import { type CallbackApps, createCallbackApps } from './callback-apps.ts'
import { type CommitWriter, createCommitWriter } from './commit-writer.ts'
import { type ChunkHandler, createDispatcher, type Dispatcher } from './dispatcher.ts'
import {
  adoptBatches,
  type CallbackRow,
  ownBatches,
  recordFailures,
  removeBatches,
  removeRetries,
  storeCallbacks,
  takeDueRetries,
} from './inbox.store.ts'
import { toCallback, type WelcomeTiming } from './receive.ts'
import { nextAttempt, reasonOf } from './retry-plan.ts'
import { createSpillFile, type SpilledCallback } from './spill.ts'

/** Sends must leave this long before the code dies: the platform's answer and the network stand between. */
const sendMarginMs = 1_500
const maxBatch = 500

export interface Intake {
  readonly apps: CallbackApps
  readonly writer: CommitWriter
  readonly dispatcher: Dispatcher
  readonly timing: WelcomeTiming
  /** Takes over what dead processes left; answers how many callbacks. */
  adopt(deadProcesses: readonly number[]): Promise<number>
  /** One round of upkeep: the spill file, due retries. */
  tend(): Promise<void>
  stop(): Promise<void>
}

export interface IntakeOptions {
  readonly handle: ChunkHandler
  readonly pid?: number
}

/** The inbox at work: verified callbacks become durable, then are handled; nothing acknowledged is lost. */
export function createIntake(services: Services, options: IntakeOptions): Intake {
  const { db, vault, log, metrics, processId } = services
  const apps = createCallbackApps(db, vault)
  const timing: WelcomeTiming = {
    lifeMs: Number(limitProfile().value('welcome_code.ttl_s')) * 1000,
    marginMs: sendMarginMs,
  }
  const spill = createSpillFile(join(services.config.dataDir, 'spill'), {
    pid: options.pid ?? process.pid,
    isAlive: isAlive,
    onBroken: (file, lines) =>
      log.error({ file, lines }, 'a spill file has lines that cannot be read; it was kept as .broken'),
  })
  let spilling = false
  const attempts = new Map<number, number>()

  const dispatcher = createDispatcher({
    handle: options.handle,
    onFailed: async (callback, error) => {
      const tried = (attempts.get(callback.id) ?? 0) + 1
      const nextAt = nextAttempt(tried, new Date())
      log.warn({ err: error, callback: callback.id, kind: callback.kind, tried }, 'a callback could not be handled')
      await recordFailures(
        db,
        [
          {
            callbackId: callback.id,
            corpId: callback.corpId,
            receivedAt: callback.receivedAt,
            reason: reasonOf(error),
            attempts: tried,
            nextAt,
          },
        ],
        new Date(),
      )
      metrics.callbacks.inc({ outcome: nextAt === undefined ? 'dead' : 'retry' })
    },
    onBatchesSettled: (batchIds) => settled.push(...batchIds),
    databaseAnswers: () =>
      sql`select 1`.execute(db).then(
        () => true,
        () => false,
      ),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    welcomeWorkers: 3,
    // one at a time: what follows of one customer (add, edit) must not wait for itself in another chunk
    normalWorkers: 1,
    chunk: 500,
  })

  // settled batches are removed together: one statement for whatever came to an end meanwhile
  const settled: number[] = []
  let removing: Promise<void> | undefined
  const removeSettled = (): void => {
    if (settled.length === 0 || removing !== undefined) return
    const ids = settled.splice(0)
    removing = removeBatches(db, ids)
      .catch((error) => {
        log.warn({ err: error }, 'settled batches could not be removed yet')
        settled.push(...ids)
      })
      .finally(() => {
        removing = undefined
      })
  }
  const remover = setInterval(removeSettled, 50)
  remover.unref()

  const writer = createCommitWriter({
    store: async (callbacks) => {
      const { batchId, ids } = await storeCallbacks(db, processId, callbacks, new Date())
      const stored = callbacks.flatMap((callback, i) => {
        const id = ids.get(i)
        return id === undefined ? [] : [{ ...callback, id }]
      })
      if (stored.length > 0) dispatcher.push(batchId, stored)
      return callbacks.map((_, i) => ids.get(i))
    },
    spill: async (callbacks) => {
      await spill.append(callbacks.map(toSpilled))
      spilling = true
      metrics.callbacks.inc({ outcome: 'spilled' }, callbacks.length)
    },
    onStored: (callbacks) => metrics.callbacks.inc({ outcome: 'stored' }, callbacks.length),
    onStoreFailed: (error) => log.error({ err: error }, 'callbacks could not be stored; they go to the spill file'),
    maxBatch,
    lingerMs: 1,
  })

  function revive(row: CallbackRow): Callback[] {
    if (row.body === null) return []
    const callback = toCallback(
      { corpId: row.corpId, appId: row.appId },
      row.body,
      row.receivedAt,
      performance.now(),
      timing,
    )
    return [{ ...callback, id: row.id }]
  }

  async function adopt(deadProcesses: readonly number[]): Promise<number> {
    let total = 0
    for (;;) {
      const rows = await adoptBatches(db, deadProcesses, processId, 50)
      if (rows.length === 0) return total
      const byBatch = Map.groupBy(rows, (row) => row.batchId)
      for (const [batchId, list] of byBatch) dispatcher.push(batchId, list.flatMap(revive))
      total += rows.length
    }
  }

  /** After a crash of the database alone, batches that we settled can stand again; nothing of them is open here. */
  async function forgetUndone(): Promise<void> {
    const ids = await ownBatches(db, processId, new Date(Date.now() - 60_000))
    settled.push(...ids.filter((id) => !dispatcher.isOpen(id)))
  }

  async function drainSpill(): Promise<void> {
    const drained = await spill.drain(async (lines) => {
      const callbacks = lines.map((line) =>
        toCallback(line, line.xml, new Date(line.receivedAt), performance.now(), timing),
      )
      const { batchId, ids } = await storeCallbacks(db, processId, uniqueByKey(callbacks), new Date())
      const unique = uniqueByKey(callbacks)
      dispatcher.push(
        batchId,
        unique.flatMap((callback, i) => {
          const id = ids.get(i)
          return id === undefined ? [] : [{ ...callback, id }]
        }),
      )
    })
    spilling = false
    if (drained > 0) log.info({ drained }, 'the spill file was drained')
  }

  async function retryDue(): Promise<void> {
    const rows = await takeDueRetries(db, new Date(), 200)
    for (const row of rows) {
      attempts.set(row.id, row.attempts)
      const [callback] = revive(row)
      if (callback === undefined) {
        await removeRetries(db, [row.id])
        continue
      }
      try {
        await options.handle([callback])
        await removeRetries(db, [row.id])
      } catch (error) {
        const tried = row.attempts + 1
        await recordFailures(
          db,
          [
            {
              callbackId: row.id,
              corpId: row.corpId,
              receivedAt: row.receivedAt,
              reason: reasonOf(error),
              attempts: tried,
              nextAt: nextAttempt(tried, new Date()),
            },
          ],
          new Date(),
        )
      }
      attempts.delete(row.id)
    }
  }

  let firstTend = true
  return {
    apps,
    writer,
    dispatcher,
    timing,
    adopt,
    async tend() {
      metrics.inboxDepth.set(dispatcher.depth)
      if (spilling || firstTend) await drainSpill()
      firstTend = false
      await forgetUndone()
      await retryDue()
      await apps.refresh()
    },
    async stop() {
      await writer.drain()
      dispatcher.stop()
      await dispatcher.drain()
      clearInterval(remover)
      await removing
      removeSettled()
      await removing
    },
  }

  function toSpilled(callback: Callback): SpilledCallback {
    return {
      corpId: callback.corpId,
      appId: callback.appId,
      receivedAt: callback.receivedAt.toISOString(),
      xml: callback.xml,
    }
  }
}

function uniqueByKey(callbacks: readonly Callback[]): Callback[] {
  return [...new Map(callbacks.map((callback) => [callback.key.toString('latin1'), callback])).values()]
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
