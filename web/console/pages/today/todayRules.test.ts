import { expect, test } from 'vitest'
import { changeOf, deliveryTone, wholeHours } from './todayRules.ts'

test('a change says its direction and its size', () => {
  expect(changeOf(12, 10)).toEqual({ by: 2, direction: 'up' })
  expect(changeOf(7, 10)).toEqual({ by: 3, direction: 'down' })
  expect(changeOf(10, 10)).toEqual({ by: 0, direction: 'same' })
})

test('a quiet hour is a zero, not a hole, and the future is not drawn', () => {
  const rows = [
    { hour: 0, adds: 4, losses: 1 },
    { hour: 2, adds: 1, losses: 0 },
  ]
  expect(wholeHours(rows, 3)).toEqual([
    { hour: 0, adds: 4, losses: 1 },
    { hour: 1, adds: 0, losses: 0 },
    { hour: 2, adds: 1, losses: 0 },
    { hour: 3, adds: 0, losses: 0 },
  ])
})

test('no delivery yet is no alarm', () => {
  expect(deliveryTone(null)).toBe('plain')
  expect(deliveryTone(0.995)).toBe('good')
  expect(deliveryTone(0.97)).toBe('warning')
  expect(deliveryTone(0.5)).toBe('bad')
})
