/** The demo brand and its customers live in China, which keeps one zone and no summer time. */
const ZONE_OFFSET_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
/** WeChat shows a time line when this long passed since the message before. */
const GAP_MS = 5 * 60_000

export type TimeWords = {
  readonly yesterday: string
  readonly weekdays: readonly string[]
  readonly monthDay: (month: number, day: number) => string
  readonly yearMonthDay: (year: number, month: number, day: number) => string
}

type Parts = { year: number; month: number; day: number; weekday: number; clock: string; dayNumber: number }

function partsOf(ms: number): Parts {
  const local = new Date(ms + ZONE_OFFSET_MS)
  const two = (value: number) => String(value).padStart(2, '0')
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    weekday: local.getUTCDay(),
    clock: `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`,
    dayNumber: Math.floor((ms + ZONE_OFFSET_MS) / DAY_MS),
  }
}

/** Hours and minutes, as the status bar shows them. */
export function clockTime(ms: number): string {
  return partsOf(ms).clock
}

/** Hours, minutes and seconds, as the platform stream shows them. */
export function clockSeconds(ms: number): string {
  return new Date(ms + ZONE_OFFSET_MS).toISOString().slice(11, 19)
}

/** Year to seconds, for the clock panel. */
export function fullTime(ms: number): string {
  return new Date(ms + ZONE_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}

function dayLabel(ms: number, nowMs: number, words: TimeWords): string | undefined {
  const then = partsOf(ms)
  const now = partsOf(nowMs)
  const daysAgo = now.dayNumber - then.dayNumber
  if (daysAgo === 0) return undefined
  if (daysAgo === 1) return words.yesterday
  if (daysAgo > 1 && daysAgo < 7) return words.weekdays[then.weekday] ?? ''
  if (then.year === now.year) return words.monthDay(then.month, then.day)
  return words.yearMonthDay(then.year, then.month, then.day)
}

/** The time at the right of a row in the list of chats: today the hour, else only the day. */
export function listTime(ms: number, nowMs: number, words: TimeWords): string {
  return dayLabel(ms, nowMs, words) ?? partsOf(ms).clock
}

/** The time line inside a chat: day (unless today) and hour. */
export function chatTime(ms: number, nowMs: number, words: TimeWords): string {
  const day = dayLabel(ms, nowMs, words)
  return day === undefined ? partsOf(ms).clock : `${day} ${partsOf(ms).clock}`
}

export function needsTimeLine(previousMs: number | undefined, ms: number): boolean {
  return previousMs === undefined || ms - previousMs >= GAP_MS
}
