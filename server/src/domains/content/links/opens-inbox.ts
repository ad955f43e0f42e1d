import { join } from 'node:path'
import { z } from 'zod'
import type { Services } from '../../../infra/services.ts'
import {
  type CommitWriter,
  createCommitWriter,
  createSpillFile,
  inHalves,
  isAlive,
  isRefusal,
} from '../../intake/index.ts'
import { createLinkRegister, type LinkRegister } from './link-register.ts'
import { linksByNumber } from './links.store.ts'
import type { Open } from './open.ts'
import { keepOpens } from './opens.store.ts'

/** What openings become before the visitor is led on: rows, or lines of a file until the database is back. */
export interface OpensInbox {
  readonly links: LinkRegister
  /** Resolves when the opening is durable, whichever way; false: neither database nor disk took it. */
  keep(open: Open): Promise<boolean>
  /** One round of upkeep: the spill file. */
  tend(): Promise<void>
  stop(): Promise<void>
}

const maxBatch = 500
/** Nobody waits longer than this for a page that only leads on: from then on it goes to the file. */
const storeLimitMs = 1_000

const spilledOpen = z.object({
  // an opening that is named later comes without dashes
  id: z.string().regex(/^[0-9a-f-]{32,36}$/),
  linkId: z.int(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  corpId: z.int(),
  run: z.int(),
  task: z.int(),
  customerId: z.int(),
})
type SpilledOpen = z.input<typeof spilledOpen>

interface KeyedOpen extends Open {
  readonly key: Buffer
}

export function createOpensInbox(
  services: Pick<Services, 'db' | 'config' | 'log' | 'metrics'>,
  pid: number = process.pid,
): OpensInbox {
  const { db, config, log, metrics } = services
  const spill = createSpillFile<SpilledOpen>(join(config.dataDir, 'spill-opens'), {
    pid,
    isAlive,
    onBroken: (file, lines) => log.error({ file, lines }, 'a spill file of openings has lines that cannot be stored'),
  })
  // at first too: an earlier run may have left a file
  let waits = true
  const writer: CommitWriter<KeyedOpen> = createCommitWriter<KeyedOpen>({
    store: async (opens) => {
      await keepOpens(db, opens)
      return opens.map((_, place) => place)
    },
    spill: async (opens) => {
      await spill.append(opens.map(({ key: _key, at, ...open }) => ({ ...open, at: at.toISOString() })))
      waits = true
      metrics.linkOpens.inc({ outcome: 'spilled' }, opens.length)
    },
    onStored: (count) => metrics.linkOpens.inc({ outcome: 'stored' }, count),
    onStoreFailed: (error) => log.error({ err: error }, 'openings of links could not be stored; they go to a file'),
    isRefusal,
    maxBatch,
    // a steady stream comes in ones and twos: waiting for company costs less than a commit for each
    lingerMs: 2,
    storeLimitMs,
  })

  async function drain(): Promise<void> {
    // before, not after: what is spilled meanwhile goes to a new file
    waits = false
    try {
      const drained = await spill.drain(async (lines) => {
        let refused = 0
        await inHalves(lines, {
          attempt: (part) =>
            keepOpens(
              db,
              part.map((line) => spilledOpen.parse(line)),
            ),
          isRefusal: (error) => isRefusal(error) || error instanceof z.ZodError,
          alone: async (line, error) => {
            refused += 1
            log.error({ err: error, open: line.id }, 'a spilled opening cannot be stored')
          },
        })
        return { refused }
      })
      if (drained > 0) log.info({ drained }, 'the spill file of openings was drained')
    } catch (error) {
      waits = true
      throw error
    }
  }

  return {
    links: createLinkRegister({ load: (ids) => linksByNumber(db, ids) }),
    async keep(open) {
      try {
        await writer.accept({ ...open, key: Buffer.from(open.id.replaceAll('-', ''), 'hex') })
        return true
      } catch (error) {
        log.error({ err: error, link: open.linkId }, 'an opening could be kept nowhere; the visitor is led on')
        metrics.linkOpens.inc({ outcome: 'lost' })
        return false
      }
    },
    async tend() {
      writer.recovered()
      if (waits) await drain()
    },
    stop: () => writer.drain(),
  }
}
