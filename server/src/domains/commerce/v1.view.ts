import type { MemberView, OrderView, ProductView } from '@nuanyu/client'
import type { MemberRow } from './members.store.ts'
import type { OrderRow } from './orders-read.store.ts'
import type { ProductRow } from './products.store.ts'

const iso = (at: Date | null) => at?.toISOString() ?? null

export function presentOrder(row: OrderRow): OrderView {
  return {
    ...{ source: row.source, number: row.number, status: row.status, customer_id: row.root },
    ...{ amount: row.amount, refunded: row.refunded, ordered_at: row.orderedAt.toISOString() },
    ...{ paid_at: iso(row.paidAt), cancelled_at: iso(row.cancelledAt), store: row.storeCode, channel: row.channel },
    ...{ staff: row.staffUserid, lines: [...row.lines], refunds: [...row.refunds] },
    updated_at: row.versionAt.toISOString(),
  }
}

export function presentProduct(row: ProductRow): ProductView {
  return {
    ...{ source: row.source, number: row.number, name: row.name, category: row.category, price: row.price },
    ...{ image: row.image, stock: row.stock, on_sale: row.onSale, attributes: { ...row.attributes } },
    updated_at: row.versionAt.toISOString(),
  }
}

export function presentMember(row: MemberRow): MemberView {
  return {
    ...{ source: row.source, number: row.number, customer_id: row.home, level: row.level, points: row.points },
    ...{ joined_at: iso(row.joinedAt), ended_at: iso(row.endedAt), store: row.store },
    attributes: { ...row.attributes },
    updated_at: row.versionAt.toISOString(),
  }
}
