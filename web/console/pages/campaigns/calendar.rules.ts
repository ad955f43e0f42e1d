const dayMs = 86_400_000

export type Span = 'month' | 'week'

const utc = (day: string) => Date.parse(`${day}T00:00:00Z`)
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
export const addDays = (day: string, days: number) => dayOf(utc(day) + days * dayMs)
/** 0 Monday … 6 Sunday. */
const weekdayOf = (day: string) => (new Date(utc(day)).getUTCDay() + 6) % 7

/** The days of a page: the whole weeks that hold the month, or the one week. */
export function daysShown(anchor: string, span: Span): string[] {
  const first = span === 'week' ? anchor : `${anchor.slice(0, 8)}01`
  const last = span === 'week' ? anchor : addDays(nextMonth(first), -1)
  const from = addDays(first, -weekdayOf(first))
  const to = addDays(last, 6 - weekdayOf(last))
  return Array.from({ length: (utc(to) - utc(from)) / dayMs + 1 }, (_, at) => addDays(from, at))
}

function nextMonth(first: string): string {
  const at = new Date(utc(first))
  return dayOf(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1))
}

/** The day on which the page before or after is anchored. */
export function step(anchor: string, span: Span, by: 1 | -1): string {
  if (span === 'week') return addDays(anchor, 7 * by)
  const at = new Date(utc(anchor))
  return dayOf(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + by, 1))
}
