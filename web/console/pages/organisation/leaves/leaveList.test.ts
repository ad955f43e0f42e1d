import { expect, it } from 'vitest'
import { momentOfWall, readLeaves, wallOf } from './leaveList.ts'

it('times are those of the corp’s wall clock, whatever the reader’s machine thinks', () => {
  expect(momentOfWall('2026-12-01 09:00')).toBe('2026-12-01T01:00:00.000Z')
  expect(momentOfWall('2026/12/1')).toBe('2026-11-30T16:00:00.000Z')
  expect(wallOf('2026-12-01T01:00:00.000Z')).toBe('2026-12-01T09:00')
  for (const none of ['2026-02-30', '2026-12-01 25:00', 'tomorrow', '']) expect(momentOfWall(none)).toBeUndefined()
})

it('a pasted list names a member, his leave and a note a line', () => {
  expect(readLeaves('ann,2026-12-01 09:00,2026-12-02 18:00,年假\n\nbob\t2026-12-01\t2026-12-03')).toEqual([
    { userid: 'ann', from: '2026-12-01T01:00:00.000Z', until: '2026-12-02T10:00:00.000Z', note: '年假' },
    { userid: 'bob', from: '2026-11-30T16:00:00.000Z', until: '2026-12-02T16:00:00.000Z', note: '' },
  ])
  expect(readLeaves('ann,2026-12-01 09:00,2026-12-02 18:00\nbob,soon,later')).toBe(2)
})
