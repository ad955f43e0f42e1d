import { type OrdersLeaf, periodDays } from './facts.ts'

/** A number of a buyer that is kept by binary digits. What is larger than they tell stands as the largest. */
export interface Kept {
  readonly column: 'd1' | 'd2' | 'd3' | 'd4' | 'd5' | 'orders' | 'net'
  readonly bits: number
}

/** Who has a row of a buyer. */
export const buyerMark = 'buyer'
export const keptMark = ({ column }: Kept, bit: number) => `buyer:${column}:${bit}`

const days = ['d1', 'd2', 'd3', 'd4', 'd5'] as const
/** The day of the k-th latest order; days have 16 digits until the year 2149. */
export const keptDays: readonly Kept[] = days.map((column) => ({ column, bits: 16 }))
export const keptOrders: Kept = { column: 'orders', bits: 16 }
export const keptNet: Kept = { column: 'net', bits: 31 }

/** Every mark of a buyer with the condition on its row. */
export const buyerMarks: readonly (readonly [string, string])[] = [
  [buyerMark, 'true'],
  ...[...keptDays, keptOrders, keptNet].flatMap((kept) =>
    Array.from({ length: kept.bits }, (_, bit): [string, string] => [
      keptMark(kept, bit),
      // least() passes over null, which is who has no so-manieth order
      `least(coalesce(${kept.column}, 0), ${2 ** kept.bits - 1}) >> ${bit} & 1 = 1`,
    ]),
  ),
]

/** A bound on a kept number, as an order leaf without product, category, store and channel comes to. */
export interface KeptBound {
  readonly kept: Kept
  readonly least: number
}

/** At least so many orders, or fen, where one kept number tells. */
export function keptBound(leaf: OrdersLeaf, least: number, today: number): KeptBound | undefined {
  const { window, measure } = leaf
  if (!ofAllOrders(leaf)) return undefined
  const kept = measure === 'count' ? keptOrders : keptNet
  if (!window) return least < 2 ** kept.bits ? { kept, least } : undefined
  const day = measure === 'count' && 'days' in window ? keptDays[least - 1] : undefined
  return day && 'days' in window ? { kept: day, least: today - window.days + 1 } : undefined
}

export const ofAllOrders = (leaf: OrdersLeaf) =>
  leaf.product === undefined && leaf.category === undefined && leaf.store === undefined && leaf.channel === undefined

/** What was bought in the latest periods, from what was bought since each began; what is dated ahead is taken off. */
export function spentInPeriods(periods: number, today: number): string {
  const last = Math.floor(today / periodDays)
  const first = last - periods + 1
  return `t${first % 13} - case when period > ${last} then t${(last + 1) % 13} else 0 end`
}

export const firstPeriod = (periods: number, today: number) => Math.floor(today / periodDays) - periods + 1
