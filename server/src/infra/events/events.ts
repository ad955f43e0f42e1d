/** A domain event: what happened, to whom, when it happened, when we learnt it, caused by what. Append-only. */
export interface DomainEvent {
  readonly kind: EventKind
  readonly corpId: number
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
] as const
export type EventKind = (typeof eventKinds)[number]
