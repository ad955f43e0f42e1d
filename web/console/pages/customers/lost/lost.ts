import type { components } from '#shared/api/schema.gen.ts'
import type { UrlValues } from '../../../lib/useUrl.ts'
import { dayStart } from '../customers.ts'

export type LostRow = components['schemas']['LostCustomer']

export const lostKeys = ['by', 'staff', 'store', 'channel', 'from', 'until'] as const
const enders = ['customer', 'staff'] as const
const dayMs = 86_400_000

/** Filters of the address as the API asks for them; days are those of the corp's zone, the last one included. */
export function lostQuery(values: UrlValues, cursor: string | undefined) {
  const by = enders.find((one) => one === values['by'])
  const { staff, store, channel, from, until } = values
  return {
    ...(by === undefined ? {} : { by }),
    ...(staff === undefined ? {} : { staff }),
    ...(store === undefined ? {} : { store }),
    ...(channel === undefined ? {} : { channel }),
    ...(isDay(from) ? { from: dayStart(from) } : {}),
    ...(isDay(until) ? { until: dayStart(until, 1) } : {}),
    ...(cursor === undefined ? {} : { cursor }),
  }
}

function isDay(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
}

/** Whole days that the relation lasted; undefined: nobody told of its beginning. */
export function daysOf(row: Pick<LostRow, 'added_at' | 'ended_at'>): number | undefined {
  if (row.added_at === null) return undefined
  return Math.max(0, Math.floor((Date.parse(row.ended_at) - Date.parse(row.added_at)) / dayMs))
}
