import { Hono } from 'hono'
import { personOf } from '../people/directory.ts'
import type { Platform } from '../platform.ts'
import { buyerOf } from '../weixin/people.ts'
import { bodyOf, positionOf, queryOf } from './json.ts'
import { refuse } from './refusal.ts'
import {
  type PersonOrdersResponse,
  ShopCartRequest,
  type ShopCartResponse,
  ShopCursorQuery,
  type ShopEventsResponse,
  type ShopOrdersResponse,
  ShopPayRequest,
  ShopProductChange,
  type ShopProductsResponse,
  ShopRefundRequest,
  ShopViewRequest,
  ShopWebhook,
  type ShopWebhookState,
} from './schema.shop.ts'

/** The small shop: what a connector asks it, and what people do in it. */
export function shopRoutes(platform: Platform): Hono {
  const { shop } = platform.weixin
  const routes = new Hono()
  routes.get('/shop/products', (c) => c.json({ products: [...shop.products()] } satisfies ShopProductsResponse))
  routes.patch('/shop/products/:id', async (c) =>
    c.json(shop.setProduct(c.req.param('id'), await bodyOf(c, ShopProductChange))),
  )
  routes.get('/shop/orders', (c) => {
    const { cursor, limit } = queryOf(c, ShopCursorQuery)
    const { orders, next } = shop.ordersAfter(positionOf(cursor), limit)
    const more = shop.ordersAfter(next, 1).orders.length > 0
    return c.json({ orders, nextCursor: String(next), more } satisfies ShopOrdersResponse)
  })
  routes.get('/shop/events', (c) => {
    const { cursor, limit } = queryOf(c, ShopCursorQuery)
    const { events, next } = shop.eventsAfter(positionOf(cursor), limit)
    const more = shop.eventsAfter(next, 1).events.length > 0
    return c.json({ events, nextCursor: String(next), more } satisfies ShopEventsResponse)
  })
  routes.get('/shop/webhook', (c) => {
    const { config } = shop.webhook
    const webhook = config === undefined ? null : { url: config.url }
    return c.json({ webhook, deliveries: [...shop.webhook.deliveries()] } satisfies ShopWebhookState)
  })
  routes.put('/shop/webhook', async (c) => {
    shop.webhook.config = await bodyOf(c, ShopWebhook)
    return c.json({ ok: true })
  })
  routes.delete('/shop/webhook', (c) => {
    shop.webhook.config = undefined
    return c.json({ ok: true })
  })

  const buyer = (id: string) => {
    const who = personOf(platform, id)
    if (who.kind === 'customer') return buyerOf(platform, who.customer)
    throw refuse(409, 'not_customer', `${id} is a member of staff; customers do this`, '请用客户身份操作')
  }
  const cartOf = (customer: number): ShopCartResponse => {
    const lines = shop.cart(customer)
    return { lines, totalFen: lines.reduce((sum, { priceFen, quantity }) => sum + priceFen * quantity, 0) }
  }
  routes.post('/people/:id/shop/view', async (c) => {
    const { productId } = await bodyOf(c, ShopViewRequest)
    return c.json(shop.view(buyer(c.req.param('id')), productId))
  })
  routes.get('/people/:id/shop/cart', (c) => c.json(cartOf(buyer(c.req.param('id')).customer)))
  routes.post('/people/:id/shop/cart', async (c) => {
    const who = buyer(c.req.param('id'))
    const { productId, quantity } = await bodyOf(c, ShopCartRequest)
    shop.addToCart(who, productId, quantity)
    return c.json(cartOf(who.customer))
  })
  routes.post('/people/:id/shop/pay', async (c) =>
    c.json(shop.pay(buyer(c.req.param('id')), await bodyOf(c, ShopPayRequest)), 201),
  )
  routes.post('/people/:id/shop/refund', async (c) => {
    const { orderId, ...given } = await bodyOf(c, ShopRefundRequest)
    return c.json(shop.refund(buyer(c.req.param('id')).customer, orderId, given))
  })
  routes.get('/people/:id/shop/orders', (c) => {
    const orders = shop.ordersOf(buyer(c.req.param('id')).customer)
    return c.json({ orders } satisfies PersonOrdersResponse)
  })
  return routes
}
