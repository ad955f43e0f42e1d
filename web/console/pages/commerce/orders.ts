import type { components } from '#shared/api/schema.gen.ts'
import type { UrlValues } from '../../lib/useUrl.ts'

export type OrderRow = components['schemas']['OrderItem']
export type ProductRow = components['schemas']['ProductItem']

export const ordersKey = ['orders'] as const
export const productsKey = ['products'] as const
export const orderFilters = ['number', 'source', 'status', 'store', 'staff', 'from', 'until'] as const
export const orderStatuses = ['pending', 'paid', 'part_refunded', 'refunded', 'cancelled'] as const
export const statusColours = {
  pending: 'default',
  paid: 'success',
  part_refunded: 'warning',
  refunded: 'error',
  cancelled: 'default',
} as const

const given = (name: string, value: string | undefined) => (value === undefined ? {} : { [name]: value.trim() })

/** Filters of the address as the API asks for them; days are those of the corp's zone, the last one included. */
export function ordersQuery(values: UrlValues, cursor: string | undefined) {
  const status = orderStatuses.find((one) => one === values['status'])
  const from = dayStart(values['from'], 0)
  const until = dayStart(values['until'], 1)
  return {
    ...given('number', values['number']),
    ...given('source', values['source']),
    ...given('store', values['store']),
    ...given('staff', values['staff']),
    ...(status === undefined ? {} : { status }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(cursor === undefined ? {} : { cursor }),
  }
}

function dayStart(day: string | undefined, later: number): string | undefined {
  if (day === undefined || !/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(day))) return undefined
  return new Date(Date.parse(`${day}T00:00:00+08:00`) + later * 86_400_000).toISOString()
}

/** Source and number in the address, as the open drawer is named there. */
export function openName(row: { source: string; number: string }): string {
  return `${row.source}/${row.number}`
}

export function openedOrder(name: string | undefined): { source: string; number: string } | undefined {
  const [, source, number] = /^([^/]+)\/(.+)$/.exec(name ?? '') ?? []
  return source === undefined || number === undefined ? undefined : { source, number }
}
