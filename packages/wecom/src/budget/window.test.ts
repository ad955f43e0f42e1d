import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SlidingWindow } from './window.ts'

const minute = 60_000

test('no minute, wherever it begins, holds more than the limit', () => {
  const gaps = fc.array(fc.oneof(fc.nat(50), fc.nat(5_000), fc.nat(90_000)), { maxLength: 300 })
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 20 }), fc.nat(1e9), (steps, limit, start) => {
      const window = new SlidingWindow(minute, 600)
      const times: number[] = []
      let now = start
      for (const step of steps) {
        now = Math.max(now + step, window.roomAt(now + step, limit))
        expect(window.roomAt(now, limit)).toBe(now)
        window.add(now)
        times.push(now)
      }
      times.forEach((from, index) => {
        expect(times.slice(index).filter((at) => at < from + minute).length).toBeLessThanOrEqual(limit)
      })
    }),
  )
})

test('room comes no later than a slot after the first call left the minute', () => {
  const window = new SlidingWindow(minute, 600)
  window.add(1_000)
  window.add(30_000)
  expect(window.roomAt(40_000, 2)).toBe(61_100)
  expect(window.used(61_099)).toBe(2)
  expect(window.used(61_100)).toBe(1)
})

test('a limit of nothing has never room', () => {
  expect(new SlidingWindow(minute, 60).roomAt(5, 0)).toBe(Number.POSITIVE_INFINITY)
})

test('a clock that steps back loses no count', () => {
  const window = new SlidingWindow(minute, 600)
  window.add(100_000)
  window.add(40_000)
  expect(window.used(100_000)).toBe(2)
})
