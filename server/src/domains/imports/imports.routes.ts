import { Readable } from 'node:stream'
import { z } from '@hono/zod-openapi'
import { v7 as uuid } from 'uuid'
import { type Actor, seesPersonalData } from '../../infra/auth/actor.ts'
import { AppError, notFound } from '../../infra/errors.ts'
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
import { fieldsOf, ownKindNames } from '../customers/index.ts'
import { errorTable } from './error-table.ts'
import { tableFiles } from './files.ts'
import { faultView, importItem, importView, mapping as mappingShape, newImport } from './imports.schema.ts'
import {
  beginWork,
  faultsAfter,
  findImport,
  insertImport,
  listImports,
  noteReceived,
  reasonsOf,
  type StoredImport,
  saveMapping,
} from './imports.store.ts'
import { presentImport, presentItem } from './imports.view.ts'
import { lookInto } from './look.jobs.ts'
import { mappingFaults, targetsOf } from './mapping.ts'
import { fileGone, importKind, trialKind } from './run.jobs.ts'
import { seesAll } from './whole-corp.ts'

type Needs = Pick<Services, 'db' | 'clock' | 'vault' | 'config' | 'operations'>

const tags = ['imports']
const idParam = z.object({ id: z.uuid() })
const cursorShape = z.tuple([cursorMoment, z.uuid()])
const thing = { zh: '导入', en: 'import' }
const view = { 200: jsonContent(importView, 'As it is now'), ...errorResponses }

/** Tables that people bring: sent in parts, looked into, mapped, tried, run. */
export function importsRoutes(services: Needs): Api {
  const { db, clock, vault, operations, config } = services
  const api = createApi()
  const files = tableFiles(config.dataDir)

  const load = async (actor: Pick<Actor, 'corpId' | 'scope'>, id: string): Promise<StoredImport> => {
    const { corpId } = seesAll(actor)
    const found = await findImport(db, corpId, id, vault)
    if (found === undefined) throw notFound(thing)
    return found
  }
  const targetsFor = async ({ kind, corpId }: Pick<StoredImport, 'kind' | 'corpId'>) =>
    targetsOf(kind, {
      fields: kind === 'customers' ? (await fieldsOf(db, corpId)).filter((field) => field.archivedAt === null) : [],
      kinds: await ownKindNames(db, corpId),
    })
  /** What stands in a file is shown to whoever brought it, and to who sees personal data anyway. */
  const seesCells = (actor: Actor, found: StoredImport) =>
    seesPersonalData(actor) || found.createdBy === actor.accountId
  const present = async (actor: Actor, id: string, language: 'zh' | 'en') => {
    const found = await load(actor, id)
    return presentImport(found, await targetsFor(found), await reasonsOf(db, id), language, seesCells(actor, found))
  }

  api.openapi(
    route(
      { gate: 'imports.read' },
      {
        method: 'get',
        path: '/api/imports',
        tags,
        request: { query: pageQuery },
        responses: { 200: jsonContent(pageOf(importItem), 'The newest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = seesAll(c.get('actor'))
      const { limit, cursor } = c.req.valid('query')
      const key = decodeCursor(cursorShape, cursor)
      const rows = await listImports(db, actor.corpId, key, limit + 1)
      const { shown, next_cursor } = page(rows, limit, (last) => [last.createdAt, last.id])
      return c.json({ items: shown.map(presentItem), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'imports.write', audit: 'import.create' },
      {
        method: 'post',
        path: '/api/imports',
        tags,
        request: { body: { content: { 'application/json': { schema: newImport } }, required: true } },
        responses: { 201: jsonContent(importView, 'Its file is sent next, in parts'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = seesAll(c.get('actor'))
      const { kind, file_name: fileName, size } = c.req.valid('json')
      if (size > config.importMaxMb * 1_048_576) throw tooLarge(config.importMaxMb)
      const id = uuid()
      await insertImport(db, {
        id,
        corpId: actor.corpId,
        kind,
        fileName,
        size,
        createdBy: actor.accountId,
        createdAt: clock.now(),
      })
      noteAudit(c, { objectId: id, after: { kind, size } })
      return c.json(await present(actor, id, c.get('language')), 201)
    },
  )

  api.openapi(
    route(
      { gate: 'imports.read' },
      { method: 'get', path: '/api/imports/{id}', tags, request: { params: idParam }, responses: view },
    ),
    async (c) => {
      const actor = c.get('actor')
      return c.json(await present(actor, c.req.valid('param').id, c.get('language')), 200)
    },
  )

  api.openapi(
    route(
      {
        gate: 'imports.write',
        audit: { none: 'A part of a file whose creation is recorded; nothing is changed by it.' },
      },
      {
        method: 'put',
        path: '/api/imports/{id}/file',
        tags,
        request: {
          params: idParam,
          query: z.object({ offset: z.coerce.number().int().min(0) }),
          body: {
            content: { 'application/octet-stream': { schema: z.any().openapi({ type: 'string', format: 'binary' }) } },
          },
        },
        responses: {
          200: jsonContent(z.object({ received: z.int() }), 'Bytes that are there; the next part begins here'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const found = await load(c.get('actor'), c.req.valid('param').id)
      const { offset } = c.req.valid('query')
      // a part whose answer was lost comes again
      if (found.state !== 'uploading' || offset !== found.received) return c.json({ received: found.received }, 200)
      const body = c.req.raw.body
      if (body === null) return c.json({ received: found.received }, 200)
      const after = await files
        .writePart(found.id, offset, Readable.fromWeb(body as never), found.size)
        .catch((error: unknown) => {
          throw error instanceof RangeError ? tooLong() : error
        })
      if (!(await noteReceived(db, found.id, offset, after))) throw busy()
      return c.json({ received: after }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'imports.write', audit: { none: 'Reads the file; nothing is changed by it.' } },
      { method: 'post', path: '/api/imports/{id}/look', tags, request: { params: idParam }, responses: view },
    ),
    async (c) => {
      const actor = c.get('actor')
      const found = await load(actor, c.req.valid('param').id)
      if (found.received < found.size) throw incomplete(found)
      if (found.state !== 'uploading') throw busy()
      await lookInto(services, found, await targetsFor(found))
      return c.json(await present(actor, found.id, c.get('language')), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'imports.write', audit: { none: 'A draft of the mapping; the run is recorded with it.' } },
      {
        method: 'put',
        path: '/api/imports/{id}/mapping',
        tags,
        request: {
          params: idParam,
          body: { content: { 'application/json': { schema: z.object({ mapping: mappingShape }) } }, required: true },
        },
        responses: view,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = await load(actor, c.req.valid('param').id)
      if (!(await saveMapping(db, id, c.req.valid('json').mapping))) throw busy()
      return c.json(await present(actor, id, c.get('language')), 200)
    },
  )

  for (const [path, kind, state, action] of [
    ['/api/imports/{id}/try', trialKind, 'checking', 'import.try'],
    ['/api/imports/{id}/run', importKind, 'running', 'import.run'],
  ] as const)
    api.openapi(
      route(
        { gate: 'imports.write', audit: action },
        { method: 'post', path, tags, request: { params: idParam }, responses: view },
      ),
      async (c) => {
        const actor = c.get('actor')
        const { corpId, accountId } = actor
        const found = await load(actor, c.req.valid('param').id)
        if (!(await files.exists(found.id))) throw fileGone()
        const [fault] = mappingFaults(await targetsFor(found), found.mapping ?? [])
        if (fault !== undefined) throw unmapped(fault)
        const { new: made, changed, unchanged, rejected } = found.counts
        const total = state === 'running' ? { total: made + changed + unchanged + rejected } : {}
        await db.transaction().execute(async (tx) => {
          const operation = await operations.begin(
            { kind, corpId, input: { importId: found.id, ...total }, startedBy: accountId },
            tx,
          )
          if (!(await beginWork(tx, found.id, operation, state))) throw busy()
        })
        noteAudit(c, {
          after: { kind: found.kind, file: found.fileName.slice(0, 80) },
          ...(state === 'running' ? { count: made + changed } : {}),
        })
        return c.json(await present(actor, found.id, c.get('language')), 200)
      },
    )

  api.openapi(
    route(
      { gate: 'imports.read' },
      {
        method: 'get',
        path: '/api/imports/{id}/faults',
        tags,
        request: { params: idParam, query: pageQuery },
        responses: { 200: jsonContent(pageOf(faultView), 'Rows that are left out'), ...errorResponses },
      },
    ),
    async (c) => {
      const language = c.get('language')
      const { id } = await load(c.get('actor'), c.req.valid('param').id)
      const { limit, cursor } = c.req.valid('query')
      const [after = 0] = decodeCursor(z.tuple([z.int()]), cursor) ?? []
      const rows = await faultsAfter(db, id, after, limit + 1)
      const { shown, next_cursor } = page(rows, limit, (last) => [last.line])
      return c.json(
        {
          items: shown.map(({ line, field, said, hint }) => ({
            line,
            field,
            reason: said[language],
            hint: hint[language],
          })),
          next_cursor,
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'imports.write', audit: 'import.errors' },
      {
        method: 'get',
        path: '/api/imports/{id}/errors',
        tags,
        request: { params: idParam },
        responses: {
          200: {
            description: 'The rows that were left out, as they stood, with the reason: to be mended and sent again',
            content: { 'text/csv': { schema: z.string() } },
          },
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const found = await load(c.get('actor'), c.req.valid('param').id)
      if (!seesCells(c.get('actor'), found)) throw notYours()
      if (found.look === undefined || !(await files.exists(found.id))) throw fileGone()
      noteAudit(c, { count: found.counts.rejected })
      c.header('content-type', 'text/csv; charset=utf-8')
      const name = `${found.fileName.replace(/\.[^.]*$/, '')}-错误.csv`
      c.header(
        'content-disposition',
        `attachment; filename="import-errors.csv"; filename*=UTF-8''${encodeURIComponent(name)}`,
      )
      const table = errorTable(files.pathOf(found.id), found.look, c.get('language'), (line) =>
        faultsAfter(db, found.id, line, 2_000),
      )
      return c.body(Readable.toWeb(Readable.from(table, { objectMode: false })) as ReadableStream, 200)
    },
  )
  return api
}

function notYours(): AppError {
  return new AppError(
    'forbidden',
    {
      zh: '错误文件里是客户的个人信息，你的角色不能看。',
      en: 'The error file holds personal data, which your role does not see.',
    },
    { hint: { zh: '请让上传这个文件的同事，或管理员下载。', en: 'Ask whoever sent the file, or an administrator.' } },
  )
}

function tooLarge(mb: number): AppError {
  return new AppError(
    'too_large',
    { zh: `文件超过 ${mb} MB。`, en: `The file is larger than ${mb} MB.` },
    { hint: { zh: '请拆成几个文件，或请管理员调大 IMPORT_MAX_MB。', en: 'Split it, or have IMPORT_MAX_MB raised.' } },
  )
}

function tooLong(): AppError {
  return new AppError(
    'invalid_request',
    { zh: '收到的内容比声明的文件大小多。', en: 'More bytes came than the file was said to have.' },
    { hint: { zh: '文件在上传途中被改动了，请重新选择文件。', en: 'The file changed meanwhile: choose it again.' } },
  )
}

function incomplete({ received, size }: StoredImport): AppError {
  return new AppError(
    'conflict',
    { zh: `文件还没有传完：${received}/${size} 字节。`, en: `The file is not complete: ${received} of ${size} bytes.` },
    { hint: { zh: '请等上传结束，或重新选择文件。', en: 'Wait for its end, or choose the file again.' } },
  )
}

function busy(): AppError {
  return new AppError(
    'conflict',
    {
      zh: '这次导入现在不能这样做：它正在进行，或还没有试运行。',
      en: 'This import cannot do that now: it is under way, or was not tried yet.',
    },
    { hint: { zh: '请刷新页面，看它进行到哪一步。', en: 'Reload the page to see where it stands.' } },
  )
}

function unmapped(fault: { zh: string; en: string }): AppError {
  return new AppError(
    'rule',
    { zh: `${fault.zh}。`, en: `${fault.en}.` },
    { hint: { zh: '请在「对应字段」一步改好。', en: 'Mend it in the step of the columns.' } },
  )
}
