import { findEndpointByPath } from '../catalogue.ts'
import { welcome } from '../endpoints/welcome.ts'
import type { LimitProfile } from '../limits.ts'
import { weixinPath } from '../platform-name.ts'
import { findWeixinEndpointByPath } from '../weixin/catalogue.ts'
import type { Priority } from './types.ts'

/**
 * Our share of the platform's limit; the rest is left to other apps of the corp, which draw on it unseen
 * (realities 1). A welcome cannot wait, so its share is larger.
 */
const welcomeShare = 0.97
const share = 0.85

/** Of our share, how much each priority may fill: so a sync leaves room for the person who waits. */
const ceilings: Readonly<Record<Priority, number>> = { urgent: 1, interactive: 0.95, normal: 0.9, bulk: 0.8 }

const ranks: Readonly<Record<Priority, number>> = { urgent: 0, interactive: 1, normal: 2, bulk: 3 }

/** Order of priorities: smaller goes first. */
export function rank(priority: Priority): number {
  return ranks[priority]
}

export interface Allowance {
  readonly minute: number
  readonly hour: number
  readonly ipMinute: number
  readonly ipHour: number
  /** Calls of one corp that may run at the same time. */
  readonly gate: number
}

/** What one API may use of the platform's limits, all priorities together. */
export function allowance(limits: LimitProfile, path: string): Allowance {
  const other = weixinPath(path)
  const endpoint = (other === undefined ? findEndpointByPath(path) : findWeixinEndpointByPath(other))?.endpoint
  const ours = path === welcome.send.path ? welcomeShare : share
  const part = (limit: number) => Math.max(1, Math.floor(limit * ours))
  const gate = part(limits.value(endpoint?.listing === true ? 'api.concurrent_listing' : 'api.concurrent_calls'))
  const none = Number.POSITIVE_INFINITY
  if (endpoint?.exempt === true) return { minute: none, hour: none, ipMinute: none, ipHour: none, gate }
  /** The basic limit, or the API's own where that is smaller. */
  const smallest = (basic: number, unit: string) => {
    const own = (endpoint?.limits ?? []).map((name) => limits.entry(name)).filter((entry) => entry.unit === unit)
    return part(Math.min(basic, ...own.map((entry) => Number(entry.value))))
  }
  return {
    minute: smallest(limits.value('api.corp_per_minute'), 'count/min'),
    hour: smallest(limits.value('api.corp_per_hour'), 'count/h'),
    ipMinute: part(limits.value('api.ip_per_minute')),
    ipHour: part(limits.value('api.ip_per_hour')),
    gate,
  }
}

/** The part of an allowance that a priority may fill. */
export function ceiling(limit: number, priority: Priority): number {
  return Math.max(1, Math.floor(limit * ceilings[priority]))
}
