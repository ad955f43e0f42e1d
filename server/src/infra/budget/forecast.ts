import { type MinuteCount, oldestMinute, type Rule, usedInHour } from './rules.ts'

const minuteMs = 60_000

/** How far an API's budget is used, and when it ends at the present rate. Times in ms. */
export interface Forecast {
  readonly usedMinute: number
  readonly usedHour: number
  readonly limitMinute: number
  readonly limitHour: number
  /** Calls a minute at present: over the last whole minute, or this one when it is faster. */
  readonly perMinuteNow: number
  readonly exhaustedAt: number | undefined
  readonly blockedUntil: number | undefined
}

/** Says before it happens when the hour's budget will be used up: the rate goes on, and what is an hour old leaves. */
export function forecast(
  counts: readonly MinuteCount[],
  rule: Rule,
  blockedUntil: number | undefined,
  now: number,
): Forecast {
  const current = Math.floor(now / minuteMs) * minuteMs
  const inMinute = (minute: number) => counts.reduce((sum, one) => (one.minute === minute ? sum + one.count : sum), 0)
  // slots count in the minute of their latest use, so the newest may stand in the next one
  const thisMinute = inMinute(current) + inMinute(current + minuteMs)
  const lastMinute = inMinute(current - minuteMs)
  const passed = (now - current) / minuteMs
  const usedMinute = Math.round(thisMinute + lastMinute * (1 - passed))
  const perMinuteNow = Math.max(usedMinute, lastMinute)
  const usedHour = usedInHour(counts, now)
  return {
    usedMinute,
    usedHour,
    limitMinute: rule.perMinute,
    limitHour: rule.perHour,
    perMinuteNow,
    exhaustedAt: exhaustion(counts, perMinuteNow, usedHour, rule.perHour, now),
    blockedUntil: blockedUntil !== undefined && blockedUntil > now ? blockedUntil : undefined,
  }
}

function exhaustion(
  counts: readonly MinuteCount[],
  perMinute: number,
  usedHour: number,
  perHour: number,
  now: number,
): number | undefined {
  if (usedHour >= perHour) return now
  if (perMinute === 0) return undefined
  const leaving = new Map(counts.map(({ minute, count }) => [minute, count]))
  const oldest = oldestMinute(now)
  let used = usedHour
  for (let step = 0; step < 60; step += 1) {
    if (used + perMinute > perHour) return now + (step + (perHour - used) / perMinute) * minuteMs
    used += perMinute - (leaving.get(oldest + step * minuteMs) ?? 0)
  }
  return undefined
}
