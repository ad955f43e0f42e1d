import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { loadConfig } from '../../infra/config.ts'
import type { Due, DueHandler } from '../../infra/due/due.ts'
import type { Api } from '../../infra/http/api.ts'
import { testSite } from '../../infra/http/testing.ts'
import { type BreakOff, heldOperations } from '../../infra/operations/testing.ts'
import type { Services } from '../../infra/services.ts'
import { exportView } from './exports.schema.ts'
import {
  type ApprovalRule,
  askedRoutes,
  createExports,
  defineExports,
  type ExportSource,
  exportsRoutes,
} from './index.ts'

/** A site with a data folder of its own; exports are written when the test says so, and break off where it says so. */
export async function exportSite(options: {
  sources: (services: Services) => readonly ExportSource[]
  needsApproval?: ApprovalRule
  routes?: (services: Services) => readonly Api[]
}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'nuanyu-exports-'))
  afterAll(() => rm(dataDir, { recursive: true, force: true }))
  const operations = heldOperations(() => site.db)
  const scheduled: { kind: string; key: string; at: Date }[] = []
  const handlers = new Map<string, DueHandler>()
  const due: Due = {
    define: (kind, handler) => void handlers.set(kind, handler),
    schedule: async (_on, items) => void scheduled.push(...items),
    unschedule: async () => undefined,
    run: async () => 0,
    start: () => undefined,
    wake: () => undefined,
    stop: async () => undefined,
  }
  const site = await testSite({
    routes: (services) => {
      const exports = createExports(services, options.sources(services), options.needsApproval ?? (async () => false))
      defineExports(services, exports.sources)
      return [exportsRoutes(services, exports), askedRoutes(services, exports), ...(options.routes?.(services) ?? [])]
    },
    services: { operations, due },
    config: { ...loadConfig({ PORT: '3000' }), dataDir },
  })

  /** Writes what was begun last, from where it was; after so many pages the process is killed, or the export cancelled. Answers its failure. */
  const work = async (after = Number.POSITIVE_INFINITY, how: BreakOff['how'] = 'killed') =>
    operations.run(undefined, { after, how }).then(
      () => undefined,
      (error: unknown) => error,
    )
  type Visitor = Awaited<ReturnType<typeof site.as>>
  const ask = async (who: Visitor, body: object) => (await who.post('/api/exports', body)).as(exportView)
  const find = async (who: Visitor, id: string) => (await who.get(`/api/exports/${id}`)).as(exportView)
  const file = async (who: Visitor, id: string) => {
    const reply = await who.send(`/api/exports/${id}/file`)
    return { status: reply.status, headers: reply.headers, bytes: new Uint8Array(await reply.arrayBuffer()) }
  }
  /** Everything that is due until a moment happens. */
  const pass = async (until: Date) => {
    for (const { kind, key, at } of scheduled.filter((one) => one.at <= until))
      await site.db
        .transaction()
        .execute((tx) =>
          Promise.resolve(handlers.get(kind)?.([{ id: 1, corpId: site.corpId, kind, key, at, payload: {} }], tx)),
        )
  }
  return { ...site, dataDir, work, ask, find, file, pass }
}
