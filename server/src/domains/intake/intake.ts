import { join } from 'node:path'
import { limitProfile } from '@nuanyu/wecom'
import { sql } from 'kysely'
import type { Services } from '../../infra/services.ts'
import type { Callback } from './callback.ts'
import { type CallbackApps, createCallbackApps } from './callback-apps.ts'
import { type CommitWriter, createCommitWriter } from './commit-writer.ts'
import { type ChunkHandler, createDispatcher, type Dispatcher } from './dispatcher.ts'
import { createInboxJobs, failureOf } from './inbox.jobs.ts'
import { recordFailures, removeBatches, type StoredBatch, storeCallbacks } from './inbox.store.ts'
import { toCallback, type WelcomeTiming } from './receive.ts'
import { isRefusal } from './retry-plan.ts'
import { createSpillFile, isAlive, type SpilledCallback } from './spill.ts'

/** Sends must leave this long before the code dies: the platform's answer and the network stand between. */
const sendMarginMs = 1_500
const maxBatch = 500
/** Half of what the platform waits for an answer: there must be time left for the spill file. */
const storeLimitMs = 2_500
/** So long after a store that failed its commit may still turn up: the database ends a broken connection's work late. */
const unheardMs = 60_000

export interface Intake {
  readonly apps: CallbackApps
  readonly writer: CommitWriter<Callback>
  readonly dispatcher: Dispatcher
  readonly timing: WelcomeTiming
  /** Takes over what dead processes left; answers how many callbacks. */
  adopt(deadProcesses: readonly number[]): Promise<number>
  /** One round of upkeep: the spill file, commits that were not heard of, due retries. */
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
    isAlive,
    onBroken: (file, lines) =>
      log.error({ file, lines }, 'a spill file has lines that cannot be stored; it was kept as .broken'),
  })
  // at first too: an earlier run may have left a file
  let spilled = true

  const dispatcher = createDispatcher({
    handle: options.handle,
    onFailed: async (callback, error) => {
      const failure = failureOf(callback, 1, error)
      log.warn({ err: error, callback: callback.id, kind: callback.kind }, 'a callback could not be handled')
      await recordFailures(db, [failure], new Date())
      metrics.callbacks.inc({ outcome: failure.nextAt === undefined ? 'dead' : 'retry' })
    },
    onLeft: (callbacks, error) =>
      log.error(
        { err: error, callbacks: callbacks.map((callback) => callback.id) },
        'callbacks were neither handled nor noted as failed; the next start takes them up',
      ),
    onBatchesSettled: (batchIds) => {
      for (const id of batchIds) settled.add(id)
    },
    databaseAnswers: () =>
      sql`select 1`.execute(db).then(
        () => true,
        () => false,
      ),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    welcomeWorkers: 3,
    normalWorkers: 2,
    chunk: 400,
  })

  // settled batches are removed together: one statement for whatever came to an end meanwhile
  const settled = new Set<number>()
  let removing: Promise<void> | undefined
  const removeSettled = (): void => {
    if (settled.size === 0 || removing !== undefined) return
    const ids = [...settled]
    removing = removeBatches(db, ids)
      .then(() => {
        for (const id of ids) settled.delete(id)
      })
      .catch((error) => log.warn({ err: error }, 'settled batches could not be removed yet'))
      .finally(() => {
        removing = undefined
      })
  }
  const remover = setInterval(removeSettled, 50)
  remover.unref()

  /** Stores under way, by when they began; and the last moment at which one failed that may have been committed. */
  const storing = new Set<Date>()
  let failedAt: Date | undefined
  async function store(callbacks: readonly Callback[]): Promise<StoredBatch> {
    const at = new Date()
    storing.add(at)
    try {
      return await storeCallbacks(db, processId, callbacks, at)
    } catch (error) {
      if (!isRefusal(error)) failedAt = new Date()
      throw error
    } finally {
      storing.delete(at)
    }
  }

  const writer = createCommitWriter<Callback>({
    store: async (callbacks) => {
      const { batchId, ids } = await store(callbacks)
      const stored = callbacks.flatMap((callback, i) => {
        const id = ids.get(i)
        return id === undefined ? [] : [{ ...callback, id }]
      })
      if (stored.length > 0) dispatcher.push(batchId, stored)
      return callbacks.map((_, i) => ids.get(i))
    },
    spill: async (callbacks) => {
      await spill.append(callbacks.map(toSpilled))
      spilled = true
      metrics.callbacks.inc({ outcome: 'spilled' }, callbacks.length)
    },
    onStored: (count) => {
      metrics.callbacks.inc({ outcome: 'stored' }, count)
      services.pressure.note(count)
    },
    onStoreFailed: (error) => log.error({ err: error }, 'callbacks could not be stored; they go to the spill file'),
    isRefusal,
    maxBatch,
    lingerMs: 1,
    storeLimitMs,
  })

  const jobs = createInboxJobs({
    db,
    log,
    processId,
    spill,
    store,
    push: (batchId, callbacks) => dispatcher.push(batchId, callbacks),
    handle: options.handle,
    read: (app, xml, receivedAt) => toCallback(app, xml, receivedAt, performance.now(), timing),
  })

  async function drainSpill(): Promise<void> {
    // before, not after: what is spilled meanwhile goes to a new file
    spilled = false
    try {
      const drained = await jobs.drainSpill()
      if (drained > 0) log.info({ drained }, 'the spill file was drained')
    } catch (error) {
      spilled = true
      throw error
    }
  }

  /**
   * Our own batches that stand in the database and are open nowhere here: their commit was not heard of, or a crash of
   * the database undid their removal. Handled once more, which changes nothing for the latter.
   */
  async function takeUpUnheard(): Promise<void> {
    const now = Date.now()
    const old = new Date(now - unheardMs)
    const until = failedAt !== undefined && failedAt > old ? failedAt : old
    // one that is under way pushes its callbacks itself; one of a connection that died without a word never will
    if ([...storing].some((at) => at <= until && at > old)) return
    await jobs.adoptUnheard(until, (batchId) => dispatcher.has(batchId) || settled.has(batchId))
  }

  return {
    apps,
    writer,
    dispatcher,
    timing,
    adopt: jobs.adopt,
    async tend() {
      metrics.inboxDepth.set(dispatcher.depth)
      await apps.refresh()
      writer.recovered()
      if (spilled) await drainSpill()
      await takeUpUnheard()
      await jobs.retryDue(new Date())
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
