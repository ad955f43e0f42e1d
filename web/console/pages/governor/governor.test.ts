import { expect, it } from 'vitest'
import { clockOf, indexText, minuteOf } from './governor.ts'

it('a time of day is read as it was written', () => {
  for (const minute of [0, 59, 540, 1_260, 1_439]) expect(minuteOf(clockOf(minute))).toBe(minute)
  expect(clockOf(1_260)).toBe('21:00')
  expect(minuteOf('')).toBeUndefined()
})

it('the fatigue index has two decimals', () => {
  expect([indexText(0), indexText(150), indexText(33)]).toEqual(['0.00', '1.50', '0.33'])
})
