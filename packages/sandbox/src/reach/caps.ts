import type { LimitProfile } from '@nuanyu/wecom'
import type { Platform } from '../platform.ts'
import { dayStart } from '../statistics.ts'
import type { Deliveries, DeliveryRow } from './deliveries.ts'

const DAY_S = 86_400
const ZONE_S = 8 * 3600

/** How many mass messages one recipient may have had from a moment on, and which of them count. */
export interface Cap {
  readonly sinceS: number
  readonly most: number
  /** `all`: the corp's and the members' own together; the old rule counted the corp's, and each member's, apart. */
  readonly counts: 'all' | 'corp' | 'member'
}

/**
 * The rule of 群发助手 → 群发规则 at this moment [92135]. Months and days are those of Shanghai; a week is any seven days,
 * the strict reading, since no page says that it begins on a Monday.
 */
export function capAt(limits: LimitProfile, nowS: number, personal: boolean): Cap {
  const { value } = limits
  switch (value('broadcast.cap_mode')) {
    case 'weekly_7':
      // the second seven days ago is no longer of the week
      return { sinceS: nowS - 7 * DAY_S + 1, most: value('broadcast.weekly_cap'), counts: 'all' }
    case 'daily_1':
      return { sinceS: dayStart(nowS), most: value('broadcast.daily_cap'), counts: 'all' }
    case 'legacy_4_per_month':
      return personal
        ? { sinceS: dayStart(nowS), most: value('broadcast.client_per_day'), counts: 'member' }
        : { sinceS: monthOf(nowS).startS, most: value('broadcast.legacy_monthly_cap'), counts: 'corp' }
    default: {
      const { startS, days } = monthOf(nowS)
      return { sinceS: startS, most: days, counts: 'all' }
    }
  }
}

/** Whether the customer has had all that the cap allows, from this member where only his own count. */
export function isOver(platform: Platform, customer: number, staff: number, cap: Cap): boolean {
  return full(platform, platform.reach.toCustomers, customer, staff, cap)
}

/** The same of a group, by its number among those that were ever sent to. */
export function isGroupOver(platform: Platform, group: number, staff: number, cap: Cap): boolean {
  return full(platform, platform.reach.toGroups, group, staff, cap)
}

function full({ reach }: Platform, log: Deliveries, to: number, staff: number, cap: Cap): boolean {
  const byCorp = (number: number) => reach.broadcasts.all[number]?.appKey !== undefined
  const counted = {
    all: undefined,
    corp: (row: DeliveryRow) => byCorp(row.broadcast),
    member: (row: DeliveryRow) => row.staff === staff && !byCorp(row.broadcast),
  }[cap.counts]
  return log.since(to, cap.sinceS, counted) >= cap.most
}

/** The calendar month in Shanghai. */
export function monthOf(nowS: number): { startS: number; days: number } {
  const there = new Date((nowS + ZONE_S) * 1000)
  const startS = Date.UTC(there.getUTCFullYear(), there.getUTCMonth()) / 1000 - ZONE_S
  const endS = Date.UTC(there.getUTCFullYear(), there.getUTCMonth() + 1) / 1000 - ZONE_S
  return { startS, days: Math.round((endS - startS) / DAY_S) }
}
