import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { z } from '@hono/zod-openapi'
import { type Actor, may, seesPersonalData } from '../../infra/auth/actor.ts'
import { zoneOfCorp } from '../../infra/corp-zone.store.ts'
import { notFound } from '../../infra/errors.ts'
import {
  type Api,
  createApi,
  cursorMoment,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
  pageQuery,
} from '../../infra/http/api.ts'
import { noteAudit } from '../../infra/http/audited.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { businessDay } from '../../infra/zone.ts'
import { fileNameOf } from './export.ts'
import { type Exports, exportThing } from './exports.jobs.ts'
import { decision, exportsQuery, exportView, newExport } from './exports.schema.ts'
import { findExport, listExports, noteDownload, type StoredExport } from './exports.store.ts'
import { presentExport } from './exports.view.ts'
import { exportFiles } from './files.ts'
import { fileEnded, notYours, seesLessNow } from './refusals.ts'
import { titleOf } from './source.ts'

type Needs = Pick<Services, 'db' | 'clock' | 'config'>

const tags = ['exports']
const idParam = z.object({ id: z.uuid() })
const cursorShape = z.tuple([cursorMoment, z.uuid()])
const mime = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** Tables that people take away: asked for, agreed to where a rule wants it, written, downloaded until their time is over. */
export function exportsRoutes({ db, clock, config }: Needs, exports: Exports): Api {
  const api = createApi()
  const files = exportFiles(config.dataDir)
  /** Who agrees to exports, or looks into what was done, sees everybody's. */
  const seesAll = (actor: Actor) => may(actor, 'customers.export_any') || may(actor, 'audit.read')
  const load = async (actor: Actor, id: string): Promise<StoredExport> => {
    const found = await findExport(db, actor.corpId, id)
    if (found === undefined || (found.requestedBy !== actor.accountId && !seesAll(actor))) throw notFound(exportThing)
    return found
  }
  const view = { 200: jsonContent(exportView, 'As it is now'), ...errorResponses }

  api.openapi(
    route(
      { gate: 'imports.read' },
      {
        method: 'get',
        path: '/api/exports',
        tags,
        request: { query: pageQuery.extend(exportsQuery.shape) },
        responses: { 200: jsonContent(pageOf(exportView), 'The newest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { limit, cursor, state } = c.req.valid('query')
      const before = decodeCursor(cursorShape, cursor)
      const rows = await listExports(db, actor.corpId, {
        requestedBy: seesAll(actor) ? undefined : actor.accountId,
        state,
        before,
        limit: limit + 1,
      })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.requestedAt, last.id])
      return c.json(
        { items: shown.map((one) => presentExport(actor, one, exports.sources, c.get('language'))), next_cursor },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'customers.export', audit: 'export.ask' },
      {
        method: 'post',
        path: '/api/exports',
        tags,
        request: { body: { content: { 'application/json': { schema: newExport } }, required: true } },
        responses: { 201: jsonContent(exportView, 'Asked for; it is written by a job'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const wanted = c.req.valid('json')
      noteAudit(c, { after: { kind: wanted.kind, format: wanted.format } })
      const found = await exports.ask(actor, wanted)
      noteAudit(c, {
        objectId: found.id,
        after: { kind: found.kind, format: found.format, state: found.state },
        ...(found.reason === '' ? {} : { reason: found.reason }),
        ...(found.expected === null ? {} : { count: found.expected }),
      })
      return c.json(presentExport(actor, found, exports.sources, c.get('language')), 201)
    },
  )

  api.openapi(
    route(
      { gate: 'imports.read' },
      { method: 'get', path: '/api/exports/{id}', tags, request: { params: idParam }, responses: view },
    ),
    async (c) => {
      const actor = c.get('actor')
      const found = await load(actor, c.req.valid('param').id)
      return c.json(presentExport(actor, found, exports.sources, c.get('language')), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.export', audit: 'export.cancel' },
      { method: 'post', path: '/api/exports/{id}/cancel', tags, request: { params: idParam }, responses: view },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = await load(actor, c.req.valid('param').id)
      const found = await exports.cancel(actor, id)
      return c.json(presentExport(actor, found, exports.sources, c.get('language')), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.export_any', audit: 'export.decide' },
      {
        method: 'post',
        path: '/api/exports/{id}/decide',
        tags,
        request: {
          params: idParam,
          body: { content: { 'application/json': { schema: decision } }, required: true },
        },
        responses: view,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = await load(actor, c.req.valid('param').id)
      const { verdict, words } = c.req.valid('json')
      noteAudit(c, { after: { verdict }, ...(words === '' ? {} : { reason: words }) })
      const found = await exports.decide(actor, id, verdict, words)
      return c.json(presentExport(actor, found, exports.sources, c.get('language')), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.export', audit: 'export.download' },
      {
        method: 'get',
        path: '/api/exports/{id}/file',
        tags,
        request: { params: idParam },
        responses: {
          200: {
            description: 'The table, for who asked for it',
            content: {
              'text/csv': { schema: z.string() },
              [mime.xlsx]: { schema: z.any().openapi({ type: 'string', format: 'binary' }) },
            },
          },
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const found = await load(actor, c.req.valid('param').id)
      noteAudit(c, { after: { kind: found.kind, format: found.format }, count: found.rows ?? 0 })
      if (found.requestedBy !== actor.accountId) throw notYours()
      if (found.masked === false && !seesPersonalData(actor)) throw seesLessNow()
      const size = found.state === 'ready' ? await files.sizeOf(found.id) : undefined
      if (size === undefined) throw fileEnded()
      await noteDownload(db, found.id, clock.now())
      const name = fileNameOf(
        titleOf(
          exports.sources.find((one) => one.kind === found.kind),
          found.of,
        )[c.get('language')],
        businessDay(found.requestedAt, await zoneOfCorp(db, actor.corpId)),
        found.format,
      )
      c.header('content-type', mime[found.format])
      c.header('content-length', String(size))
      c.header('cache-control', 'no-store')
      c.header(
        'content-disposition',
        `attachment; filename="export.${found.format}"; filename*=UTF-8''${encodeURIComponent(name)}`,
      )
      return c.body(Readable.toWeb(createReadStream(files.pathOf(found.id))) as ReadableStream, 200)
    },
  )
  return api
}
