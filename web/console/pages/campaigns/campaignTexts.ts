import { listed } from '#shared/format/list.ts'
import { exactTime } from '#shared/format/time.ts'
import type { Say } from '#shared/i18n/words.ts'
import { clockText } from '../welcome/welcome.ts'
import type { Goal, Schedule } from './campaign.ts'
import type { CampaignWords } from './words.ts'

/** 72 → 3 天, 7 → 7 小时. */
export function hoursText(t: Say<CampaignWords>, hours: number): string {
  return hours % 24 === 0 ? t('hours.days', { count: hours / 24 }) : t('hours.hours', { count: hours })
}

export function goalText(t: Say<CampaignWords>, goal: Goal | null): string {
  if (goal === null) return t('goal.none')
  const hours = hoursText(t, goal.window_hours).trim()
  if (goal.metric === 'order')
    return goal.category === undefined
      ? t('goal.order', { hours })
      : t('goal.order.category', { hours, category: goal.category })
  return goal.metric === 'event' ? t('goal.event', { hours, event: goal.event ?? '' }) : t('goal.open', { hours })
}

const dayKeys = ['day.0', 'day.1', 'day.2', 'day.3', 'day.4', 'day.5', 'day.6'] as const

export function scheduleText(t: Say<CampaignWords>, schedule: Schedule): string {
  if (schedule.kind === 'now') return t('schedule.now')
  if (schedule.kind === 'at') return t('schedule.at', { time: exactTime(schedule.at).slice(0, 16) })
  const days = listed(dayKeys.filter((_, day) => schedule.weekdays.includes(day)).map((key) => t(key)))
  return t('schedule.recurring', { days, clock: listed(schedule.minutes.map(clockText)), until: schedule.until })
}
