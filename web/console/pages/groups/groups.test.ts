import { expect, test } from 'vitest'
import { groupsQuery, shortDay } from './groups.ts'

test('what is not set is not asked, and a state that there is none of neither', () => {
  expect(groupsQuery({}, undefined)).toEqual({ limit: 50 })
  expect(groupsQuery({ q: '榴莲', owner: 'chen', store: 's', dismissed: 'yes' }, 'c')).toEqual({
    ...{ limit: 50, q: '榴莲', owner: 'chen', store: 's', dismissed: 'yes', cursor: 'c' },
  })
  expect(groupsQuery({ dismissed: 'maybe' }, undefined)).toEqual({ limit: 50 })
})

test('days of a month are named without their year', () => {
  expect(shortDay('2026-11-06')).toBe('11-06')
})
