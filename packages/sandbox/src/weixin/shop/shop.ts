import { refuse } from '../../admin/refusal.ts'
import type { ShopEvent, ShopOrder, ShopWebhook } from '../../admin/schema.shop.ts'
import type { Poster } from '../../callbacks/post.ts'
import type { SandboxClock } from '../../clock/clock.ts'
import { hash } from '../../random.ts'
import type { Departments } from '../../world/departments.ts'
import type { Tally } from '../tally.ts'
import { firstProducts, type ShopProduct } from './products.ts'
import { createWebhook, type Webhook } from './webhook.ts'

/** Who buys, as the shop knows him. */
export interface Buyer {
  readonly customer: number
  readonly openId: string
  readonly unionId: string | undefined
}

/** The small shop behind the mini program: goods, carts, orders, refunds, and what is told of them. */
export interface Shop {
  readonly webhook: Webhook
  products(): readonly ShopProduct[]
  setProduct(id: string, change: { priceFen?: number | undefined; stock?: number | undefined }): ShopProduct
  view(buyer: Buyer, productId: string): ShopProduct
  /** The cart afterwards; 0 takes the product out. */
  addToCart(buyer: Buyer, productId: string, quantity: number): CartLine[]
  cart(customer: number): CartLine[]
  /** Pays these products, or the cart. */
  pay(
    buyer: Buyer,
    given: { items?: Item[] | undefined; storeId?: number | undefined; staff?: string | undefined },
  ): ShopOrder
  refund(
    customer: number,
    id: string,
    given: { amountFen?: number | undefined; reason?: string | undefined },
  ): ShopOrder
  ordersOf(customer: number): ShopOrder[]
  /** Orders as they are now, by their latest change; a position is where to go on. */
  ordersAfter(position: number, limit: number): { orders: ShopOrder[]; next: number }
  eventsAfter(position: number, limit: number): { events: ShopEvent[]; next: number }
  dump(): ShopState
  load(state: ShopState): void
}

interface Item {
  readonly productId: string
  readonly quantity: number
}
export interface CartLine extends Item {
  readonly name: string
  readonly priceFen: number
}

export interface ShopState {
  readonly products: readonly (readonly [string, number, number])[]
  readonly carts: readonly (readonly [number, readonly (readonly [string, number])[]])[]
  readonly orders: readonly ShopOrder[]
  readonly changes: readonly number[]
  readonly events: readonly ShopEvent[]
  readonly eventsBefore: number
  readonly webhook: ShopWebhook | null
}

export interface ShopParts {
  clock: SandboxClock
  poster: Poster
  departments: Departments
  seed: number
  tally: Tally
}

const KEPT_EVENTS = 100_000
/** Departments that are stores. */
const FIRST_STORE = 100

export function createShop({ clock, poster, departments, seed, tally }: ShopParts): Shop {
  const products = new Map(firstProducts().map((product) => [product.id, product]))
  const carts = new Map<number, Map<string, number>>()
  const orders: ShopOrder[] = []
  const byCustomer = new Map<number, number[]>()
  /** Number of the order that changed, in order of change. */
  let changes: number[] = []
  let events: ShopEvent[] = []
  let eventsBefore = 0
  const webhook = createWebhook(clock, poster)
  const stores = () => departments.all().filter((department) => department.id >= FIRST_STORE)

  const productOf = (id: string): ShopProduct => {
    const product = products.get(id)
    if (product === undefined) throw refuse(404, 'product_unknown', `there is no product ${id}`, '没有这个商品')
    return product
  }
  const tell = (type: ShopEvent['type'], buyer: Omit<Buyer, 'customer'>, data: ShopEvent['data']) => {
    const number = eventsBefore + events.length + 1
    const unionId = buyer.unionId === undefined ? {} : { unionId: buyer.unionId }
    const event: ShopEvent = { id: `E${number}`, type, atMs: clock.now(), openId: buyer.openId, ...unionId, data }
    events.push(event)
    if (events.length > KEPT_EVENTS * 2) {
      eventsBefore += KEPT_EVENTS
      events = events.slice(KEPT_EVENTS)
    }
    webhook.send(event)
  }
  const lines = (customer: number): CartLine[] =>
    [...(carts.get(customer) ?? [])].map(([productId, quantity]) => {
      const { name, priceFen } = productOf(productId)
      return { productId, quantity, name, priceFen }
    })
  const keep = (index: number, order: ShopOrder, customer: number) => {
    orders[index] = order
    changes.push(index)
    if (!byCustomer.get(customer)?.includes(index))
      byCustomer.set(customer, [...(byCustomer.get(customer) ?? []), index])
  }

  return {
    webhook,
    products: () => [...products.values()],
    setProduct(id, { priceFen, stock }) {
      const product = productOf(id)
      product.priceFen = priceFen ?? product.priceFen
      product.stock = stock ?? product.stock
      return product
    },
    view(buyer, productId) {
      const product = productOf(productId)
      const { name, category, priceFen } = product
      tally.note('shop.product_viewed', buyer.customer)
      tell('product.viewed', buyer, { product: { productId, name, category, priceFen } })
      return product
    },
    addToCart(buyer, productId, quantity) {
      const { name, category, priceFen } = productOf(productId)
      const cart = carts.get(buyer.customer) ?? new Map<string, number>()
      if (quantity === 0) cart.delete(productId)
      else cart.set(productId, (cart.get(productId) ?? 0) + quantity)
      carts.set(buyer.customer, cart)
      if (quantity > 0) tally.note('shop.cart_added', buyer.customer)
      if (quantity > 0) tell('cart.added', buyer, { product: { productId, name, category, priceFen }, quantity })
      return lines(buyer.customer)
    },
    cart: lines,
    pay(buyer, { items, storeId, staff }) {
      const wanted = items ?? lines(buyer.customer)
      if (wanted.length === 0) throw refuse(409, 'cart_empty', 'there is nothing to pay', '购物车是空的')
      const bought = wanted.map(({ productId, quantity }) => ({ product: productOf(productId), quantity }))
      for (const { product, quantity } of bought)
        if (product.stock < quantity)
          throw refuse(409, 'out_of_stock', `${product.name} is sold out`, `${product.name}库存不足`)
      const all = stores()
      const chosen = storeId ?? all[hash(buyer.customer, seed + 90) % Math.max(1, all.length)]?.id
      const store = all.find((one) => one.id === chosen)
      if (store === undefined) throw refuse(404, 'store_unknown', `there is no store ${chosen}`, '没有这个门店')
      for (const { product, quantity } of bought) product.stock -= quantity
      const index = orders.length
      const nowMs = clock.now()
      const order: ShopOrder = {
        id: `XG${String(index + 1).padStart(8, '0')}`,
        status: 'paid',
        person: `c${buyer.customer}`,
        openId: buyer.openId,
        ...(buyer.unionId === undefined ? {} : { unionId: buyer.unionId }),
        items: bought.map(({ product: { id, name, category, priceFen }, quantity }) => ({
          productId: id,
          name,
          category,
          priceFen,
          quantity,
        })),
        totalFen: bought.reduce((sum, { product, quantity }) => sum + product.priceFen * quantity, 0),
        refundedFen: 0,
        store: { id: store.id, name: store.name },
        ...(staff === undefined ? {} : { staff }),
        paidMs: nowMs,
        updatedMs: nowMs,
        refunds: [],
      }
      if (items === undefined) carts.delete(buyer.customer)
      keep(index, order, buyer.customer)
      tally.note('shop.order_paid', buyer.customer, order.totalFen)
      tell('order.paid', buyer, { order })
      return order
    },
    refund(customer, id, { amountFen, reason = '' }) {
      const index = byCustomer.get(customer)?.find((one) => orders[one]?.id === id)
      const order = index === undefined ? undefined : orders[index]
      if (index === undefined || order === undefined)
        throw refuse(404, 'order_unknown', `this person has no order ${id}`, '该用户没有这个订单')
      const left = order.totalFen - order.refundedFen
      const amount = amountFen ?? left
      if (left === 0 || amount > left)
        throw refuse(409, 'refund_too_much', `only ${left} fen are left to refund`, `可退金额仅剩 ${left} 分`)
      const refundedFen = order.refundedFen + amount
      const whole = refundedFen === order.totalFen
      const nowMs = clock.now()
      const changed: ShopOrder = {
        ...order,
        refundedFen,
        status: whole ? 'refunded' : 'partly_refunded',
        updatedMs: nowMs,
        refunds: [
          ...order.refunds,
          { id: `${id}-R${order.refunds.length + 1}`, amountFen: amount, reason, atMs: nowMs },
        ],
      }
      if (whole) for (const { productId, quantity } of order.items) productOf(productId).stock += quantity
      keep(index, changed, customer)
      tally.note('shop.order_refunded', customer, amount)
      tell('order.refunded', { openId: order.openId, unionId: order.unionId }, { order: changed })
      return changed
    },
    ordersOf: (customer) => (byCustomer.get(customer) ?? []).flatMap((index) => orders[index] ?? []).reverse(),
    ordersAfter(position, limit) {
      const latest = new Map<number, number>()
      const end = Math.min(changes.length, position + limit)
      for (let at = position; at < end; at++) latest.set(changes[at] ?? 0, at)
      return { orders: [...latest.keys()].flatMap((index) => orders[index] ?? []), next: end }
    },
    eventsAfter(position, limit) {
      const from = Math.max(position, eventsBefore)
      const page = events.slice(from - eventsBefore, from - eventsBefore + limit)
      return { events: page, next: from + page.length }
    },
    dump: () => ({
      products: [...products.values()].map(({ id, priceFen, stock }) => [id, priceFen, stock]),
      carts: [...carts].map(([customer, cart]) => [customer, [...cart]]),
      orders,
      changes,
      events,
      eventsBefore,
      webhook: webhook.config ?? null,
    }),
    load(state) {
      for (const [id, priceFen, stock] of state.products) Object.assign(productOf(id), { priceFen, stock })
      for (const [customer, cart] of state.carts) carts.set(customer, new Map(cart))
      state.orders.forEach((order, index) => {
        orders[index] = order
        const customer = Number(order.person.slice(1))
        byCustomer.set(customer, [...(byCustomer.get(customer) ?? []), index])
      })
      changes = [...state.changes]
      events = [...state.events]
      eventsBefore = state.eventsBefore
      webhook.config = state.webhook ?? undefined
    },
  }
}
