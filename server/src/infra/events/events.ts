/** A domain event: what happened, to whom, when it happened, when we learnt it, caused by what. Append-only. */
export interface DomainEvent {
  readonly kind: EventKind
  readonly corpId: number
  /** 0: it happened to no customer of his own, e.g. to a group. */
  readonly customerId: number
  readonly staffUserid: string | undefined
  readonly occurredAt: Date
  readonly cause: string
  readonly payload: Readonly<Record<string, unknown>>
  /** Facts that may reach us twice carry a key; the second one is dropped. */
  readonly dedupeKey?: Buffer
}

export const eventKinds = [
  'relation.half_added',
  'relation.added',
  'relation.ended',
  'relation.edited',
  'relation.found',
  'relation.transfer_failed',
  'relation.archive_agreed',
  'welcome.sent',
  'welcome.failed',
  'welcome.missed',
  'customer.detailed',
  'customer.tagged',
  'customer.remarked',
  'customer.fields_changed',
  'owner.set',
  'owner.removed',
  'stage.entered',
  'tier.changed',
  'audience.joined',
  'audience.left',
  'audience.computed',
  'person.merged',
  'person.parted',
  'group.created',
  'group.changed',
  'group.dismissed',
  'group.joined',
  'group.left',
  'order.paid',
  'order.refunded',
  'order.cancelled',
  'touch.held',
  'touch.dropped',
  'send.delivered',
  'send.failed',
  'send.by_member',
  'moment.by_member',
  'oa.followed',
  'oa.unfollowed',
  'oa.scanned',
] as const
export type EventKind = (typeof eventKinds)[number]
