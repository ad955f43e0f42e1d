import { periodDays } from '../rules/facts.ts'

/** An order that was never told of before. */
interface NewOrder {
  readonly personNo: number
  readonly day: number
  readonly net: number
}

/** New orders of one buyer, all of one period. */
export interface Added {
  readonly personNo: number
  readonly period: number
  readonly orders: number
  readonly net: number
  /** The latest first, five at most. */
  readonly days: readonly number[]
}

const most = 5

/** What new orders add to each of their buyers; and buyers whose new orders lie in several periods, to be summed anew. */
export function addedTo(orders: readonly NewOrder[]): {
  readonly added: readonly Added[]
  readonly others: readonly number[]
} {
  const added = new Map<number, Added>()
  const others = new Set<number>()
  for (const { personNo, day, net } of orders) {
    const period = Math.floor(day / periodDays)
    const known = added.get(personNo)
    if (known === undefined) added.set(personNo, { personNo, period, orders: 1, net, days: [day] })
    else if (known.period !== period) others.add(personNo)
    else
      added.set(personNo, {
        ...{ personNo, period, orders: known.orders + 1, net: known.net + net },
        days: [...known.days, day].sort((a, b) => b - a).slice(0, most),
      })
  }
  for (const personNo of others) added.delete(personNo)
  return { added: [...added.values()], others: [...others] }
}
