import { z } from '@hono/zod-openapi'
import { stringify } from 'csv-stringify/sync'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { decodeTable } from '../../../infra/tables/csv.ts'
import { storeImportKind } from './stores.import.ts'
import { seesAllStores } from './stores.routes.ts'
import { importStanding, storeId, storesQuery } from './stores.schema.ts'
import { allStores } from './stores.store.ts'
import { readStores, storeColumns, storeFieldNames, storeTemplate } from './stores.ts'

const tags = ['stores']
const csv = (description: string) => ({ description, content: { 'text/csv': { schema: z.string() } } })

/** Stores as a table: in as one operation with a dry run, out as a file. */
export function storesTableRoutes({ db, operations }: Pick<Services, 'db' | 'operations'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'stores.write', audit: 'store.import' },
      {
        method: 'post',
        path: '/api/stores/import',
        tags,
        request: {
          query: z.object({ dry_run: z.enum(['true', 'false']).default('true') }),
          body: {
            content: {
              'multipart/form-data': {
                schema: z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }) }),
              },
            },
          },
        },
        responses: {
          202: jsonContent(
            z.object({ operation_id: z.uuid(), rows: z.int() }),
            'Begun; the result of the operation is a StoreImport',
          ),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = seesAllStores(c.get('actor'))
      const { file } = await c.req.parseBody()
      if (!(file instanceof File)) throw noFile()
      const rows = readStores(decodeTable(new Uint8Array(await file.arrayBuffer())))
      const dryRun = c.req.valid('query').dry_run === 'true'
      const id = await operations.begin({
        kind: storeImportKind,
        corpId: actor.corpId,
        input: { rows, dryRun },
        startedBy: actor.accountId,
      })
      noteAudit(c, { objectKind: 'operation', objectId: id, count: rows.length, after: { dry_run: dryRun } })
      return c.json({ operation_id: id, rows: rows.length }, 202)
    },
  )

  api.openapi(
    route(
      { gate: 'stores.write' },
      {
        method: 'get',
        path: '/api/stores/import/template',
        tags,
        responses: { 200: csv('The table to fill in'), ...errorResponses },
      },
    ),
    (c) => {
      c.header('content-type', 'text/csv; charset=utf-8')
      c.header('content-disposition', attached('stores-template.csv', '门店导入模板.csv'))
      return c.body(storeTemplate, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'stores.write' },
      {
        method: 'get',
        path: '/api/stores/import/{id}',
        tags,
        request: { params: storeId },
        responses: { 200: jsonContent(importStanding, 'What an import did, or would do'), ...errorResponses },
      },
    ),
    async (c) => c.json(await standingOf(c.get('actor').corpId, c.req.valid('param').id), 200),
  )

  api.openapi(
    route(
      { gate: 'stores.write' },
      {
        method: 'get',
        path: '/api/stores/import/{id}/errors',
        tags,
        request: { params: storeId },
        responses: { 200: csv('Rows that were left out, with the reason'), ...errorResponses },
      },
    ),
    async (c) => {
      const language = c.get('language')
      const { errors } = await standingOf(c.get('actor').corpId, c.req.valid('param').id)
      const table = stringify(
        errors.map((fault) => [fault.line, fault.code, fault.said[language]]),
        {
          header: true,
          columns: language === 'zh' ? ['行', '门店编码', '原因'] : ['line', 'code', 'reason'],
          escape_formulas: true,
        },
      )
      c.header('content-type', 'text/csv; charset=utf-8')
      c.header('content-disposition', attached('stores-errors.csv', '门店导入错误.csv'))
      return c.body(`\uFEFF${table}`, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'stores.read', audit: 'store.export' },
      {
        method: 'get',
        path: '/api/stores/export',
        tags,
        request: { query: storesQuery.pick({ q: true, city: true, region: true, status: true }) },
        responses: { 200: csv('The stores of the list; an import reads it back'), ...errorResponses },
      },
    ),
    async (c) => {
      const stores = await allStores(db, c.get('actor'), c.req.valid('query'))
      noteAudit(c, { count: stores.length })
      const table = stringify(
        stores.map((store) => [store.code, ...storeFieldNames.map((field) => store[field])]),
        { header: true, columns: Object.values(storeColumns).map(([zh]) => zh), escape_formulas: true },
      )
      c.header('content-type', 'text/csv; charset=utf-8')
      c.header('content-disposition', attached('stores.csv', '门店.csv'))
      return c.body(`\uFEFF${table}`, 200)
    },
  )
  return api

  async function standingOf(corpId: number, id: string) {
    const operation = await operations.find(corpId, id)
    if (operation === undefined || operation.kind !== storeImportKind) throw notFound({ zh: '导入任务', en: 'import' })
    const standing = importStanding.safeParse(operation.result)
    if (standing.success) return standing.data
    throw new AppError(
      'conflict',
      { zh: '这次导入还没有结果。', en: 'This import has no result yet.' },
      { hint: { zh: '等它结束再看。', en: 'Wait for its end.' } },
    )
  }
}

function attached(plain: string, name: string): string {
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`
}

function noFile(): AppError {
  return new AppError(
    'invalid_request',
    { zh: '没有收到表格文件。', en: 'No table was sent.' },
    { hint: { zh: '请选择一个 CSV 文件再上传。', en: 'Choose a CSV file and send it again.' } },
  )
}
