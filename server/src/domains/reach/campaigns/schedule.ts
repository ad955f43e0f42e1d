import { businessDay, dayMs, localTime, momentOf } from '../../../infra/zone.ts'
import type { CampaignSpec } from './campaign.schema.ts'

type Window = NonNullable<CampaignSpec['window']>

/** Whether a minute of the day lies in a window; one that ends before it begins goes over midnight. */
export function within(minute: number, { from, until }: Window): boolean {
  return from <= until ? from <= minute && minute < until : minute >= from || minute < until
}

/** This moment, or the next at which the window opens. */
export function intoWindow(at: Date, window: Window | null, zone: string): Date {
  const { dayNumber, minute } = localTime(at, zone)
  if (window === null || within(minute, window)) return at
  const today = momentOf(dayNumber, window.from, zone)
  return today > at ? today : momentOf(dayNumber + 1, window.from, zone)
}

/** When a campaign that has not gone out yet goes out, seen from this moment; undefined: never. */
export function firstStart({ schedule, window }: Schedule, now: Date, zone: string): Date | undefined {
  if (schedule.kind === 'recurring') return nextStart({ schedule, window }, now, zone)
  const at = schedule.kind === 'at' ? new Date(schedule.at) : now
  return intoWindow(at < now ? now : at, window, zone)
}

/** When a campaign that repeats goes out next after this moment; undefined: never again. */
export function nextStart({ schedule, window }: Schedule, after: Date, zone: string): Date | undefined {
  if (schedule.kind !== 'recurring') return undefined
  const { dayNumber } = localTime(after, zone)
  for (let day = dayNumber; day <= dayNumber + 7; day++) {
    if (!schedule.weekdays.includes(weekdayOf(day))) continue
    for (const minute of schedule.minutes) {
      const at = momentOf(day, minute, zone)
      if (businessDay(at, zone) > schedule.until) return undefined
      if (at > after) return intoWindow(at, window, zone)
    }
  }
  return undefined
}

/** Without a window, what repeats goes out so late at most. */
const lateMostMs = 3 * 3_600_000

/** Until when a campaign that repeats may go out for one of its times: while its window is open, without one for some hours. */
export function latestStart({ window }: Schedule, start: Date, zone: string): Date {
  if (window === null) return new Date(start.getTime() + lateMostMs)
  const { dayNumber } = localTime(start, zone)
  const today = momentOf(dayNumber, window.until, zone)
  return today > start ? today : momentOf(dayNumber + 1, window.until, zone)
}

/** The times of a campaign that repeats, from one that has come to this moment: for which it may go out still, if for any. */
export function dueStart(
  spec: Schedule,
  first: Date,
  now: Date,
  zone: string,
): { readonly start: Date | undefined; readonly missed: readonly Date[] } {
  const come = [first]
  for (let at = nextStart(spec, first, zone); at !== undefined && at <= now; at = nextStart(spec, at, zone))
    come.push(at)
  // only the last: two sends at once help nobody
  const last = come.pop() ?? first
  return now <= latestStart(spec, last, zone)
    ? { start: last, missed: come }
    : { start: undefined, missed: [...come, last] }
}

/** When it goes out within a span of time, the first first; of a campaign without an end at most so many. */
export function startsBetween(spec: Schedule, from: Date, until: Date, zone: string, most = 62 * 8): readonly Date[] {
  if (spec.schedule.kind !== 'recurring') {
    const at = firstStart(spec, from, zone)
    const meant = spec.schedule.kind === 'at' ? new Date(spec.schedule.at) : undefined
    return at !== undefined && meant !== undefined && meant >= from && at < until ? [at] : []
  }
  const found: Date[] = []
  let at = nextStart(spec, new Date(from.getTime() - 1), zone)
  while (at !== undefined && at < until && found.length < most) {
    found.push(at)
    at = nextStart(spec, at, zone)
  }
  return found
}

/** Which of its times of the day this moment belongs to, and how many there are: a window may have moved it to later. */
export function slotOf(
  { schedule }: Schedule,
  at: Date,
  zone: string,
): { readonly place: number; readonly of: number } {
  if (schedule.kind !== 'recurring') return { place: 0, of: 1 }
  const { minute } = localTime(at, zone)
  const place = schedule.minutes.findLastIndex((one) => one <= minute)
  return { place: Math.max(0, place), of: schedule.minutes.length }
}

type Schedule = Pick<CampaignSpec, 'schedule' | 'window'>

const weekdayOf = (dayNumber: number) => localTime(new Date(dayNumber * dayMs), 'UTC').weekday
