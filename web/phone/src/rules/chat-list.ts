import type { Chat, Person } from '../api/types.ts'

/** Deleting a contact takes the chat away from who deleted; the other side keeps it and is not told. */
export function visibleChats(chats: readonly Chat[], role: Person['role']): Chat[] {
  const endedByReader = role === 'staff' ? 'deleted_by_member' : 'deleted_by_customer'
  return chats.filter(({ status }) => status !== endedByReader && status !== 'deleted_by_both')
}
