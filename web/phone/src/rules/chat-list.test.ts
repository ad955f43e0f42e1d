import { expect, test } from 'vitest'
import type { Chat } from '../api/types.ts'
import { visibleChats } from './chat-list.ts'

function chat(status: Chat['status']): Chat {
  const base: Chat = { peer: status ?? 'group', kind: 'single', name: 'x', face: '', lastAtMs: 0, unread: 0 }
  return status === undefined ? base : { ...base, status }
}
const all = [
  chat(undefined),
  chat('friends'),
  chat('half'),
  chat('deleted_by_member'),
  chat('deleted_by_customer'),
  chat('deleted_by_both'),
]

test('who deleted a contact no longer sees the chat, who was deleted still does', () => {
  expect(visibleChats(all, 'customer').map(({ peer }) => peer)).toEqual([
    'group',
    'friends',
    'half',
    'deleted_by_member',
  ])
  expect(visibleChats(all, 'staff').map(({ peer }) => peer)).toEqual([
    'group',
    'friends',
    'half',
    'deleted_by_customer',
  ])
})
