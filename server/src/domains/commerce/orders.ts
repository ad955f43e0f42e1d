import { hash } from 'node:crypto'
import type { orderInput, orderStatuses } from '@nuanyu/client/shapes'
import type { z } from 'zod'
import type { Vault } from '../../infra/secrets/vault.ts'
import type { NamedIdentity } from '../customers/index.ts'
import { type Fault, faults } from './faults.ts'
import { identitiesOf } from './people.ts'
import { keyOf, type Named, type Version } from './versions.ts'

type OrderStatus = (typeof orderStatuses)[number]

export interface OrderLine {
  readonly product: string
  readonly name: string
  readonly category: string
  readonly quantity: number
  /** Fen. */
  readonly price: number
  readonly amount: number
  readonly refunded: number
}

/** What tells whether an order was paid, refunded or cancelled. */
export interface OrderState {
  readonly paidAt: Date | null
  readonly cancelledAt: Date | null
  /** Fen. */
  readonly refunded: number
}

/** One version of an order, whole. */
export interface Order extends Named, Version, OrderState {
  readonly identities: readonly NamedIdentity[]
  readonly status: OrderStatus
  readonly amount: number
  readonly refundedAt: Date | null
  readonly orderedAt: Date
  readonly lines: readonly OrderLine[]
  readonly refunds: readonly { readonly number: string; readonly amount: number; readonly at: string }[]
  readonly store: string | null
  readonly channel: string | null
  readonly staff: string | null
}

type Given = z.output<typeof orderInput>

const dateOf = (text: string | null | undefined) => (text ? new Date(text) : null)

export function readOrder(given: Given, vault: Pick<Vault, 'blindIndex'>): Order {
  const refunds = (given.refunds ?? [])
    .map(({ number, amount, at }) => ({ number, amount, at: new Date(at).toISOString() }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.number < b.number ? -1 : 1))
  const said = {
    identities: identitiesOf(given.customer, vault),
    amount: given.amount,
    orderedAt: new Date(given.ordered_at),
    paidAt: dateOf(given.paid_at),
    cancelledAt: dateOf(given.cancelled_at),
    lines: given.lines.map((line) => ({
      product: line.product,
      name: line.name ?? '',
      category: line.category ?? '',
      quantity: line.quantity,
      price: line.price,
      amount: line.amount ?? line.price * line.quantity,
      refunded: line.refunded ?? 0,
    })),
    refunds,
    store: given.store || null,
    channel: given.channel || null,
    staff: given.staff || null,
  }
  const refunded = refunds.reduce((sum, { amount }) => sum + amount, 0)
  const lastRefund = refunds.at(-1)
  return {
    ...said,
    source: given.source,
    number: given.number,
    versionAt: new Date(given.updated_at),
    digest: hash('sha256', JSON.stringify(said), 'buffer').subarray(0, 16),
    refunded,
    refundedAt: lastRefund === undefined ? null : new Date(lastRefund.at),
    status: statusOf({ ...said, refunded }),
  }
}

export function statusOf(order: OrderState & { readonly amount: number }): OrderStatus {
  if (order.cancelledAt !== null) return 'cancelled'
  if (order.paidAt === null) return 'pending'
  if (order.refunded === 0) return 'paid'
  return order.refunded >= order.amount ? 'refunded' : 'part_refunded'
}

const dayMs = 86_400_000

/** What of an order cannot be, beside its shape. */
export function orderFault(order: Order, now: Date): Fault | undefined {
  const latest = now.getTime() + dayMs
  if (order.versionAt.getTime() > latest) return faults.ahead('updated_at')
  if (order.orderedAt.getTime() > latest) return faults.ahead('ordered_at')
  if (order.paidAt !== null && order.paidAt.getTime() > latest) return faults.ahead('paid_at')
  if (order.refunded > order.amount) return faults.refundsAbove()
  if (order.refunded > 0 && order.paidAt === null) return faults.refundsUnpaid()
  return undefined
}

/** What has happened to an order since the version before. */
export interface OrderHappening {
  readonly kind: 'order.paid' | 'order.refunded' | 'order.cancelled'
  readonly at: Date
  /** Fen: what was paid, or given back now. */
  readonly amount: number
}

export function happeningsOf(before: OrderState | undefined, order: Order): readonly OrderHappening[] {
  const found: OrderHappening[] = []
  const given = order.refunded - (before?.refunded ?? 0)
  if (order.paidAt !== null && (before?.paidAt ?? null) === null)
    found.push({ kind: 'order.paid', at: order.paidAt, amount: order.amount })
  if (given > 0) found.push({ kind: 'order.refunded', at: order.refundedAt ?? order.versionAt, amount: given })
  if (order.cancelledAt !== null && (before?.cancelledAt ?? null) === null)
    found.push({ kind: 'order.cancelled', at: order.cancelledAt, amount: order.amount })
  return found
}

/** What was bought for good: paid, not cancelled, and not given back as a whole. */
export function countsAsBought({ status }: Pick<Order, 'status'>): boolean {
  return status === 'paid' || status === 'part_refunded'
}

/** The order with the categories of its products where its lines tell none; `categories` by source and number. */
export function categorised(order: Order, categories: ReadonlyMap<string, string>): Order {
  const lines = order.lines.map((line) =>
    line.category === ''
      ? { ...line, category: categories.get(keyOf({ source: order.source, number: line.product })) ?? '' }
      : line,
  )
  return { ...order, lines }
}
