import { z } from '@hono/zod-openapi'
import { stringify } from 'csv-stringify/sync'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { decodeTable } from '../../../infra/tables/csv.ts'
import { attachment } from '../codes/code-print.routes.ts'
import { bulkKind } from './channel-bulk.job.ts'
import { bulkStandingSchema, bulkTemplateSchema } from './channel-bulk.schema.ts'
import { bulkTemplate, readBulk } from './channel-bulk.ts'

const tags = ['channels']
const operationId = z.object({ id: z.uuid() })
const csv = (description: string) => ({ description, content: { 'text/csv': { schema: z.string() } } })

/** Store codes from a table, as one operation; progress and cancel are those of every operation. */
export function channelBulkRoutes({ operations }: Services): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'channels.write', audit: 'channel.bulk_create' },
      {
        method: 'post',
        path: '/api/channels/bulk',
        tags,
        request: {
          body: {
            content: {
              'multipart/form-data': {
                schema: z.object({
                  file: z.any().openapi({ type: 'string', format: 'binary' }),
                  template: z.string().default('{}').openapi({ description: 'JSON of ChannelBulkTemplate' }),
                }),
              },
            },
          },
        },
        responses: {
          202: jsonContent(z.object({ operation_id: z.uuid(), rows: z.int() }), 'Begun'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = wholeCorp(c.get('actor'), {
        zh: '批量创建会涉及全部门店，你只能看到其中一部分。',
        en: 'A bulk creation concerns all stores; you see a part of them.',
      })
      const body = await c.req.parseBody()
      const { file } = body
      if (!(file instanceof File)) throw noFile()
      const template = readTemplate(typeof body['template'] === 'string' ? body['template'] : '{}')
      const rows = readBulk(decodeTable(new Uint8Array(await file.arrayBuffer())))
      const id = await operations.begin({
        kind: bulkKind,
        corpId: actor.corpId,
        input: { rows, template },
        startedBy: actor.accountId,
      })
      noteAudit(c, {
        objectKind: 'operation',
        objectId: id,
        count: rows.length,
        after: { group: template.group, kind: template.kind },
      })
      return c.json({ operation_id: id, rows: rows.length }, 202)
    },
  )

  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/bulk/template',
        tags,
        responses: { 200: csv('The table to fill in'), ...errorResponses },
      },
    ),
    (c) => {
      c.header('content-type', 'text/csv; charset=utf-8')
      c.header('content-disposition', attachment('门店活码模板.csv'))
      return c.body(bulkTemplate, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/bulk/{id}/errors',
        tags,
        request: { params: operationId },
        responses: { 200: csv('Rows that were not made, with the reason'), ...errorResponses },
      },
    ),
    async (c) => {
      const language = c.get('language')
      const operation = await operations.find(c.get('actor').corpId, c.req.valid('param').id)
      if (operation === undefined || operation.kind !== bulkKind)
        throw notFound({ zh: '批量任务', en: 'bulk creation' })
      const standing = bulkStandingSchema.safeParse(operation.result)
      const errors = standing.success ? standing.data.errors : []
      const table = stringify(
        errors.map((fault) => [fault.line, fault.storeCode, fault.said[language]]),
        {
          header: true,
          columns: language === 'zh' ? ['行', '门店编码', '原因'] : ['line', 'store_code', 'reason'],
          escape_formulas: true,
        },
      )
      c.header('content-type', 'text/csv; charset=utf-8')
      c.header('content-disposition', attachment('errors.csv'))
      return c.body(`\uFEFF${table}`, 200)
    },
  )
  return api
}

function readTemplate(text: string) {
  try {
    return bulkTemplateSchema.parse(JSON.parse(text))
  } catch (cause) {
    const problem =
      cause instanceof z.ZodError
        ? cause.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
        : ['not JSON']
    throw new AppError(
      'invalid_request',
      { zh: '批量创建的公共设置不符合要求。', en: 'The common settings do not fit.' },
      {
        hint: { zh: '请按提示修改后重试。', en: 'Correct them and send it again.' },
        details: { fields: problem },
        cause,
      },
    )
  }
}

function noFile(): AppError {
  return new AppError(
    'invalid_request',
    { zh: '没有收到表格文件。', en: 'No table was sent.' },
    { hint: { zh: '请选择一个 CSV 文件再上传。', en: 'Choose a CSV file and send it again.' } },
  )
}
