import { dayMs } from '../../infra/zone.ts'
import type { TagWord } from './tag-facts.store.ts'

/** A tag that follows an audience: who is in it has the tag. */
export interface TagRule {
  readonly tagId: string
  readonly audienceId: string
  readonly audience: string
  readonly kind: string
  readonly version: number
  /** How long the tag holds after somebody joined; null: until he leaves. */
  readonly keepDays: number | null
  /** Everybody who was in the audience then has been told of; null: that is under way. */
  readonly followedAt: Date | null
}

/** Under which a rule speaks of a tag. */
export const referenceOf = (audienceId: string) => `audience:${audienceId}`

export interface RuleFact {
  readonly home: number
  readonly tagId: string
  readonly reference: string
  readonly says: boolean
  readonly at: Date
}

export interface Standing {
  /** Every home of the persons in question with the person's root. */
  readonly homes: readonly { readonly home: number; readonly root: number }[]
  /** The audiences that each person is in, by root. */
  readonly memberships: ReadonlyMap<number, ReadonlySet<string>>
  /** What rules said before, under any home. */
  readonly facts: readonly RuleFact[]
  /** Why somebody joined, as the audience told it, by root and audience. */
  readonly because?: ReadonlyMap<string, readonly string[]>
}

/**
 * What the rules of tags have to say now of persons, so that who is in a tag's audience has it and nobody else by its rule.
 * What is so already is not said again. A word is always later than the one before it, whatever the clock says.
 */
export function wordsOfRules(rules: readonly TagRule[], standing: Standing, now: Date): readonly TagWord[] {
  const { homes, memberships, facts, because } = standing
  const homesOf = Map.groupBy(homes, ({ root }) => root)
  const said = new Map(facts.map((fact) => [keyOf(fact.home, fact.tagId, fact.reference), fact]))
  return rules.flatMap((rule) =>
    [...homesOf].flatMap(([root, own]): TagWord[] => {
      const reference = referenceOf(rule.audienceId)
      const before = own.flatMap(({ home }) => said.get(keyOf(home, rule.tagId, reference)) ?? [])
      const standing = before.filter(({ says }) => says)
      const isIn = memberships.get(root)?.has(rule.audienceId) === true
      const word = { tagId: rule.tagId, source: 'rule' as const, reference }
      if (!isIn)
        return standing.map(({ home, at }) => ({
          ...{ ...word, customerId: home, says: false, at: after(at, now) },
          evidence: { audienceId: rule.audienceId, audience: rule.audience, left: true },
        }))
      if (standing.length > 0) return []
      const at = after(before.find(({ home }) => home === root)?.at, now)
      const reasons = because?.get(keyOf(root, rule.audienceId))
      return [
        {
          ...{ ...word, customerId: root, says: true, at },
          ...(rule.keepDays === null ? {} : { expiresAt: new Date(at.getTime() + rule.keepDays * dayMs) }),
          evidence: {
            ...{ audienceId: rule.audienceId, audience: rule.audience, version: rule.version },
            ...(reasons === undefined || reasons.length === 0 ? {} : { because: reasons }),
          },
        },
      ]
    }),
  )
}

export const keyOf = (...parts: readonly (string | number)[]) => parts.join(' ')

const after = (before: Date | undefined, now: Date) =>
  before === undefined || before < now ? now : new Date(before.getTime() + 1)
