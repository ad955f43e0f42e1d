import type { z } from 'zod'
import { AppError, notFound } from '../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { route } from '../../infra/http/route.ts'
import type { OperationView } from '../../infra/operations/operations.ts'
import type { Services } from '../../infra/services.ts'
import { operationId, operationsQuery, operationsView, operationView } from './operations.schema.ts'

/** Long operations as the console's job bar shows them: what runs, how far it is, and the way to stop it. */
export function operationsRoutes({ operations }: Pick<Services, 'operations'>): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'operations.read' },
      {
        method: 'get',
        path: '/api/operations',
        request: { query: operationsQuery },
        responses: { 200: jsonContent(operationsView, 'The latest operations, the newest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const found = await operations.recent(c.get('actor').corpId, c.req.valid('query').limit)
      return c.json({ items: found.map(present) }, 200)
    },
  )
  api.openapi(
    route(
      { gate: 'operations.read' },
      {
        method: 'get',
        path: '/api/operations/{id}',
        request: { params: operationId },
        responses: { 200: jsonContent(operationView, 'One operation'), ...errorResponses },
      },
    ),
    async (c) => {
      const found = await operations.find(c.get('actor').corpId, c.req.valid('param').id)
      if (found === undefined) throw noOperation()
      return c.json(present(found), 200)
    },
  )
  api.openapi(
    route(
      { gate: 'operations.cancel', audit: 'operation.cancel' },
      {
        method: 'post',
        path: '/api/operations/{id}/cancel',
        request: { params: operationId },
        responses: { 200: jsonContent(operationView, 'Asked to stop; it does at its next step'), ...errorResponses },
      },
    ),
    async (c) => {
      const { id } = c.req.valid('param')
      const { corpId } = c.get('actor')
      const asked = await operations.cancel(corpId, id)
      const found = await operations.find(corpId, id)
      if (found === undefined) throw noOperation()
      if (!asked) throw isOver()
      return c.json(present(found), 200)
    },
  )
  return api
}

const noOperation = () => notFound({ zh: '任务', en: 'operation' })

const isOver = () =>
  new AppError(
    'conflict',
    { zh: '这个任务已经结束，无法再取消。', en: 'This operation is over; it can no longer be cancelled.' },
    { hint: { zh: '刷新查看它的结果。', en: 'Reload to see its result.' } },
  )

function present(operation: OperationView): z.input<typeof operationView> {
  return {
    id: operation.id,
    kind: operation.kind,
    state: operation.state,
    done: operation.done,
    total: operation.total,
    result: operation.result ?? null,
    error: operation.error,
    cancel_asked: operation.cancelAsked,
    started_by: operation.startedBy,
    created_at: operation.createdAt.toISOString(),
    started_at: operation.startedAt?.toISOString() ?? null,
    finished_at: operation.finishedAt?.toISOString() ?? null,
  }
}
