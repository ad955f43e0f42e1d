import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Rule } from '../rules/rule.schema.ts'
import { driftOf, freshness, inOrder, movesWithTime, nextRefresh } from './audience.ts'

const zone = 'Asia/Shanghai'
const next = (now: string, everyHours: number, atMinute: number) =>
  nextRefresh(new Date(now), zone, { everyHours, atMinute }).toISOString()

it('a schedule meets its minute of the business day, and every so many hours from there', () => {
  expect(next('2026-11-11T10:00:00+08:00', 24, 180)).toBe('2026-11-11T19:00:00.000Z')
  expect(next('2026-11-11T02:59:00+08:00', 24, 180)).toBe('2026-11-10T19:00:00.000Z')
  expect(next('2026-11-11T10:00:00+08:00', 4, 180)).toBe('2026-11-11T03:00:00.000Z')
  expect(next('2026-11-11T23:30:00+08:00', 6, 180)).toBe('2026-11-11T19:00:00.000Z')
})

it('the next moment is always ahead, and never further than its hours', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }),
      fc.constantFrom(1, 2, 4, 6, 12, 24),
      fc.integer({ min: 0, max: 1_439 }),
      fc.constantFrom(zone, 'Europe/Berlin'),
      (now, everyHours, atMinute, where) => {
        const ahead = nextRefresh(now, where, { everyHours, atMinute }).getTime() - now.getTime()
        expect(ahead).toBeGreaterThan(0)
        // a day on which clocks are put back has an hour more
        expect(ahead).toBeLessThanOrEqual((everyHours + 1) * 3_600_000)
      },
    ),
  )
})

it('every audience is computed after those it reads', () => {
  const reads = (id: string, ...ids: string[]): { id: string; rule: Rule } => ({
    ...{ id, rule: { all: ids.map((one): Rule => ({ is: 'audience', id: one })) } },
  })
  const order = inOrder([reads('c', 'b', 'a'), reads('b', 'a'), reads('a', 'gone')]).map((one) => one.id)
  expect(order).toEqual(['a', 'b', 'c'])
})

it('only moving windows and days since turn with time', () => {
  expect(movesWithTime({ not: { is: 'orders', measure: 'count', window: { days: 90 }, from: 1 } })).toBe(true)
  expect(movesWithTime({ is: 'ago', field: 'birthday' })).toBe(true)
  const fixed = { from: '2026-01-01', to: '2026-02-01' }
  expect(movesWithTime({ is: 'orders', measure: 'sum', window: fixed, from: 1 })).toBe(false)
  expect(movesWithTime({ is: 'tags', mode: 'any', tags: ['t'] })).toBe(false)
})

it('drift is said in per cent of what was, and a missed schedule is stale', () => {
  expect([driftOf(100, 130), driftOf(0, 5), driftOf(3, 2)]).toEqual([30, 500, 33.3])
  const computedAt = new Date('2026-11-11T00:00:00Z')
  const refreshed = { kind: 'refreshed', everyHours: 1, computedAt } as const
  expect(freshness(refreshed, new Date('2026-11-11T01:59:00Z'))).toBe('fresh')
  expect(freshness(refreshed, new Date('2026-11-11T02:01:00Z'))).toBe('stale')
  expect(freshness({ ...refreshed, computedAt: null }, computedAt)).toBe('none')
})
