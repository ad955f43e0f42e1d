import { join } from 'node:path'
import { z } from 'zod'
import type { Services } from '../../infra/services.ts'
import { type CommitWriter, type CommitWriterPorts, createCommitWriter, type Keyed } from './commit-writer.ts'
import { inHalves } from './halving.ts'
import { isRefusal } from './retry-plan.ts'
import { createSpillFile, isAlive } from './spill.ts'

/** A commit writer with a spill file of its own, which goes to the database when that is back. */
export interface DurableWriter<C extends Keyed> extends CommitWriter<C> {
  /** One round of upkeep: the spill file. */
  tend(): Promise<void>
}

export interface DurableWriterPorts<C extends Keyed, Line>
  extends Pick<CommitWriterPorts<C>, 'store' | 'onStored' | 'maxBatch' | 'lingerMs' | 'storeLimitMs'> {
  /** The folder of the spill files, below the data folder. */
  readonly folder: string
  /** The number of this process: its open file carries it. */
  readonly pid: number
  /** What is kept, for the log. */
  readonly what: string
  readonly asLine: (one: C) => Line
  /** Stores lines as they were spilled; throws a ZodError for what is none. */
  readonly storeLines: (lines: readonly Line[]) => Promise<void>
  /** By which a line that cannot be stored is found again. */
  readonly nameOf: (line: Line) => Readonly<Record<string, unknown>>
  readonly onSpilled: (count: number) => void
}

/** What comes in becomes durable, whichever way: rows, or lines of a file until the database takes them. */
export function createDurableWriter<C extends Keyed, Line>(
  { config, log }: Pick<Services, 'config' | 'log'>,
  ports: DurableWriterPorts<C, Line>,
): DurableWriter<C> {
  const { what, store, onStored, maxBatch, lingerMs, storeLimitMs } = ports
  const spill = createSpillFile<Line>(join(config.dataDir, ports.folder), {
    pid: ports.pid,
    isAlive,
    onBroken: (file, lines) =>
      log.error({ file, lines, what }, 'a spill file has lines that cannot be stored; it is kept'),
  })
  // at first too: an earlier run may have left a file
  let waits = true
  const writer = createCommitWriter<C>({
    ...{ store, onStored, isRefusal, maxBatch, lingerMs, storeLimitMs },
    spill: async (list) => {
      await spill.append(list.map(ports.asLine))
      waits = true
      ports.onSpilled(list.length)
    },
    onStoreFailed: (error) => log.error({ err: error, what }, 'it could not be stored and goes to the spill file'),
  })

  async function drain(): Promise<void> {
    // before, not after: what is spilled meanwhile goes to a new file
    waits = false
    try {
      const drained = await spill.drain(async (lines) => {
        let refused = 0
        await inHalves(lines, {
          attempt: ports.storeLines,
          isRefusal: (error) => isRefusal(error) || error instanceof z.ZodError,
          alone: async (line, error) => {
            refused += 1
            log.error({ err: error, what, ...ports.nameOf(line) }, 'a spilled line cannot be stored')
          },
        })
        return { refused }
      })
      if (drained > 0) log.info({ drained, what }, 'the spill file was drained')
    } catch (error) {
      waits = true
      throw error
    }
  }

  return {
    ...writer,
    async tend() {
      writer.recovered()
      if (waits) await drain()
    },
  }
}
