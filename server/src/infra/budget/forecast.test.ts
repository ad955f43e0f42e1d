import { describe, expect, test } from 'vitest'
import { forecast } from './forecast.ts'

const minute = 60_000
const now = 100 * 3_600_000 + 30_000
const thisMinute = 100 * 3_600_000
const rule = { perMinute: 9_700, perHour: 145_500 }
const ago = (minutes: number, count: number) => ({ minute: thisMinute - minutes * minute, count })

describe('the forecast', () => {
  test('at full rate the hour ends a quarter of an hour after it began', () => {
    const counts = [ago(0, 4_850), ...[1, 2, 3, 4, 5].map((minutes) => ago(minutes, 9_700))]
    const seen = forecast(counts, rule, undefined, now)
    expect(seen.usedHour).toBe(53_350)
    expect(seen.perMinuteNow).toBe(9_700)
    expect(seen.exhaustedAt).toBeCloseTo(now + ((145_500 - 53_350) / 9_700) * minute, -3)
  })

  test('a rate that the hour can bear does not end it', () => {
    const counts = [ago(0, 1_150), ...Array.from({ length: 60 }, (_, index) => ago(index + 1, 2_300))]
    expect(forecast(counts, rule, undefined, now).exhaustedAt).toBeUndefined()
  })

  test('what is an hour old makes room', () => {
    // a burst of long ago leaves just before the present rate would have met it
    const counts = [ago(59, 100_000), ago(1, 2_000), ago(0, 1_000)]
    expect(forecast(counts, rule, undefined, now).exhaustedAt).toBeUndefined()
  })

  test('a used-up hour is said to be over now, a quiet one never', () => {
    expect(forecast([ago(10, 145_500)], rule, undefined, now).exhaustedAt).toBe(now)
    expect(forecast([], rule, undefined, now).exhaustedAt).toBeUndefined()
  })

  test('a block that is over is not shown', () => {
    expect(forecast([], rule, now - 1, now).blockedUntil).toBeUndefined()
    expect(forecast([], rule, now + 1, now).blockedUntil).toBe(now + 1)
  })
})
