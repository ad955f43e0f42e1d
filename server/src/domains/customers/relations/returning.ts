import type { RelationFact } from './relation-facts.ts'

/** What a relation had behind it at some moment; `addedAt` is its first add. */
export interface RelationHistory {
  readonly userid: string
  readonly addedAt: Date | undefined
  readonly halfAt: Date | undefined
  readonly endedAt: Date | undefined
}

/** The platform tells of one add with times a second apart, by callback and by reading. */
const sameAddMs = 1_000

/**
 * Whether who adds a member now had a relation with the brand before: an ended one with this member, or any with another.
 * A half add of this member is not one: the add that follows completes it.
 */
export function isReturning(
  add: { readonly userid: string; readonly at: Date },
  relations: readonly RelationHistory[],
): boolean {
  const before = (at: Date | undefined) => at !== undefined && at.getTime() < add.at.getTime() - sameAddMs
  return relations.some(
    ({ userid, addedAt, halfAt, endedAt }) =>
      before(addedAt) || before(endedAt) || (userid !== add.userid && before(halfAt)),
  )
}

/** What a fact tells of its relation's history. */
export function historyOf(fact: RelationFact): RelationHistory {
  return {
    userid: fact.userid,
    addedAt: fact.kind === 'added' ? fact.at : undefined,
    halfAt: fact.kind === 'half_added' ? fact.at : undefined,
    endedAt: fact.kind === 'ended' ? fact.at : undefined,
  }
}
