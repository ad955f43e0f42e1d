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
import { productDetail, productItem, productsQuery } from './orders.schema.ts'
import { presentProductDetail, presentProductItem } from './orders.view.ts'
import { findProduct, listProducts } from './products.store.ts'

const cursorShape = z.tuple([cursorMoment, z.int()])

/** 商品库: what other systems told of goods, with their stock by store. */
export function productsRoutes({ db }: Pick<Services, 'db'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'products.read' },
      {
        method: 'get',
        path: '/api/products',
        tags: ['products'],
        request: { query: productsQuery },
        responses: { 200: jsonContent(pageOf(productItem), 'The last changed first'), ...errorResponses },
      },
    ),
    async (c) => {
      const { limit, cursor, q, on_sale, ...ask } = c.req.valid('query')
      const before = decodeCursor(cursorShape, cursor)
      const rows = await listProducts(db, c.get('actor').corpId, {
        ...ask,
        q: q?.trim() || undefined,
        onSale: on_sale === undefined ? undefined : on_sale === 'true',
        before,
        limit: limit + 1,
      })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.versionAt, last.id])
      return c.json({ items: shown.map(presentProductItem), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'products.read' },
      {
        method: 'get',
        path: '/api/products/{id}',
        tags: ['products'],
        request: { params: z.object({ id: z.coerce.number().int().positive() }) },
        responses: { 200: jsonContent(productDetail, 'The product'), ...errorResponses },
      },
    ),
    async (c) => {
      const found = await findProduct(db, c.get('actor').corpId, c.req.valid('param').id)
      if (found === undefined) throw notFound({ zh: '商品', en: 'product' })
      return c.json(presentProductDetail(found.product, found.stocks), 200)
    },
  )
  return api
}
