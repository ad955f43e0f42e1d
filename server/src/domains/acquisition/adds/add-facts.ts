import type { RelationFact } from '../../customers/index.ts'
import { type Callback, factKey } from '../../intake/index.ts'

/** The fact that a callback of a relation tells; none for other families. */
export function relationFactsOf(callback: Callback, channelId: string | undefined): RelationFact[] {
  const { event } = callback
  const base = (kind: RelationFact['kind'], ids: { userId: string; externalUserId: string }) => ({
    kind,
    corpId: callback.corpId,
    userid: ids.userId,
    externalUserid: ids.externalUserId,
    at: callback.createdAt,
    cause: `callback:${callback.id}`,
    dedupeKey: factKey(callback.corpId, [kind, ids.userId, ids.externalUserId, event.createTime]),
  })
  switch (event.kind) {
    case 'customer.added':
      return [{ ...base('added', event), state: event.state, channelId }]
    case 'customer.half_added':
      return [{ ...base('half_added', event), state: event.state, channelId }]
    case 'customer.edited':
      return [base('edited', event)]
    case 'customer.removed_by_member':
      return [{ ...base('ended', event), endedBy: event.source === 'DELETE_BY_TRANSFER' ? 'transfer' : 'staff' }]
    case 'customer.removed_by_customer':
      return [{ ...base('ended', event), endedBy: 'customer' }]
    case 'customer.transfer_failed':
      return [{ ...base('transfer_failed', event), reason: event.failReason }]
    case 'customer.archive_agreed':
      return [base('archive_agreed', event)]
    default:
      return []
  }
}
