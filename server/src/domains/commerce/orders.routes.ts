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
import { customerOrders, orderDetail, orderItem, ordersQuery } from './orders.schema.ts'
import { presentDetail, presentItem, presentTotals } from './orders.view.ts'
import { findOrder, listOrders, ordersOfHomes, totalsOf } from './orders-read.store.ts'
import { preferencesOf } from './preferences.ts'

const cursorShape = z.tuple([cursorMoment, z.int()])
const recentDays = 90
const dayMs = 86_400_000
const shown = 100

/** 订单: the list, one order, and what a customer bought. A guide sees those of his own customers. */
export function ordersRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'orders.read' },
      {
        method: 'get',
        path: '/api/orders',
        tags: ['orders'],
        request: { query: ordersQuery },
        responses: { 200: jsonContent(pageOf(orderItem), 'The last ordered first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { limit, cursor, from, until, ...ask } = c.req.valid('query')
      const before = decodeCursor(cursorShape, cursor)
      const rows = await listOrders(db, actor, {
        ...ask,
        from: from === undefined ? undefined : new Date(from),
        until: until === undefined ? undefined : new Date(until),
        before,
        limit: limit + 1,
      })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.orderedAt, last.id])
      return c.json({ items: shown.map((row) => presentItem(actor, row)), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'orders.read' },
      {
        method: 'get',
        path: '/api/orders/{source}/{number}',
        tags: ['orders'],
        request: { params: z.object({ source: z.string().max(32), number: z.string().max(64) }) },
        responses: { 200: jsonContent(orderDetail, 'The order'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { source, number } = c.req.valid('param')
      const row = await findOrder(db, actor, source, number)
      if (row === undefined) throw notFound({ zh: '订单', en: 'order' })
      return c.json(presentDetail(actor, row), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'orders.read' },
      {
        method: 'get',
        path: '/api/customers/{id}/orders',
        tags: ['customers'],
        request: { params: z.object({ id: z.coerce.number().int().positive() }) },
        responses: { 200: jsonContent(customerOrders, 'What he bought, lately and ever'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      if ((await findCustomer(db, actor, id)) === undefined) throw notFound({ zh: '客户', en: 'customer' })
      const homes = await homesOf(db, actor.corpId, id)
      const since = new Date(clock.now().getTime() - recentDays * dayMs)
      const [{ recent, ever }, items] = await Promise.all([
        totalsOf(db, homes, since),
        ordersOfHomes(db, actor.corpId, homes, since, shown),
      ])
      return c.json(
        {
          days: recentDays,
          recent: presentTotals(recent),
          ever: presentTotals(ever),
          items: items.map((row) => presentItem(actor, row)),
          preferences: [...preferencesOf(items)],
        },
        200,
      )
    },
  )
  return api
}
