import { createHmac, timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { createBehaviourTaker, takeOrders, takeProducts } from '../domains/commerce/index.ts'
import { AppError } from '../infra/errors.ts'
import { languageOf } from '../infra/http/server.ts'
import type { Services } from '../infra/services.ts'
import { knownShopParts, shopAppid, shopCorp } from './shop.store.ts'
import { putInSandbox } from './weixin.ts'

type Needs = Pick<Services, 'db' | 'vault' | 'clock' | 'log'>

const line = z.object({
  productId: z.string(),
  name: z.string(),
  category: z.string(),
  priceFen: z.number(),
})
const order = z.object({
  id: z.string(),
  openId: z.string(),
  unionId: z.string().optional(),
  items: z.array(line.extend({ quantity: z.number() })),
  totalFen: z.number(),
  store: z.object({ id: z.number() }),
  staff: z.string().optional(),
  paidMs: z.number(),
  updatedMs: z.number(),
  refunds: z.array(z.object({ id: z.string(), amountFen: z.number(), atMs: z.number() })),
})
type ShopOrder = z.output<typeof order>
const event = z.object({
  id: z.string(),
  type: z.enum(['product.viewed', 'cart.added', 'order.paid', 'order.refunded']),
  atMs: z.number(),
  openId: z.string(),
  unionId: z.string().optional(),
  data: z.object({ order: order.optional(), product: line.optional(), quantity: z.number().optional() }),
})
const products = z.object({
  products: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      category: z.string(),
      priceFen: z.number(),
      stock: z.number(),
      attributes: z.record(z.string(), z.string()),
    }),
  ),
})

const source = 'sandbox-shop'
const path = '/callbacks/shop/:corpId'
const maxBytes = 256 * 1024
/** An old body that somebody replays is refused. */
const freshMs = 300_000
const iso = (ms: number) => new Date(ms).toISOString()

/** The shop's secret of a corp: nothing to keep, and nobody finds it without the master key. */
function secretOf(vault: Pick<Services['vault'], 'blindIndex'>, corpid: string): string {
  return vault.blindIndex(`the sandbox shop of ${corpid}`).toString('hex')
}

/** Tells the sandbox's shop where what happens in it is heard, and reads its goods. */
export async function connectDemoShop(
  services: Needs & Pick<Services, 'config'>,
  sandboxUrl: string,
  corpId: number,
): Promise<void> {
  const { corpid } = await shopCorp(services.db, corpId)
  const url = `${services.config.publicUrl}/callbacks/shop/${corpid}`
  await putInSandbox(sandboxUrl, '/shop/webhook', { url, secret: secretOf(services.vault, corpid) })
  const goods = products.parse(await (await fetch(`${sandboxUrl}/sandbox/shop/products`)).json()).products
  const rows = goods.map(({ id, name, category, priceFen, stock, attributes }) => ({
    ...{ source, number: id, updated_at: services.clock.now().toISOString() },
    ...{ name, category, price: priceFen, stock, attributes },
  }))
  await takeProducts(services, { corpId, cause: `shop:${source}` }, rows)
}

/** `POST /callbacks/shop/:corpId`: what happens in the sandbox's shop, signed. Answered once it is written. */
export function demoShopRoutes(services: Needs & Pick<Services, 'config'>): Hono {
  const { db, vault, clock } = services
  const takeBehaviours = createBehaviourTaker(services)
  const app = new Hono()
  app.post(path, bodyLimit({ maxSize: maxBytes }), async (c) => {
    const corp = await shopCorp(db, c.req.param('corpId')).catch(() => undefined)
    const body = await c.req.text()
    const at = Number(c.req.header('x-shop-timestamp') ?? Number.NaN) * 1000
    const signed = `${c.req.header('x-shop-timestamp')}.${body}`
    const isOurs =
      corp !== undefined && isSame(c.req.header('x-shop-signature'), hmac(secretOf(vault, corp.corpid), signed))
    if (!isOurs || !(Math.abs(clock.now().getTime() - at) < freshMs)) {
      const refusal = unsigned()
      return c.json(refusal.body(languageOf(c.req.header('accept-language'))), refusal.status)
    }
    const told = event.parse(JSON.parse(body))
    const teller = { corpId: corp.id, cause: `shop:${source}` }
    const program = (await shopAppid(db, corp.id)) ?? ''
    if (told.data.order === undefined) await takeBehaviours(teller, [behaviourOf(told, program)])
    else await takeOrders(services, teller, [await orderOf(services, corp.id, told.data.order, program)])
    return c.body('', 200)
  })
  return app
}

function customerOf(appid: string, { openId, unionId }: { openId: string; unionId?: string | undefined }) {
  return { openid: { appid, openid: openId }, ...(unionId === undefined ? {} : { unionid: unionId }) }
}

function behaviourOf(told: z.output<typeof event>, appid: string) {
  const { product, quantity } = told.data
  return {
    ...{ source, number: told.id, at: iso(told.atMs), customer: customerOf(appid, told) },
    name: told.type === 'cart.added' ? 'add_to_cart' : 'view_product',
    properties: {
      ...(product === undefined
        ? {}
        : { product: product.productId, name: product.name, category: product.category, price: product.priceFen }),
      ...(quantity === undefined ? {} : { quantity }),
    },
  }
}

/** A store or member that we do not know (yet) is left out rather than the order. */
async function orderOf({ db }: Needs, corpId: number, told: ShopOrder, appid: string) {
  const { store, staff } = await knownShopParts(db, corpId, told.store.id, told.staff)
  // a refund in the very millisecond of the payment is the later version all the same
  const version = told.updatedMs + told.refunds.length
  return {
    ...{ source, number: told.id, updated_at: iso(version), customer: customerOf(appid, told) },
    ...{ ordered_at: iso(told.paidMs), paid_at: iso(told.paidMs), amount: told.totalFen, channel: 'mini_program' },
    lines: told.items.map(({ productId, name, category, priceFen, quantity }) => ({
      ...{ product: productId, name, category, price: priceFen, quantity },
    })),
    refunds: told.refunds.map(({ id, amountFen, atMs }) => ({ number: id, amount: amountFen, at: iso(atMs) })),
    ...(store === undefined ? {} : { store }),
    ...(staff === undefined ? {} : { staff }),
  }
}

function hmac(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex')
}

function isSame(given: string | undefined, right: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const unsigned = () =>
  new AppError(
    'invalid_request',
    { zh: '商城消息的签名不对或已过期。', en: 'The signature of the shop’s message is wrong or too old.' },
    { hint: { zh: '请核对商城里填写的密钥。', en: 'Check the secret that the shop was given.' } },
  )
