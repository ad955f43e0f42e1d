import type { components } from '#shared/api/schema.gen.ts'
import type { UrlValues } from '../../lib/useUrl.ts'

export type CustomerRow = components['schemas']['CustomerItem']
export type CustomerRelation = components['schemas']['CustomerRelation']
export type CustomerEvent = components['schemas']['CustomerEvent']
export type SyncRun = components['schemas']['CustomerSync']
export type Difference = components['schemas']['SyncDifference']

export const listPath = '/customers/list'
export const customersKey = ['customers'] as const
export const syncKey = ['customer-sync'] as const
export const filterKeys = ['q', 'staff', 'channel', 'tag', 'audience', 'status', 'from', 'until'] as const
export const statuses = ['alive', 'half', 'lost', 'ended'] as const

/** Filters of the address as the API asks for them; days are those of the corp's zone, the last one included. */
export function listQuery(values: UrlValues, cursor: string | undefined) {
  const status = statuses.find((one) => one === values['status'])
  return {
    ...(values['q'] === undefined ? {} : { q: values['q'] }),
    ...(values['staff'] === undefined ? {} : { staff: values['staff'] }),
    ...(values['channel'] === undefined ? {} : { channel: values['channel'] }),
    ...(values['tag'] === undefined ? {} : { tag: values['tag'] }),
    ...(values['audience'] === undefined ? {} : { audience: values['audience'] }),
    ...(status === undefined ? {} : { status }),
    ...(isDay(values['from']) ? { added_from: dayStart(values['from']) } : {}),
    ...(isDay(values['until']) ? { added_until: dayStart(values['until'], 1) } : {}),
    ...(cursor === undefined ? {} : { cursor }),
  }
}

function isDay(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
}

export function dayStart(day: string, later = 0): string {
  return new Date(Date.parse(`${day}T00:00:00+08:00`) + later * 86_400_000).toISOString()
}
