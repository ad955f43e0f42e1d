import { expect, test } from 'vitest'
import { daysShown, step } from './calendar.rules.ts'

test('a month is shown in whole weeks from Monday to Sunday', () => {
  const days = daysShown('2026-11-23', 'month')
  expect([days[0], days.at(-1), days.length]).toEqual(['2026-10-26', '2026-12-06', 42])
  expect(daysShown('2027-02-10', 'month')).toHaveLength(28)
})

test('a week is its seven days, whichever of them is asked for', () => {
  for (const day of ['2026-11-23', '2026-11-26', '2026-11-29'])
    expect([daysShown(day, 'week')[0], daysShown(day, 'week').length]).toEqual(['2026-11-23', 7])
})

test('one goes on by a month or a week, over the end of a year', () => {
  expect(step('2026-12-31', 'month', 1)).toBe('2027-01-01')
  expect(step('2026-03-31', 'month', -1)).toBe('2026-02-01')
  expect(step('2026-12-29', 'week', 1)).toBe('2027-01-05')
})
