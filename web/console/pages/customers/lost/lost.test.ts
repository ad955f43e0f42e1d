import { expect, test } from 'vitest'
import { daysOf, lostQuery } from './lost.ts'

test('how long a relation lasted is told in whole days, and not at all when nobody told of its beginning', () => {
  const at = (hours: number) => new Date(Date.UTC(2026, 10, 1) + hours * 3_600_000).toISOString()
  expect(daysOf({ added_at: at(0), ended_at: at(23) })).toBe(0)
  expect(daysOf({ added_at: at(0), ended_at: at(49) })).toBe(2)
  expect(daysOf({ added_at: null, ended_at: at(49) })).toBeUndefined()
})

test('filters of the address become those of the API: days of the corp’s zone, nonsense left out', () => {
  expect(lostQuery({ by: 'customer', from: '2026-11-01', until: '2026-11-02', staff: 'lin' }, undefined)).toEqual({
    by: 'customer',
    staff: 'lin',
    from: '2026-10-31T16:00:00.000Z',
    until: '2026-11-02T16:00:00.000Z',
  })
  expect(lostQuery({ by: 'nobody', from: 'soon' }, 'c')).toEqual({ cursor: 'c' })
})
