import { z } from 'zod'
import type { Services } from '../../../infra/services.ts'
import { createDurableWriter } from '../../intake/index.ts'
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
  const { db, log, metrics } = services
  const writer = createDurableWriter<KeyedOpen, SpilledOpen>(services, {
    ...{ folder: 'spill-opens', pid, what: 'openings of links' },
    store: async (opens) => {
      await keepOpens(db, opens)
      return opens.map((_, place) => place)
    },
    asLine: ({ key: _key, at, ...open }) => ({ ...open, at: at.toISOString() }),
    storeLines: (lines) =>
      keepOpens(
        db,
        lines.map((line) => spilledOpen.parse(line)),
      ),
    nameOf: (line) => ({ open: line.id }),
    onStored: (count) => metrics.linkOpens.inc({ outcome: 'stored' }, count),
    onSpilled: (count) => metrics.linkOpens.inc({ outcome: 'spilled' }, count),
    // a steady stream comes in ones and twos: waiting for company costs less than a commit for each
    ...{ maxBatch, lingerMs: 2, storeLimitMs },
  })
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
    tend: writer.tend,
    stop: writer.drain,
  }
}
