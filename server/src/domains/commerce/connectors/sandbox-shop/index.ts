import { z } from 'zod'
import { ConnectorFault, connector, type Known } from '../connector.ts'
import { checkSignature } from '../signature.ts'

const order = z.object({
  id: z.string(),
  openId: z.string(),
  unionId: z.string().optional(),
  items: z.array(
    z.object({
      productId: z.string(),
      name: z.string(),
      category: z.string(),
      priceFen: z.number(),
      quantity: z.number(),
    }),
  ),
  totalFen: z.number(),
  store: z.object({ id: z.number() }),
  staff: z.string().optional(),
  paidMs: z.number(),
  updatedMs: z.number(),
  refunds: z.array(z.object({ id: z.string(), amountFen: z.number(), atMs: z.number() })),
})
const page = z.object({ orders: z.array(order), nextCursor: z.string(), more: z.boolean() })
const event = z.object({ data: z.object({ order: order.optional() }) })
const config = z.object({
  url: z.url({ protocol: /^https?$/ }),
  /** Of the mini program that the shop is: an openid means nobody without it. */
  appid: z.string().default(''),
})

const source = 'sandbox-shop'
const iso = (ms: number) => new Date(ms).toISOString()

/** The sandbox's shop: orders by a cursor, and what happens there by a signed webhook. The guide explains this folder. */
export const sandboxShop = connector({
  kind: 'sandbox-shop',
  name: { zh: '沙箱商城', en: 'Sandbox shop' },
  config,
  everyMs: 10_000,
  async pull({ url, appid }, { cursor, fetch: get, ...known }) {
    const address = new URL('/sandbox/shop/orders', url)
    address.searchParams.set('limit', '200')
    if (cursor !== null) address.searchParams.set('cursor', cursor)
    const response = await get(address, { signal: AbortSignal.timeout(10_000) })
    if (!response.ok)
      throw new ConnectorFault({ zh: `商城答复了 ${response.status}。`, en: `The shop answered ${response.status}.` })
    const { orders, nextCursor, more } = page.parse(await response.json())
    return { facts: { orders: await ordersOf(orders, appid, known) }, cursor: nextCursor, more }
  },
  async receive({ appid }, received) {
    checkSignature(received, 'x-shop')
    const { data } = event.parse(JSON.parse(received.body))
    return data.order === undefined ? {} : { orders: await ordersOf([data.order], appid, received) }
  },
})

type ShopOrder = z.output<typeof order>

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

function orderOf(told: ShopOrder, appid: string) {
  return {
    ...{ source, number: told.id, updated_at: iso(told.updatedMs) },
    customer: {
      ...(appid === '' ? {} : { openid: { appid, openid: told.openId } }),
      ...(told.unionId === undefined ? {} : { unionid: told.unionId }),
    },
    ...{ ordered_at: iso(told.paidMs), paid_at: iso(told.paidMs), amount: told.totalFen, channel: 'mini_program' },
    lines: told.items.map(({ productId, name, category, priceFen, quantity }) => ({
      ...{ product: productId, name, category, price: priceFen, quantity },
    })),
    refunds: told.refunds.map(({ id, amountFen, atMs }) => ({ number: id, amount: amountFen, at: iso(atMs) })),
  }
}
