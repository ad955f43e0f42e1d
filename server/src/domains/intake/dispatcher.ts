import type { Callback } from './callback.ts'

/** The process stops while the database is away: what is open stays leased and is taken over at the next start. */
class Abandoned extends Error {}

/** Handles a chunk whole: resolves when every callback of it is settled; throws when none of it was. */
export type ChunkHandler = (callbacks: readonly Callback[]) => Promise<void>

export interface DispatcherPorts {
  readonly handle: ChunkHandler
  /** A callback whose handling failed alone; it goes to the retries. */
  readonly onFailed: (callback: Callback, error: unknown) => Promise<void>
  /** These were neither handled nor noted as failed; their batches stay open for whoever takes them over. */
  readonly onLeft: (callbacks: readonly Callback[], error: unknown) => void
  /** All callbacks of these batches are settled. */
  readonly onBatchesSettled: (batchIds: readonly number[]) => void
  /** Answers whether the database is there; while it is not, chunks wait instead of failing. */
  readonly databaseAnswers: () => Promise<boolean>
  readonly wait: (ms: number) => Promise<void>
  readonly welcomeWorkers: number
  readonly normalWorkers: number
  readonly chunk: number
}

export interface Dispatcher {
  /** Takes callbacks of one batch; `batchId` 0: of none (a retry). */
  push(batchId: number, callbacks: readonly Callback[]): void
  readonly depth: number
  /** Whether callbacks of this batch are still to be settled here. */
  has(batchId: number): boolean
  drain(): Promise<void>
  stop(): void
}

interface Entry {
  readonly callback: Callback
  readonly batchId: number
}

/**
 * Two lanes. Adds that carry a welcome code go earliest deadline first; everything else in order of arrival. The lane
 * decides only who is handled first: both run the same handling.
 */
export function createDispatcher(ports: DispatcherPorts): Dispatcher {
  const welcome: Entry[] = []
  // what concerns one customer goes to one worker: an add and the edit after it must not wait for each other in two chunks
  const normal: Entry[][] = Array.from({ length: ports.normalWorkers }, () => [])
  const open = new Map<number, number>()
  let stopped = false
  let busy = 0
  let welcomeWorkers = 0
  const working = normal.map(() => false)
  const idle: (() => void)[] = []

  function takeWelcome(): Entry[] {
    welcome.sort((a, b) => a.callback.deadlineMs - b.callback.deadlineMs)
    return welcome.splice(0, ports.chunk)
  }

  const waiting = (): number => normal.reduce((sum, queue) => sum + queue.length, welcome.length)

  function pump(): void {
    while (!stopped && welcome.length > 0 && welcomeWorkers < ports.welcomeWorkers) {
      welcomeWorkers += 1
      void work(takeWelcome(), () => {
        welcomeWorkers -= 1
      })
    }
    normal.forEach((queue, at) => {
      if (stopped || queue.length === 0 || working[at]) return
      working[at] = true
      void work(queue.splice(0, ports.chunk), () => {
        working[at] = false
      })
    })
    if (busy === 0 && (stopped || waiting() === 0)) for (const resolve of idle.splice(0)) resolve()
  }

  async function work(entries: readonly Entry[], done: () => void): Promise<void> {
    busy += entries.length
    try {
      await settle(entries)
    } finally {
      busy -= entries.length
      done()
      pump()
    }
  }

  async function settle(entries: readonly Entry[]): Promise<void> {
    try {
      await handleOrNote(entries)
    } catch (error) {
      const left = entries.map((entry) => entry.callback)
      if (!(error instanceof Abandoned)) ports.onLeft(left, error)
      return
    }
    closeBatches(entries)
  }

  async function handleOrNote(entries: readonly Entry[]): Promise<void> {
    try {
      await whenPossible(() => ports.handle(entries.map((entry) => entry.callback)))
    } catch (error) {
      if (error instanceof Abandoned) throw error
      // one poisoned callback must not take its neighbours with it
      for (const { callback } of entries) await handleAlone(callback, entries.length === 1 ? error : undefined)
    }
  }

  async function handleAlone(callback: Callback, known: unknown): Promise<void> {
    try {
      if (known !== undefined) throw known
      await whenPossible(() => ports.handle([callback]))
    } catch (error) {
      if (error instanceof Abandoned) throw error
      await whenPossible(() => ports.onFailed(callback, error))
    }
  }

  /** Tries for as long as the database is away; throws what fails while it is there. */
  async function whenPossible(work: () => Promise<void>): Promise<void> {
    for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
      try {
        return await work()
      } catch (error) {
        if (await ports.databaseAnswers()) throw error
        if (stopped) throw new Abandoned('the database is away and the process stops', { cause: error })
        await ports.wait(pause)
      }
    }
  }

  function closeBatches(entries: readonly Entry[]): void {
    const settled: number[] = []
    for (const { batchId } of entries) {
      if (batchId === 0) continue
      const left = (open.get(batchId) ?? 1) - 1
      if (left === 0) {
        open.delete(batchId)
        settled.push(batchId)
      } else open.set(batchId, left)
    }
    if (settled.length > 0) ports.onBatchesSettled(settled)
  }

  function queueOf(callback: Callback): Entry[] {
    if (callback.lane === 'welcome') return welcome
    return normal[shardOf(callback.subject ?? '', normal.length)] ?? welcome
  }

  return {
    push(batchId, callbacks) {
      if (batchId !== 0) open.set(batchId, (open.get(batchId) ?? 0) + callbacks.length)
      for (const callback of callbacks) queueOf(callback).push({ callback, batchId })
      pump()
    },
    get depth() {
      return waiting() + busy
    },
    has: (batchId) => open.has(batchId),
    drain: () =>
      new Promise((resolve) => {
        idle.push(resolve)
        pump()
      }),
    stop() {
      stopped = true
    },
  }
}

/** The same text always falls to the same of so many workers. */
function shardOf(text: string, shards: number): number {
  let hash = 0
  for (let i = 0; i < text.length; i += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) >>> 0
  return hash % shards
}
