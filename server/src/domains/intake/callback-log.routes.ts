import { z } from '@hono/zod-openapi'
import { may, seesPersonalData } from '../../infra/auth/actor.ts'
import { AppError, notFound } from '../../infra/errors.ts'
import { type Api, createApi, decodeCursor, errorResponses, jsonContent, page, pageOf } from '../../infra/http/api.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { callbackDetail, callbackId, callbackLogItem, callbackLogQuery } from './callback-log.schema.ts'
import { type CallbackLogRow, findCallback, replayCallback, searchCallbacks } from './callback-log.store.ts'
import { maskBody } from './callback-log.ts'

const cursor = z.tuple([z.int().positive()])
const thing = { zh: '回调', en: 'callback' }

/** The callback log: what came, what became of it, and the failed ones to be replayed. */
export function callbackLogRoutes({ db }: Pick<Services, 'db'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'callbacks.read' },
      {
        method: 'get',
        path: '/api/callbacks',
        tags: ['callbacks'],
        request: { query: callbackLogQuery },
        responses: { 200: jsonContent(pageOf(callbackLogItem), 'Newest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const { limit, from, until, cursor: token, ...filter } = c.req.valid('query')
      const rows = await searchCallbacks(db, {
        corpId: c.get('actor').corpId,
        limit: limit + 1,
        beforeId: decodeCursor(cursor, token)?.[0],
        kind: filter.kind,
        subject: filter.subject,
        staff: filter.staff,
        app: filter.app,
        state: filter.state,
        from: from === undefined ? undefined : new Date(from),
        until: until === undefined ? undefined : new Date(until),
      })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.id])
      return c.json({ items: shown.map(present), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'callbacks.read', audit: 'callback.view' },
      {
        method: 'get',
        path: '/api/callbacks/{id}',
        tags: ['callbacks'],
        request: { params: callbackId },
        responses: { 200: jsonContent(callbackDetail, 'The callback'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const row = await findCallback(db, actor.corpId, c.req.valid('param').id)
      if (row === undefined) throw notFound(thing)
      const masked = !(may(actor, 'callbacks.body') && seesPersonalData(actor))
      return c.json(
        { ...present(row), body: row.body === null ? null : masked ? maskBody(row.body) : row.body, masked },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'callbacks.replay', audit: 'callback.replay' },
      {
        method: 'post',
        path: '/api/callbacks/{id}/replay',
        tags: ['callbacks'],
        request: { params: callbackId },
        responses: { 200: jsonContent(z.object({ ok: z.boolean() }), 'It is tried again at once'), ...errorResponses },
      },
    ),
    async (c) => {
      const done = await replayCallback(db, c.get('actor').corpId, c.req.valid('param').id, new Date())
      if (!done) {
        throw new AppError('rule', {
          zh: '这条回调没有失败，不需要重放。',
          en: 'This callback did not fail; there is nothing to replay.',
        })
      }
      return c.json({ ok: true }, 200)
    },
  )

  return api
}

function present(row: CallbackLogRow): z.infer<typeof callbackLogItem> {
  return {
    id: row.id,
    app: row.app,
    kind: row.kind,
    subject: row.subject,
    staff_userid: row.staffUserid,
    staff_name: row.staffName,
    received_at: row.receivedAt.toISOString(),
    created_at: row.createdAt.toISOString(),
    state: row.state,
    attempts: row.attempts ?? 0,
    reason: row.reason,
    next_at: row.nextAt?.toISOString() ?? null,
  }
}
