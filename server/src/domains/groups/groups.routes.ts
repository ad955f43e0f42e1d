import { z } from '@hono/zod-openapi'
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
} from '../../infra/http/api.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { findCustomer, homesOf } from '../customers/index.ts'
import { groupDetailRoutes, weekBefore } from './group-detail.routes.ts'
import { groupItem, groupOfCustomer, groupsQuery } from './groups.schema.ts'
import { groupsOfCustomer, listGroups } from './groups.store.ts'
import { presentGroup, presentGroupOfCustomer } from './groups.view.ts'

const cursorShape = z.tuple([cursorMoment, z.string()])
const textOr = (text: string | undefined) => (text?.trim() === '' ? undefined : text?.trim())

/** Customer groups: all of them, one with who is in it, and those of one customer. */
export function groupsRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/groups',
        tags: ['groups'],
        request: { query: groupsQuery },
        responses: { 200: jsonContent(pageOf(groupItem), 'The newest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const { limit, cursor, q, owner, store, dismissed } = c.req.valid('query')
      const key = decodeCursor(cursorShape, cursor)
      const after = key && { at: key[0], chatId: key[1] }
      const since = weekBefore(clock.now())
      const ask = { q: textOr(q), owner: textOr(owner), store, since, dismissed, after, limit: limit + 1 }
      const rows = await listGroups(db, c.get('actor'), ask)
      const { shown, next_cursor } = page(rows, limit, (last) => [last.createdAt, last.chatId])
      return c.json({ items: shown.map(presentGroup), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customers/{id}/groups',
        tags: ['groups'],
        request: { params: z.object({ id: z.coerce.number().int().positive() }) },
        responses: {
          200: jsonContent(z.object({ items: z.array(groupOfCustomer) }), 'Those he is in first, then those he left'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      if ((await findCustomer(db, actor, id)) === undefined) throw notFound({ zh: '客户', en: 'customer' })
      const rows = await groupsOfCustomer(db, actor, await homesOf(db, actor.corpId, id))
      return c.json({ items: rows.map((row) => presentGroupOfCustomer(actor, row)) }, 200)
    },
  )
  api.route('/', groupDetailRoutes({ db, clock }))
  return api
}
