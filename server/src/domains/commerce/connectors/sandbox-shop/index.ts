import { createHash } from 'node:crypto'
import { z } from 'zod'
import { ConnectorFault, connector, type Known, type PullContext } from '../connector.ts'
import { checkSignature } from '../signature.ts'

const goods = z.object({
  productId: z.string(),
  name: z.string(),
  category: z.string(),
  priceFen: z.number(),
})
const order = z.object({
  id: z.string(),
  openId: z.string(),
  unionId: z.string().optional(),
  items: z.array(goods.extend({ quantity: z.number() })),
  totalFen: z.number(),
  store: z.object({ id: z.number() }),
  staff: z.string().optional(),
  paidMs: z.number(),
  updatedMs: z.number(),
  refunds: z.array(z.object({ id: z.string(), amountFen: z.number(), atMs: z.number() })),
})
const event = z.object({
  id: z.string(),
  type: z.enum(['product.viewed', 'cart.added', 'order.paid', 'order.refunded']),
  atMs: z.number(),
  openId: z.string(),
  unionId: z.string().optional(),
  data: z.object({ order: order.optional(), product: goods.optional(), quantity: z.number().optional() }),
})
const product = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  priceFen: z.number(),
  stock: z.number(),
  attributes: z.record(z.string(), z.string()),
})
const orderPage = z.object({ orders: z.array(order), nextCursor: z.string(), more: z.boolean() })
const eventPage = z.object({ events: z.array(event), nextCursor: z.string(), more: z.boolean() })
const productList = z.object({ products: z.array(product) })
const config = z.object({
  url: z.url({ protocol: /^https?$/ }),
  /** Of the mini program that the shop is: an openid means nobody without it. */
  appid: z.string().default(''),
})

const source = 'sandbox-shop'
const iso = (ms: number) => new Date(ms).toISOString()

/**
 * The sandbox's shop: goods as they are now, orders and what people looked at by a cursor each, and what happens there by a
 * signed webhook. The guide explains this folder.
 */
export const sandboxShop = connector({
  kind: 'sandbox-shop',
  name: { zh: '沙箱商城', en: 'Sandbox shop' },
  config,
  everyMs: 10_000,
  async pull({ url, appid }, { cursor, brandNow, fetch: get, ...known }) {
    const before = cursorOf(cursor)
    const ask = async <T>(shape: z.ZodType<T>, path: string, from?: string): Promise<T> => {
      const address = new URL(`/sandbox/shop/${path}`, url)
      address.searchParams.set('limit', '200')
      if (from !== undefined && from !== '') address.searchParams.set('cursor', from)
      return shape.parse(await answerOf(get, address))
    }
    const { products } = await ask(productList, 'products')
    const told = await ask(orderPage, 'orders', before.orders)
    const seen = await ask(eventPage, 'events', before.events)
    // the shop does not say when it changed its goods: they are told again when they are others than last time
    const digest = createHash('sha256').update(JSON.stringify(products)).digest('base64url').slice(0, 16)
    return {
      facts: {
        products: digest === before.goods ? [] : products.map((one) => productOf(one, brandNow)),
        orders: await ordersOf(told.orders, appid, known),
        events: seen.events.flatMap((one) => behaviourOf(one, appid)),
      },
      cursor: `${told.nextCursor} ${seen.nextCursor} ${digest}`,
      more: told.more || seen.more,
    }
  },
  async receive({ appid }, received) {
    checkSignature(received, 'x-shop')
    const told = event.parse(JSON.parse(received.body))
    if (told.data.order === undefined) return { events: behaviourOf(told, appid) }
    return { orders: await ordersOf([told.data.order], appid, received) }
  },
})

/** How far orders and events were read, and a fingerprint of the goods. */
function cursorOf(cursor: string | null) {
  const [orders = '', events = '', digest = ''] = (cursor ?? '').split(' ')
  return { orders, events, goods: digest }
}

async function answerOf(get: PullContext['fetch'], address: URL): Promise<unknown> {
  const response = await get(address, { signal: AbortSignal.timeout(10_000) })
  if (response.ok) return response.json()
  throw new ConnectorFault({ zh: `商城答复了 ${response.status}。`, en: `The shop answered ${response.status}.` })
}

type ShopOrder = z.output<typeof order>
type ShopEvent = z.output<typeof event>

/** The shop's orders in the shape of /v1. A store or member that we do not know (yet) is left out rather than the order. */
async function ordersOf(told: readonly ShopOrder[], appid: string, known: Known) {
  const stores = await known.storesOf(told.map(({ store }) => store.id))
  const staff = await known.staffOf(told.flatMap((one) => one.staff ?? []))
  return told.map((one) => {
    const store = stores.get(one.store.id)
    return {
      ...orderOf(one, appid),
      ...(store === undefined ? {} : { store }),
      ...(one.staff !== undefined && staff.has(one.staff) ? { staff: one.staff } : {}),
    }
  })
}

function customerOf(appid: string, { openId, unionId }: Pick<ShopOrder, 'openId' | 'unionId'>) {
  return {
    ...(appid === '' ? {} : { openid: { appid, openid: openId } }),
    ...(unionId === undefined ? {} : { unionid: unionId }),
  }
}

function orderOf(told: ShopOrder, appid: string) {
  return {
    // a refund in the very millisecond of the payment is the later version all the same
    ...{ source, number: told.id, updated_at: iso(told.updatedMs + told.refunds.length) },
    customer: customerOf(appid, told),
    ...{ ordered_at: iso(told.paidMs), paid_at: iso(told.paidMs), amount: told.totalFen, channel: 'mini_program' },
    lines: told.items.map(({ productId, name, category, priceFen, quantity }) => ({
      ...{ product: productId, name, category, price: priceFen, quantity },
    })),
    refunds: told.refunds.map(({ id, amountFen, atMs }) => ({ number: id, amount: amountFen, at: iso(atMs) })),
  }
}

/** What somebody looked at or put into his cart; orders come as orders. */
function behaviourOf(told: ShopEvent, appid: string) {
  const { product: one, quantity } = told.data
  if (told.data.order !== undefined) return []
  const properties = {
    ...(one === undefined
      ? {}
      : { product: one.productId, name: one.name, category: one.category, price: one.priceFen }),
    ...(quantity === undefined ? {} : { quantity }),
  }
  const name = told.type === 'cart.added' ? 'add_to_cart' : 'view_product'
  return [{ source, number: told.id, at: iso(told.atMs), customer: customerOf(appid, told), name, properties }]
}

function productOf(told: z.output<typeof product>, at: Date) {
  const { id, name, category, priceFen, stock, attributes } = told
  return { source, number: id, updated_at: at.toISOString(), name, category, price: priceFen, stock, attributes }
}
