import type { Callback } from './callback.ts'

export type Acceptance = 'stored' | 'repeat' | 'spilled'

export interface CommitWriter {
  /** Resolves when the callback is durable; rejects when it could not be made so: then no answer may be given. */
  accept(callback: Callback): Promise<Acceptance>
  /** Waits for what was accepted. */
  drain(): Promise<void>
}

export interface CommitWriterPorts {
  /** Stores the list durably; answers for each position its id, or undefined for a repeat. */
  readonly store: (callbacks: readonly Callback[]) => Promise<readonly (number | undefined)[]>
  readonly spill: (callbacks: readonly Callback[]) => Promise<void>
  readonly onStored: (callbacks: readonly Callback[]) => void
  readonly onStoreFailed: (error: unknown) => void
  readonly maxBatch: number
  /** How long a batch that is not full waits for company while another flush is under way; ms. */
  readonly lingerMs: number
}

interface Waiting {
  readonly callback: Callback
  readonly settle: (acceptance: Acceptance) => void
  readonly fail: (error: unknown) => void
}

/** Group commit: one writer that flushes as soon as it is free, so that a burst shares its fsyncs. */
export function createCommitWriter(ports: CommitWriterPorts): CommitWriter {
  const queue: Waiting[] = []
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    if (ports.lingerMs > 0) await new Promise((resolve) => setTimeout(resolve, ports.lingerMs))
    while (queue.length > 0) {
      const batch = queue.splice(0, ports.maxBatch)
      await flush(batch)
    }
    running = undefined
  }

  async function flush(batch: readonly Waiting[]): Promise<void> {
    // repeats within one batch would meet the same key twice in one statement
    const first = new Map<string, Waiting>()
    for (const waiting of batch) {
      const key = waiting.callback.key.toString('latin1')
      if (!first.has(key)) first.set(key, waiting)
    }
    const unique = [...first.values()]
    try {
      const ids = await ports.store(unique.map((waiting) => waiting.callback))
      const stored: Callback[] = []
      unique.forEach((waiting, position) => {
        const id = ids[position]
        if (id !== undefined) stored.push({ ...waiting.callback, id })
      })
      if (stored.length > 0) ports.onStored(stored)
      const fresh = new Set(stored.map((callback) => callback.key))
      for (const waiting of batch) waiting.settle(fresh.has(waiting.callback.key) ? 'stored' : 'repeat')
    } catch (error) {
      ports.onStoreFailed(error)
      await spill(batch, unique)
    }
  }

  async function spill(batch: readonly Waiting[], unique: readonly Waiting[]): Promise<void> {
    try {
      await ports.spill(unique.map((waiting) => waiting.callback))
      for (const waiting of batch) waiting.settle('spilled')
    } catch (error) {
      for (const waiting of batch) waiting.fail(error)
    }
  }

  return {
    accept: (callback) =>
      new Promise((settle, fail) => {
        queue.push({ callback, settle, fail })
        running ??= run()
      }),
    async drain() {
      while (running !== undefined) await running
    },
  }
}
