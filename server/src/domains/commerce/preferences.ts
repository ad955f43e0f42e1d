import type { OrderLine } from './orders.ts'

/** What of an order says what somebody likes. */
export interface Liked {
  readonly status: string
  readonly storeName: string | null
  readonly lines: readonly Pick<OrderLine, 'category' | 'name'>[]
}

export interface Preference {
  readonly kind: 'category' | 'product' | 'store'
  readonly name: string
  /** In how many of the orders. */
  readonly times: number
  /** How many orders were looked at. */
  readonly of: number
}

/** Once may be chance, or for somebody else. */
const leastTimes = 2
const most = { category: 3, product: 3, store: 1 } as const

/** What somebody prefers, as his orders suggest: bought in two orders or more, the most often first. */
export function preferencesOf(orders: readonly Liked[]): readonly Preference[] {
  const bought = orders.filter(({ status }) => status === 'paid' || status === 'part_refunded')
  return [
    ...often(bought, 'category', ({ lines }) => lines.map(({ category }) => category)),
    ...often(bought, 'product', ({ lines }) => lines.map(({ name }) => name)),
    ...often(bought, 'store', ({ storeName }) => (storeName === null ? [] : [storeName])),
  ]
}

function often(
  orders: readonly Liked[],
  kind: Preference['kind'],
  namesOf: (order: Liked) => readonly string[],
): readonly Preference[] {
  const times = new Map<string, number>()
  for (const order of orders)
    for (const name of new Set(namesOf(order).filter((one) => one !== ''))) times.set(name, (times.get(name) ?? 0) + 1)
  return [...times]
    .filter(([, count]) => count >= leastTimes)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, most[kind])
    .map(([name, count]) => ({ kind, name, times: count, of: orders.length }))
}
