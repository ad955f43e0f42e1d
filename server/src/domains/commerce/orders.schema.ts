import { z } from '@hono/zod-openapi'
import { orderStatuses } from '@nuanyu/client/shapes'
import { pageQuery } from '../../infra/http/api.ts'

const named = z.object({ id: z.string(), name: z.string() })

export const orderItem = z
  .object({
    source: z.string(),
    number: z.string(),
    status: z.enum(orderStatuses),
    customer: z.object({
      id: z.int(),
      name: z.string().openapi({ description: 'Empty: nothing but an identity is known' }),
      added: z.boolean().openapi({ description: 'A customer in WeCom; else the order waits for him to be added' }),
    }),
    amount: z.int().openapi({ description: 'Fen' }),
    refunded: z.int().openapi({ description: 'Fen' }),
    ordered_at: z.string(),
    paid_at: z.string().nullable(),
    store: named.nullable().openapi({ description: '`id` is the store’s code' }),
    channel: z.string().nullable(),
    seller: named.nullable().openapi({ description: 'The member whose product card led to it' }),
    goods: z.array(z.object({ name: z.string(), quantity: z.int() })).openapi({ description: 'The first lines' }),
    lines: z.int(),
  })
  .openapi('OrderItem')

export const orderDetail = orderItem
  .extend({
    cancelled_at: z.string().nullable(),
    refunded_at: z.string().nullable(),
    updated_at: z.string(),
    learnt_at: z.string(),
    items: z.array(
      z.object({
        product: z.string(),
        name: z.string(),
        category: z.string(),
        quantity: z.int(),
        price: z.int(),
        amount: z.int(),
        refunded: z.int(),
      }),
    ),
    refunds: z.array(z.object({ number: z.string(), amount: z.int(), at: z.string() })),
  })
  .openapi('OrderDetail')

export const ordersQuery = pageQuery.extend({
  number: z.string().max(64).optional(),
  source: z.string().max(32).optional(),
  status: z.enum(orderStatuses).optional(),
  store: z.string().max(64).optional().openapi({ description: 'Code of the store' }),
  staff: z.string().max(64).optional().openapi({ description: 'userid of the member whose product card led to it' }),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
})

const totals = z.object({
  count: z.int(),
  net: z.int().openapi({ description: 'Fen, after refunds' }),
  refunded: z.int(),
  first_at: z.string().nullable(),
  last_at: z.string().nullable(),
})

export const customerOrders = z
  .object({
    days: z.int(),
    recent: totals,
    ever: totals,
    items: z.array(orderItem).openapi({ description: 'Of these days, the latest first; at most 100' }),
    preferences: z
      .array(
        z.object({
          kind: z.enum(['category', 'product', 'store']),
          name: z.string(),
          times: z.int().openapi({ description: 'In how many of the orders' }),
          of: z.int().openapi({ description: 'How many orders were looked at' }),
        }),
      )
      .openapi({ description: 'Inferred from these orders: in two of them or more' }),
  })
  .openapi('CustomerOrders')

export const productItem = z
  .object({
    id: z.int(),
    source: z.string(),
    number: z.string(),
    name: z.string(),
    category: z.string(),
    price: z.int().nullable(),
    image: z.string().nullable(),
    stock: z.int().nullable().openapi({ description: 'Over all stores; null: not counted' }),
    on_sale: z.boolean(),
    updated_at: z.string(),
  })
  .openapi('ProductItem')

export const productDetail = productItem
  .extend({
    attributes: z.record(z.string(), z.unknown()),
    stocks: z.array(z.object({ code: z.string(), name: z.string(), stock: z.int() })),
  })
  .openapi('ProductDetail')

export const productsQuery = pageQuery.extend({
  q: z.string().max(100).optional(),
  source: z.string().max(32).optional(),
  category: z.string().max(64).optional(),
  on_sale: z.enum(['true', 'false']).optional(),
})
