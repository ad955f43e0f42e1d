import { expect, test } from 'vitest'
import type { Message } from '../api/types.ts'
import { pendingOf, stillPending } from './sending.ts'

function message(id: string, from: string, content: string): Message {
  return { id, atMs: 0, from, fromName: from, peer: 'limin', source: 'person', body: { type: 'text', content } }
}

test('a message that arrived before the answer to its sending stands once', () => {
  const pending = [pendingOf(1, '在吗', [], 'c7', [])]
  expect(stillPending(pending, [], 'c7')).toHaveLength(1)
  expect(stillPending(pending, [message('m1', 'c7', '在吗')], 'c7')).toHaveLength(0)
})

test('the same words said before, or by the other one, do not count as arrived', () => {
  const said = [message('m1', 'c7', '在吗')]
  const pending = [pendingOf(1, '在吗', said, 'c7', [])]
  expect(stillPending(pending, said, 'c7')).toHaveLength(1)
  expect(stillPending(pending, [...said, message('m2', 'limin', '在吗')], 'c7')).toHaveLength(1)
  expect(stillPending(pending, [...said, message('m2', 'c7', '在吗')], 'c7')).toHaveLength(0)
})

test('the same words sent twice at once arrive one after the other', () => {
  const first = pendingOf(1, '好', [], 'c7', [])
  const pending = [first, pendingOf(2, '好', [], 'c7', [first])]
  expect(stillPending(pending, [message('m1', 'c7', '好')], 'c7').map(({ id }) => id)).toEqual([2])
  expect(stillPending(pending, [message('m1', 'c7', '好'), message('m2', 'c7', '好')], 'c7')).toEqual([])
})
