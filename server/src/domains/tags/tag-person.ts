import { judgeMark, overCap, type Truth } from './tag-marks.ts'
import { type GroupRule, stateOfGroup, type TagFact, type TagState } from './tag-state.ts'

/** What is known of one person's tags: everything that is needed to say which he has and what the platform should show. */
export interface PersonFacts {
  readonly facts: readonly (TagFact & { readonly groupId: string })[]
  readonly consents: ReadonlySet<string>
  readonly relations: readonly {
    readonly customerId: number
    readonly userid: string
    readonly externalUserid: string
    readonly tagIds: readonly string[]
  }[]
  /** What was agreed, by relation (`relationKey`) and tag. */
  readonly marks: ReadonlyMap<string, ReadonlyMap<string, boolean>>
}

export interface Catalogue {
  readonly groups: ReadonlyMap<string, Omit<GroupRule, 'consent'>>
  /** By our id. */
  readonly atPlatform: ReadonlyMap<string, { readonly platformId: string; readonly truth: Truth }>
  /** Our id by the platform's. */
  readonly idAt: ReadonlyMap<string, string>
  readonly perCustomer: number
}

export const relationKey = (customerId: number, userid: string) => `${customerId} ${userid}`

interface Key {
  readonly customerId: number
  readonly userid: string
  readonly tagId: string
}

export interface PersonPlan {
  readonly states: ReadonlyMap<string, TagState>
  /** Tags that stand on his relations though nothing of ours says so: the platform's own. */
  readonly theirs: readonly string[]
  readonly agreed: readonly (Key & { readonly present: boolean })[]
  readonly forgotten: readonly Key[]
  readonly differ: readonly (Key & { readonly wanted: boolean })[]
  readonly accepted: readonly (Key & { readonly says: boolean })[]
  readonly calls: readonly {
    readonly customerId: number
    readonly userid: string
    readonly externalUserid: string
    readonly tagIds: readonly string[]
    readonly add: readonly string[]
    readonly remove: readonly string[]
    /** How many tags would be over the platform's cap. */
    readonly over: number
  }[]
}

/** The tags of one person, and what follows for each of his relations. */
export function planPerson(person: PersonFacts, catalogue: Catalogue, now: number): PersonPlan {
  const states = new Map<string, TagState>()
  for (const [groupId, facts] of Map.groupBy(person.facts, (fact) => fact.groupId)) {
    const rule = catalogue.groups.get(groupId)
    if (rule === undefined) continue
    for (const [tagId, state] of stateOfGroup(facts, { ...rule, consent: person.consents.has(groupId) }, now))
      states.set(tagId, state)
  }
  const agreed: (Key & { present: boolean })[] = []
  const forgotten: Key[] = []
  const differ: (Key & { wanted: boolean })[] = []
  const accepted: (Key & { says: boolean })[] = []
  const calls: PersonPlan['calls'][number][] = []
  const theirs = new Set<string>()
  for (const relation of person.relations) {
    const { customerId, userid, tagIds } = relation
    const shown = new Set(tagIds)
    const bases = person.marks.get(relationKey(customerId, userid)) ?? new Map<string, boolean>()
    const add: string[] = []
    const remove: string[] = []
    const concerned = new Set([
      ...tagIds.flatMap((id) => catalogue.idAt.get(id) ?? []),
      ...bases.keys(),
      ...states.keys(),
    ])
    for (const tagId of concerned) {
      const there = catalogue.atPlatform.get(tagId)
      if (there === undefined) continue
      const { platformId, truth } = there
      const key = { customerId, userid, tagId }
      const base = bases.get(tagId)
      const wanted = wantedOf(states.get(tagId))
      if (wanted === undefined && base === undefined) {
        if (shown.has(platformId)) theirs.add(tagId)
        continue
      }
      const verdict = judgeMark({ wanted, base, theirs: shown.has(platformId), truth })
      if (verdict.kind === 'put') add.push(platformId)
      else if (verdict.kind === 'take') remove.push(platformId)
      else if (verdict.kind === 'accept') accepted.push({ ...key, says: verdict.says })
      else if (verdict.kind === 'differ') differ.push({ ...key, wanted: wanted === true })
      else if (verdict.base === undefined) {
        forgotten.push(key)
        if (shown.has(platformId)) theirs.add(tagId)
      } else if (verdict.base !== base) agreed.push({ ...key, present: verdict.base })
    }
    if (add.length + remove.length > 0)
      calls.push({ ...relation, add, remove, over: overCap(tagIds, add, remove, catalogue.perCustomer) })
  }
  return { states, theirs: [...theirs], agreed, forgotten, differ, accepted, calls }
}

/** What is withdrawn or expired is nobody's wish any more; only a hand says that a tag must not stand. */
function wantedOf(state: TagState | undefined): boolean | undefined {
  if (state === undefined) return undefined
  if (state.has) return true
  if (state.winner !== undefined) return false
  return state.lost.some(({ why }) => why === 'exclusive') ? false : undefined
}
