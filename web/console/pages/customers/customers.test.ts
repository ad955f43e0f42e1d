import { expect, it } from 'vitest'
import { listQuery } from './customers.ts'

it('days of the address are whole days of the corp’s zone, the last one included', () => {
  expect(listQuery({ from: '2026-11-11', until: '2026-11-11', status: 'lost' }, undefined)).toEqual({
    added_from: '2026-11-10T16:00:00.000Z',
    added_until: '2026-11-11T16:00:00.000Z',
    status: 'lost',
  })
})

it('what does not fit in the address is left out', () => {
  expect(listQuery({ from: 'yesterday', status: 'happy' }, 'abc')).toEqual({ cursor: 'abc' })
})
