import { type Client, WecomError } from '@nuanyu/wecom'
import type { Clock } from '../../infra/clock.ts'
import { type GroupReading, readingOf } from './group-reading.ts'

export type GroupAnswer =
  | { readonly kind: 'read'; readonly chatId: string; readonly reading: GroupReading }
  /** There is no such group any more. */
  | { readonly kind: 'gone'; readonly chatId: string; readonly errcode: number }
  /** The platform does not show it to this app. */
  | { readonly kind: 'refused'; readonly chatId: string; readonly errcode: number }

const gone = new Set([40050, 86001])
/** Its owner is outside the visible range, the app may not read groups, or it is none of customers. */
const refused = new Set([48002, 60011, 60111, 86003, 90501, 90509])

/** Reads one group with the names of its members; one call. Throws when the platform is away or busy. */
export async function readGroup(client: Client, clock: Clock, chatId: string): Promise<GroupAnswer> {
  const readAt = clock.now()
  try {
    const { group_chat } = await client.groups.get({ chat_id: chatId, need_name: 1 }, { priority: 'bulk' })
    return { kind: 'read', chatId, reading: readingOf(group_chat, readAt) }
  } catch (error) {
    if (!(error instanceof WecomError)) throw error
    if (gone.has(error.errcode)) return { kind: 'gone', chatId, errcode: error.errcode }
    if (refused.has(error.errcode)) return { kind: 'refused', chatId, errcode: error.errcode }
    throw error
  }
}
