import { expect, it } from 'vitest'
import { isStale } from './freshness.ts'

const hour = 3_600_000
const start = Date.parse('2026-11-11T02:00:00Z')
const at = (hours: number) => new Date(start + hours * hour)
const run = { runId: 1, corpId: 1, open: true, startedAt: at(0), persons: 1_000 }

it('a run without a report is worked out at once', () => {
  expect(isStale({ ...run, asOf: null, closesAt: null }, at(0))).toBe(true)
})

it('on its first day every ten minutes, then every hour until the last window has closed', () => {
  expect(isStale({ ...run, asOf: at(1), closesAt: at(80) }, at(1.1))).toBe(false)
  expect(isStale({ ...run, asOf: at(1), closesAt: at(80) }, at(1.2))).toBe(true)
  expect(isStale({ ...run, asOf: at(30), closesAt: at(80) }, at(30.5))).toBe(false)
  expect(isStale({ ...run, asOf: at(30), closesAt: at(80) }, at(31))).toBe(true)
})

it('once after the last window has closed, every day of the week after it for what is told late, and then no more', () => {
  const ended = { ...run, open: false, closesAt: at(80) }
  expect(isStale({ ...ended, asOf: at(79.9) }, at(80.1))).toBe(true)
  expect(isStale({ ...ended, asOf: at(80) }, at(103))).toBe(false)
  expect(isStale({ ...ended, asOf: at(80) }, at(104))).toBe(true)
  expect(isStale({ ...ended, asOf: at(80 + 6 * 24) }, at(80 + 8 * 24))).toBe(true)
  expect(isStale({ ...ended, asOf: at(80 + 7 * 24) }, at(999))).toBe(false)
})

it('a large run less often: three million persons every hour', () => {
  const large = { ...run, persons: 3_000_000, asOf: at(1), closesAt: at(80) }
  expect(isStale(large, at(1.9))).toBe(false)
  expect(isStale(large, at(2))).toBe(true)
})
