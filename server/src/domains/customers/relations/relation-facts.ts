import type { DomainEvent } from '../../../infra/events/events.ts'

/** Something the platform told us of a relation, from whichever app's callback. */
export interface RelationFact {
  readonly kind: 'added' | 'half_added' | 'ended' | 'edited' | 'transfer_failed' | 'archive_agreed'
  readonly corpId: number
  readonly userid: string
  readonly externalUserid: string
  readonly at: Date
  readonly endedBy?: 'customer' | 'staff' | 'transfer'
  readonly state?: string | undefined
  readonly channelId?: string | undefined
  /** The callback it came from. */
  readonly cause: string
  readonly reason?: string | undefined
  readonly dedupeKey: Buffer
}

/** What a relation row takes from several facts at once: the latest of each register. */
export interface RelationRegisters {
  readonly corpId: number
  readonly userid: string
  readonly externalUserid: string
  readonly addedAt: Date | undefined
  /** The one register that moves back. */
  readonly firstAddedAt: Date | undefined
  readonly halfAt: Date | undefined
  readonly endedAt: Date | undefined
  readonly endedBy: 'customer' | 'staff' | 'transfer' | undefined
  readonly state: string | undefined
  readonly channelId: string | undefined
  /** When the add that named the source happened. */
  readonly sourceAt: Date | undefined
}

/**
 * Folds facts into one row a relation. Every register only moves forward in create time, so the result is the same in
 * whatever order and batches the facts arrive.
 */
export function foldFacts(facts: readonly RelationFact[]): RelationRegisters[] {
  const rows = new Map<string, RelationRegisters>()
  for (const fact of facts) {
    if (fact.kind !== 'added' && fact.kind !== 'half_added' && fact.kind !== 'ended') continue
    const key = relationKey(fact)
    rows.set(key, forward(rows.get(key) ?? empty(fact), fact))
  }
  return [...rows.values()].sort((a, b) => compare(relationKey(a), relationKey(b)))
}

function forward(row: RelationRegisters, fact: RelationFact): RelationRegisters {
  const sourced = withSource(row, fact)
  switch (fact.kind) {
    case 'added':
      return {
        ...sourced,
        addedAt: isLater(fact.at, row.addedAt) ? fact.at : row.addedAt,
        firstAddedAt: row.firstAddedAt === undefined || isLater(row.firstAddedAt, fact.at) ? fact.at : row.firstAddedAt,
      }
    case 'half_added':
      return isLater(fact.at, row.halfAt) ? { ...sourced, halfAt: fact.at } : sourced
    case 'ended':
      return isLater(fact.at, row.endedAt) ? { ...row, endedAt: fact.at, endedBy: fact.endedBy } : row
    default:
      return row
  }
}

/** The full add after a half one often carries no state: a known source is not lost to it. */
function withSource(row: RelationRegisters, fact: RelationFact): RelationRegisters {
  if (fact.state === undefined || !isLater(fact.at, row.sourceAt)) return row
  return { ...row, state: fact.state, channelId: fact.channelId, sourceAt: fact.at }
}

function isLater(at: Date, than: Date | undefined): boolean {
  return than === undefined || at.getTime() > than.getTime()
}

function empty(fact: RelationFact): RelationRegisters {
  const { corpId, userid, externalUserid } = fact
  return {
    corpId,
    userid,
    externalUserid,
    addedAt: undefined,
    firstAddedAt: undefined,
    halfAt: undefined,
    endedAt: undefined,
    endedBy: undefined,
    state: undefined,
    channelId: undefined,
    sourceAt: undefined,
  }
}

export function relationKey(relation: { corpId: number; userid: string; externalUserid: string }): string {
  return `${relation.corpId} ${relation.externalUserid} ${relation.userid}`
}

const eventKind = {
  added: 'relation.added',
  half_added: 'relation.half_added',
  ended: 'relation.ended',
  edited: 'relation.edited',
  transfer_failed: 'relation.transfer_failed',
  archive_agreed: 'relation.archive_agreed',
} as const

/** The domain event of a fact; the same add seen by two apps carries the same dedupe key and becomes one event. */
export function eventOf(fact: RelationFact, customerId: number): DomainEvent {
  return {
    kind: eventKind[fact.kind],
    corpId: fact.corpId,
    customerId,
    staffUserid: fact.userid,
    occurredAt: fact.at,
    cause: fact.cause,
    payload: {
      externalUserid: fact.externalUserid,
      ...(fact.state === undefined ? {} : { state: fact.state }),
      ...(fact.channelId === undefined ? {} : { channelId: fact.channelId }),
      ...(fact.endedBy === undefined ? {} : { by: fact.endedBy }),
      ...(fact.reason === undefined ? {} : { reason: fact.reason }),
    },
    dedupeKey: fact.dedupeKey,
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
