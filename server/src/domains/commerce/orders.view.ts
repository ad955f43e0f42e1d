import type { z } from '@hono/zod-openapi'
import type { Actor } from '../../infra/auth/actor.ts'
import { nameFor } from '../../infra/auth/mask.ts'
import type { customerOrders, orderDetail, orderItem, productDetail, productItem } from './orders.schema.ts'
import type { OrderRow, OrderTotals } from './orders-read.store.ts'
import type { ProductRow, StockRow } from './products.store.ts'

const iso = (at: Date | null) => at?.toISOString() ?? null
const goodsShown = 3

export function presentItem(actor: Actor, row: OrderRow): z.infer<typeof orderItem> {
  return {
    ...{ source: row.source, number: row.number, status: row.status },
    customer: { id: row.root, name: nameFor(actor, row.customerName ?? ''), added: row.added },
    ...{
      amount: row.amount,
      refunded: row.refunded,
      ordered_at: row.orderedAt.toISOString(),
      paid_at: iso(row.paidAt),
    },
    store: row.storeCode === null ? null : { id: row.storeCode, name: row.storeName ?? row.storeCode },
    channel: row.channel,
    seller: row.staffUserid === null ? null : { id: row.staffUserid, name: row.staffName ?? row.staffUserid },
    goods: row.lines.slice(0, goodsShown).map(({ name, product, quantity }) => ({ name: name || product, quantity })),
    lines: row.lines.length,
  }
}

export function presentDetail(actor: Actor, row: OrderRow): z.infer<typeof orderDetail> {
  return {
    ...presentItem(actor, row),
    cancelled_at: iso(row.cancelledAt),
    refunded_at: iso(row.refundedAt),
    updated_at: row.versionAt.toISOString(),
    learnt_at: row.learntAt.toISOString(),
    items: [...row.lines],
    refunds: [...row.refunds],
  }
}

export function presentTotals(totals: OrderTotals): z.infer<typeof customerOrders>['recent'] {
  const { count, net, refunded } = totals
  return { count, net, refunded, first_at: iso(totals.firstAt), last_at: iso(totals.lastAt) }
}

export function presentProductItem(row: ProductRow): z.infer<typeof productItem> {
  return {
    ...{ id: row.id, source: row.source, number: row.number, name: row.name, category: row.category },
    ...{ price: row.price, image: row.image, stock: row.stock, on_sale: row.onSale },
    updated_at: row.versionAt.toISOString(),
  }
}

export function presentProductDetail(row: ProductRow, stocks: readonly StockRow[]): z.infer<typeof productDetail> {
  return { ...presentProductItem(row), attributes: { ...row.attributes }, stocks: [...stocks] }
}
