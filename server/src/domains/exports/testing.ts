import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { loadConfig } from '../../infra/config.ts'
import type { Due, DueHandler } from '../../infra/due/due.ts'
import type { Api } from '../../infra/http/api.ts'
import { testSite } from '../../infra/http/testing.ts'
import {
  OperationCancelled,
  OperationInterrupted,
  type OperationRequest,
  type OperationRun,
  type Operations,
  type OperationTask,
} from '../../infra/operations/operations.ts'
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
  const tasks = new Map<string, OperationTask<never>>()
  const begun: { id: string; request: OperationRequest }[] = []
  const operations: Operations = {
    define: (kind, task) => void tasks.set(kind, task as OperationTask<never>),
    async begin(request, on) {
      const id = crypto.randomUUID()
      await (on ?? site.db)
        .insertInto('operations')
        .values({
          ...{ id, corp_id: request.corpId, kind: request.kind, state: 'running', started_by: request.startedBy },
          ...{ input: JSON.stringify(request.input), created_at: new Date() },
        })
        .execute()
      begun.push({ id, request })
      return id
    },
    async cancel(_corpId, id) {
      await site.db.updateTable('operations').set({ cancel_asked: true }).where('id', '=', id).execute()
      return true
    },
    find: async () => undefined,
    recent: async () => [],
    start: () => undefined,
    stop: async () => undefined,
  }
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

  /** Writes what was begun last; after so many pages the process is killed, or the export cancelled. */
  const work = async (breakAfter = Number.POSITIVE_INFINITY, how: 'killed' | 'cancelled' = 'killed') => {
    const last = begun.at(-1)
    const task = last === undefined ? undefined : tasks.get(last.request.kind)
    if (last === undefined || task === undefined) throw new Error('nothing was begun')
    let pages = -1
    const run: OperationRun<unknown> = {
      ...{ id: last.id, corpId: last.request.corpId, input: last.request.input, checkpoint: null },
      async progress() {
        pages += 1
        if (pages >= breakAfter) throw how === 'killed' ? new OperationInterrupted() : new OperationCancelled()
      },
    }
    return (task as OperationTask<unknown>)(run).then(
      () => undefined,
      (error: unknown) => error,
    )
  }
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
  return { ...site, dataDir, begun, work, ask, find, file, pass }
}
