export const tagSources = ['manual', 'wecom', 'import', 'rule', 'event', 'inferred'] as const
export type TagSource = (typeof tagSources)[number]

/** Somebody or something said that a person has a tag, or has it not (any more). Times in ms. */
export interface TagFact {
  readonly tagId: string
  readonly source: TagSource
  /** Which rule, import, channel or member; a source may say one thing of a tag under each. */
  readonly reference: string
  readonly says: boolean
  readonly at: number
  readonly expiresAt?: number | undefined
  readonly confidence?: number | undefined
}

export interface GroupRule {
  /** A person has one of its tags at most. */
  readonly exclusive: boolean
  readonly sensitive: boolean
  /** The person agreed to be tagged by it. */
  readonly consent: boolean
}

/** Why a fact did not win. */
export type Loss =
  | 'expired'
  /** Its source says so no longer. */
  | 'withdrawn'
  /** A person decided otherwise, or decided already. */
  | 'corrected'
  /** A sensitive tag without the person's consent. */
  | 'no_consent'
  /** A sensitive tag is never inferred. */
  | 'never_inferred'
  | 'weaker'
  /** Another tag of the exclusive group holds. */
  | 'exclusive'

export interface TagState {
  readonly has: boolean
  /** What decided it; none: nothing holds. */
  readonly winner: TagFact | undefined
  readonly lost: readonly { readonly fact: TagFact; readonly why: Loss }[]
}

/** A hand put it on or took it off, here or in WeCom. */
const byHand = (fact: TagFact) => fact.source === 'manual' || fact.source === 'wecom'
const strength: Readonly<Record<TagSource, number>> = { manual: 5, wecom: 4, import: 3, rule: 2, event: 1, inferred: 0 }

/**
 * The tags of one group that a person has, from all that was ever said of them: a function of the set of facts, so any
 * order of arrival ends in the same. The last word by hand decides; where a hand decided, nothing is inferred any more, in
 * an exclusive group of no tag. Else the strongest source that still says so holds.
 */
export function stateOfGroup(given: readonly TagFact[], rule: GroupRule, now: number): ReadonlyMap<string, TagState> {
  const facts = registers(given)
  const decided = new Set(facts.filter(byHand).map((fact) => fact.tagId))
  const corrected = (tagId: string) => (rule.exclusive ? decided.size > 0 : decided.has(tagId))
  const states = new Map<string, TagState>()
  for (const [tagId, own] of Map.groupBy(facts, (fact) => fact.tagId)) {
    const sorted = own.toSorted((a, b) => strongerFirst(a, b))
    const lost: { fact: TagFact; why: Loss }[] = []
    const standing = sorted.filter((fact) => {
      const why = lossOf(fact, rule, now, corrected(tagId))
      if (why !== undefined) lost.push({ fact, why })
      return why === undefined
    })
    const [winner, ...rest] = standing
    const overruled = winner !== undefined && !winner.says
    for (const fact of rest) lost.push({ fact, why: overruled && !byHand(fact) ? 'corrected' : 'weaker' })
    states.set(tagId, { has: winner?.says ?? false, winner, lost })
  }
  return rule.exclusive ? onlyOne(states) : states
}

/** The latest word of each register; facts that are told twice are one. */
function registers(facts: readonly TagFact[]): readonly TagFact[] {
  const latest = new Map<string, TagFact>()
  for (const fact of facts) {
    const key = JSON.stringify([fact.tagId, fact.source, fact.reference])
    const known = latest.get(key)
    if (known === undefined || isLater(fact, known)) latest.set(key, fact)
  }
  return [...latest.values()]
}

/** Of two words of one instant the withdrawal counts, then whichever is greater: the order of arrival decides nothing. */
export function isLater(one: TagFact, than: TagFact): boolean {
  if (one.at !== than.at) return one.at > than.at
  if (one.says !== than.says) return !one.says
  return rest(one) > rest(than)
}
const rest = (fact: TagFact) =>
  `${String(fact.expiresAt ?? 0).padStart(16, '0')} ${String(fact.confidence ?? 0).padEnd(20)}`

function lossOf(fact: TagFact, rule: GroupRule, now: number, corrected: boolean): Loss | undefined {
  if (fact.expiresAt !== undefined && fact.expiresAt <= now) return 'expired'
  if (byHand(fact)) return undefined
  if (!fact.says) return 'withdrawn'
  if (fact.source === 'inferred' && rule.sensitive) return 'never_inferred'
  if (fact.source === 'inferred' && corrected) return 'corrected'
  if (rule.sensitive && !rule.consent) return 'no_consent'
  return undefined
}

/** Hands by their time, then the others by strength and time; keys last, so that there is one order. */
function strongerFirst(a: TagFact, b: TagFact): number {
  if (byHand(a) !== byHand(b)) return byHand(a) ? -1 : 1
  if (!byHand(a) && strength[a.source] !== strength[b.source]) return strength[b.source] - strength[a.source]
  return b.at - a.at || strength[b.source] - strength[a.source] || compare(a.reference, b.reference)
}
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function onlyOne(states: ReadonlyMap<string, TagState>): ReadonlyMap<string, TagState> {
  const holding = [...states].flatMap(([tagId, { has, winner }]) => (has && winner ? [{ tagId, winner }] : []))
  const [first] = holding.toSorted((a, b) => strongerFirst(a.winner, b.winner) || compare(a.tagId, b.tagId))
  if (first === undefined) return states
  return new Map(
    [...states].map(([tagId, state]) => {
      if (!state.has || state.winner === undefined || tagId === first.tagId) return [tagId, state]
      return [
        tagId,
        { has: false, winner: undefined, lost: [{ fact: state.winner, why: 'exclusive' as const }, ...state.lost] },
      ]
    }),
  )
}
