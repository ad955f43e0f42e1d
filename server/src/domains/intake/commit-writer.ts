import { inHalves } from './halving.ts'

export type Acceptance = 'stored' | 'repeat' | 'spilled'

/** What two deliveries of the same thing have in common. */
export interface Keyed {
  readonly key: Buffer
}

export interface CommitWriter<C extends Keyed> {
  /** Resolves when the callback is durable; rejects when it could not be made so: then no answer may be given. */
  accept(callback: C): Promise<Acceptance>
  /** The database is known to answer again, whatever became of a store that hangs. */
  recovered(): void
  /** Waits for what was accepted. */
  drain(): Promise<void>
}

export interface CommitWriterPorts<C extends Keyed> {
  /** Stores the list durably; answers for each position its id, or undefined for a repeat. */
  readonly store: (callbacks: readonly C[]) => Promise<readonly (number | undefined)[]>
  readonly spill: (callbacks: readonly C[]) => Promise<void>
  /** So many were new. */
  readonly onStored: (count: number) => void
  readonly onStoreFailed: (error: unknown) => void
  /** Whether the database is there but refuses what it was given. */
  readonly isRefusal: (error: unknown) => boolean
  readonly maxBatch: number
  /** How long a batch that is not full waits for company while another flush is under way; ms. */
  readonly lingerMs: number
  /** A store that takes longer counts as failed: the platform waits 5 s for its answer; ms. */
  readonly storeLimitMs: number
}

interface Waiting<C> {
  readonly callback: C
  readonly settle: (acceptance: Acceptance) => void
  readonly fail: (error: unknown) => void
}

/** The database took the statement and says nothing. */
export class StoreHangs extends Error {}

/** Group commit: one writer that flushes as soon as it is free, so that a burst shares its fsyncs. */
export function createCommitWriter<C extends Keyed>(ports: CommitWriterPorts<C>): CommitWriter<C> {
  const queue: Waiting<C>[] = []
  let running: Promise<void> | undefined
  /** The store that did not end in time: while it hangs, what comes is spilled at once. */
  let hanging: Promise<unknown> | undefined

  async function run(): Promise<void> {
    if (ports.lingerMs > 0) await new Promise((resolve) => setTimeout(resolve, ports.lingerMs))
    while (queue.length > 0) await flush(queue.splice(0, ports.maxBatch))
    running = undefined
  }

  async function flush(batch: readonly Waiting<C>[]): Promise<void> {
    // repeats within one batch would meet the same key twice in one statement
    const groups = [...Map.groupBy(batch, (waiting) => waiting.callback.key.toString('latin1')).values()]
    const open = new Set(groups)
    try {
      await inHalves(groups, {
        attempt: async (part) => {
          await commit(part)
          for (const group of part) open.delete(group)
        },
        isRefusal: ports.isRefusal,
        alone: async (group, error) => {
          open.delete(group)
          ports.onStoreFailed(error)
          await spill([group])
        },
      })
    } catch (error) {
      ports.onStoreFailed(error)
      await spill([...open])
    }
  }

  async function commit(groups: readonly (readonly Waiting<C>[])[]): Promise<void> {
    const callbacks = groups.flatMap(([first]) => (first === undefined ? [] : [first.callback]))
    const ids = await storeInTime(callbacks)
    const stored = ids.filter((id) => id !== undefined).length
    if (stored > 0) ports.onStored(stored)
    groups.forEach((group, position) => {
      group.forEach((waiting, nth) => {
        waiting.settle(nth > 0 || ids[position] === undefined ? 'repeat' : 'stored')
      })
    })
  }

  async function storeInTime(callbacks: readonly C[]): Promise<readonly (number | undefined)[]> {
    if (hanging !== undefined) throw new StoreHangs('an earlier store still hangs')
    const storing = ports.store(callbacks)
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        hanging = storing
        const free = () => {
          if (hanging === storing) hanging = undefined
        }
        storing.then(free, free)
        reject(new StoreHangs(`storing took longer than ${ports.storeLimitMs} ms`))
      }, ports.storeLimitMs)
    })
    try {
      return await Promise.race([storing, tooLate])
    } finally {
      clearTimeout(timer)
    }
  }

  async function spill(groups: readonly (readonly Waiting<C>[])[]): Promise<void> {
    const all = groups.flat()
    try {
      await ports.spill(groups.flatMap(([first]) => (first === undefined ? [] : [first.callback])))
      for (const waiting of all) waiting.settle('spilled')
    } catch (error) {
      for (const waiting of all) waiting.fail(error)
    }
  }

  return {
    accept: (callback) =>
      new Promise((settle, fail) => {
        queue.push({ callback, settle, fail })
        running ??= run()
      }),
    recovered() {
      hanging = undefined
    },
    async drain() {
      while (running !== undefined) await running
    },
  }
}
