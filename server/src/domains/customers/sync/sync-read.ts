import { type Client, WecomError } from '@nuanyu/wecom'
import type { Clock } from '../../../infra/clock.ts'
import { type SeenRelation, seenOf } from '../seen/seen.ts'
import { patiently } from './patience.ts'
import { afterPage, afterRefusal, type SyncPosition } from './sync.ts'

export interface SyncPage {
  readonly relations: readonly SeenRelation[]
  /** Where reading goes on once this page is kept. */
  readonly next: SyncPosition
  /** The member who made the call fail and was left out. */
  readonly skipped: { readonly userid: string; readonly errcode: number } | undefined
  /** Whose customers were read last. */
  readonly lastUserid: string | undefined
}

/** 50100: the cursor died while we were away, its members are read again from their beginning. */
const deadCursor = 50100
/** The member is not visible, does not exist, or has no customer contact. */
const refusesMember = new Set([40003, 60011, 60111, 84061, 84074, 701008])

/** Pages of relations from a position on, one call after the other: the platform answers parallel listing with 45033. */
export async function* readRelations(
  client: Client,
  clock: Clock,
  userids: readonly string[],
  start: SyncPosition,
  onWait: () => Promise<void>,
): AsyncGenerator<SyncPage> {
  let position = start
  while (position.from < userids.length) {
    const members = userids.slice(position.from, position.from + position.size)
    const readAt = clock.now()
    try {
      const page = await patiently(
        () =>
          client.customers.batchGetByUser(
            { userid_list: members, cursor: position.cursor, limit: 100 },
            { priority: 'bulk' },
          ),
        onWait,
      )
      position = afterPage(position, page.next_cursor)
      const relations = page.external_contact_list.map(({ external_contact, follow_info }) =>
        seenOf(external_contact, { ...follow_info, tagIds: follow_info.tag_id }, readAt),
      )
      yield { relations, next: position, skipped: undefined, lastUserid: relations.at(-1)?.userid }
    } catch (error) {
      if (!(error instanceof WecomError)) throw error
      if (error.errcode === deadCursor && position.cursor !== '') {
        position = { ...position, cursor: '' }
      } else if (refusesMember.has(error.errcode)) {
        const { position: next, leaveOut } = afterRefusal(position)
        const [userid = ''] = members
        position = next
        if (leaveOut) yield { relations: [], next, skipped: { userid, errcode: error.errcode }, lastUserid: undefined }
      } else throw error
    }
  }
}
