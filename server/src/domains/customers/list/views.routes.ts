import { z } from '@hono/zod-openapi'
import { notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { savedView, savedViewInput } from './customers.schema.ts'
import { deleteView, listViews, saveView } from './views.store.ts'

const list = 'customers'
const ownBusiness = { none: 'a person’s own filters of a list' }

/** Filters of the customer list that a person named; only he sees them. */
export function customerViewsRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()
  const views = z.object({ items: z.array(savedView) })
  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customer-views',
        tags: ['customers'],
        responses: { 200: jsonContent(views, 'The newest first'), ...errorResponses },
      },
    ),
    async (c) => c.json({ items: await listViews(db, c.get('actor'), list) }, 200),
  )
  api.openapi(
    route(
      { gate: 'customers.read', audit: ownBusiness },
      {
        method: 'post',
        path: '/api/customer-views',
        tags: ['customers'],
        request: { body: jsonContent(savedViewInput, 'A view of the same name is replaced') },
        responses: { 201: jsonContent(savedView, 'Saved'), ...errorResponses },
      },
    ),
    async (c) => c.json(await saveView(db, c.get('actor'), list, c.req.valid('json'), clock.now()), 201),
  )
  api.openapi(
    route(
      { gate: 'customers.read', audit: ownBusiness },
      {
        method: 'delete',
        path: '/api/customer-views/{id}',
        tags: ['customers'],
        request: { params: z.object({ id: z.uuid() }) },
        responses: { 204: { description: 'Gone' }, ...errorResponses },
      },
    ),
    async (c) => {
      if (!(await deleteView(db, c.get('actor'), list, c.req.valid('param').id)))
        throw notFound({ zh: '视图', en: 'view' })
      return c.body(null, 204)
    },
  )
  return api
}
