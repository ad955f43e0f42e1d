import type { Log } from './log.ts'

/** Collects small records and writes them together: one statement for whatever came meanwhile. Nothing is dropped. */
export interface GroupRecorder<R> {
  add(record: R): void
  drain(): Promise<void>
}

export function createGroupRecorder<R>(options: {
  readonly write: (records: readonly R[]) => Promise<void>
  readonly lingerMs: number
  readonly maxBatch: number
  readonly log: Log
  readonly what: string
}): GroupRecorder<R> {
  const queue: R[] = []
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    let failures = 0
    await pause(options.lingerMs)
    while (queue.length > 0) {
      const batch = queue.slice(0, options.maxBatch)
      try {
        await options.write(batch)
        queue.splice(0, batch.length)
        failures = 0
      } catch (error) {
        failures += 1
        options.log.warn({ err: error, records: queue.length }, `${options.what} could not be written yet`)
        await pause(Math.min(50 * 2 ** failures, 2_000))
        if (failures > 20 && closing) throw error
      }
    }
  }

  let closing = false
  const start = (): void => {
    running ??= run()
      .catch((error) => options.log.error({ err: error, records: queue.length }, `${options.what} were not written`))
      .finally(() => {
        running = undefined
        if (queue.length > 0 && !closing) start()
      })
  }

  return {
    add(record) {
      queue.push(record)
      start()
    },
    async drain() {
      closing = true
      while (running !== undefined) await running
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
