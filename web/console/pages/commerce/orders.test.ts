import { expect, it } from 'vitest'
import { openedOrder, openName, ordersQuery } from './orders.ts'

it('asks for whole days of the corp’s zone, the last one included', () => {
  expect(ordersQuery({ from: '2026-06-01', until: '2026-06-02' }, undefined)).toEqual({
    from: '2026-05-31T16:00:00.000Z',
    until: '2026-06-02T16:00:00.000Z',
  })
})

it('leaves out what no filter says, and a status that there is none of', () => {
  expect(ordersQuery({ status: 'lost', from: 'yesterday', number: ' T1 ' }, 'next')).toEqual({
    number: 'T1',
    cursor: 'next',
  })
})

it('opens an order whose number has a slash in it', () => {
  const row = { source: 'pos', number: 'A/2026/1' }
  expect(openedOrder(openName(row))).toEqual(row)
  expect(openedOrder('new')).toBeUndefined()
})
