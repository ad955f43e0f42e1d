import { afterEach, expect, test, vi } from 'vitest'
import { minuteOfDay, timeOfDay } from './timeOfDay.ts'

const home = process.env['TZ']
afterEach(() => {
  vi.useRealTimers()
  if (home === undefined) delete process.env['TZ']
  else process.env['TZ'] = home
})

test('ten o’clock is shown as ten o’clock on the day on which the reader’s clocks leave an hour out', () => {
  process.env['TZ'] = 'America/New_York'
  vi.useFakeTimers({ now: new Date('2027-03-14T16:00:00Z') })
  expect(timeOfDay(600).format('HH:mm')).toBe('10:00')
  expect(minuteOfDay(timeOfDay(1_439))).toBe(1_439)
})
