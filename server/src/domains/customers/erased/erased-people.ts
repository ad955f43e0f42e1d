import type { RelationFact } from '../relations/relation-facts.ts'
import type { ErasedId } from './erased-people.store.ts'

/**
 * What a fact about somebody who was erased still says. A new add brings him back, as somebody new, and what follows it
 * in that relation is his. The end of a relation from before the erasure ends the row that was kept for the counts, under
 * the pseudonym. Anything else is nobody's business any more.
 */
export function afterErasure(fact: RelationFact, erased: ErasedId, isBack: boolean): RelationFact | undefined {
  if (fact.at > erased.erasedAt && (isAdd(fact) || isBack)) return fact
  return fact.kind === 'ended' ? { ...fact, externalUserid: erased.pseudonym } : undefined
}

export function isAdd(fact: Pick<RelationFact, 'kind'>): boolean {
  return fact.kind === 'added' || fact.kind === 'half_added'
}
