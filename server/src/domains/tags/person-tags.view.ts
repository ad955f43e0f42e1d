import type { z } from '@hono/zod-openapi'
import type { ShownConsent, ShownFact, ShownRelation, ShownTag, WaitingCall } from './person-tags.store.ts'
import { stateOfGroup, type TagFact, type TagState } from './tag-state.ts'
import type { personTags, personTagView } from './tags.schema.ts'

type View = z.infer<typeof personTagView>

export interface PersonTagsKnown {
  readonly facts: readonly ShownFact[]
  readonly tags: readonly ShownTag[]
  readonly relations: readonly ShownRelation[]
  readonly calls: readonly WaitingCall[]
  readonly consents: readonly ShownConsent[]
}

/** A person's tags as a colleague reads them: what holds and by whose word, and what was put or inferred and does not hold. */
export function presentPersonTags(known: PersonTagsKnown, now: Date): z.infer<typeof personTags> {
  const { tags, relations, consents } = known
  const factOf = new Map<TagFact, ShownFact>()
  const byTag = Map.groupBy(known.facts, (fact) => fact.tagId)
  const agreed = new Set(consents.filter((one) => one.given).map((one) => one.groupId))
  const items: View[] = []
  const corrected: View[] = []
  for (const [groupId, own] of Map.groupBy(tags, (tag) => tag.groupId)) {
    const facts = own.flatMap((tag) => (byTag.get(tag.id) ?? []).map((fact) => plain(fact, factOf)))
    const [first] = own
    const rule = {
      exclusive: first?.exclusive ?? false,
      sensitive: first?.sensitive ?? false,
      consent: agreed.has(groupId),
    }
    const states = stateOfGroup(facts, rule, now.getTime())
    for (const tag of own) {
      const state = states.get(tag.id)
      const view = state === undefined ? theirs(tag, relations, now) : said(tag, state, factOf)
      if (view === undefined) continue
      const pending = pendingOf(tag, known.calls)
      ;(view.has ? items : corrected).push({ ...view, ...pending })
    }
  }
  return {
    items,
    corrected,
    consents: consents.map(({ groupId, group, given, evidence, at }) => ({
      group_id: groupId,
      group,
      given,
      evidence,
      at: at.toISOString(),
    })),
  }
}

function plain(shown: ShownFact, factOf: Map<TagFact, ShownFact>): TagFact {
  const fact: TagFact = {
    ...{
      tagId: shown.tagId,
      source: shown.source,
      reference: shown.reference,
      says: shown.says,
      at: shown.at.getTime(),
    },
    expiresAt: shown.expiresAt?.getTime(),
    confidence: shown.confidence ?? undefined,
  }
  factOf.set(fact, shown)
  return fact
}

function common(tag: ShownTag) {
  return {
    ...{
      tag_id: tag.id,
      name: tag.name,
      group_id: tag.groupId,
      group: tag.group,
      at_platform: tag.platformId !== null,
    },
    ...{ sensitive: tag.sensitive, exclusive: tag.exclusive, pending: null, refused: null },
  }
}

function said(tag: ShownTag, state: TagState, factOf: ReadonlyMap<TagFact, ShownFact>): View | undefined {
  // what was withdrawn, or has expired, by its own source is no news
  const lost = state.lost.filter(({ why }) => why !== 'withdrawn' && (state.has || why !== 'expired'))
  const deciding = state.winner ?? lost[0]?.fact
  const shown = deciding === undefined ? undefined : factOf.get(deciding)
  if (shown === undefined) return undefined
  return {
    ...common(tag),
    has: state.has,
    ...{ source: shown.source, evidence: { ...shown.evidence }, said_by: shown.saidBy, confidence: shown.confidence },
    ...{ at: shown.at.toISOString(), expires_at: shown.expiresAt?.toISOString() ?? null },
    lost: lost.map(({ fact, why }) => ({
      ...{ source: fact.source, why, confidence: fact.confidence ?? null, at: new Date(fact.at).toISOString() },
    })),
  }
}

/** On a relation at the platform, and nothing of ours says so: put there by hand, or by another app. */
function theirs(tag: ShownTag, relations: readonly ShownRelation[], now: Date): View | undefined {
  const { platformId } = tag
  if (platformId === null) return undefined
  const bearing = relations.filter((relation) => relation.tagIds.includes(platformId))
  const [first] = bearing
  if (first === undefined) return undefined
  return {
    ...common(tag),
    ...{ has: true, source: 'wecom', evidence: { userids: bearing.map((one) => one.userid) } },
    ...{ said_by: bearing.map((one) => one.staffName).join('、'), confidence: null },
    ...{ at: (first.detailAt ?? now).toISOString(), expires_at: null, lost: [] },
  }
}

function pendingOf({ platformId }: ShownTag, calls: readonly WaitingCall[]): Pick<View, 'pending' | 'refused'> {
  const mine = calls.find((call) => platformId !== null && [...call.add, ...call.remove].includes(platformId))
  if (mine === undefined || platformId === null) return { pending: null, refused: null }
  return { pending: mine.add.includes(platformId) ? 'put' : 'take', refused: mine.refused ? (mine.reason ?? '') : null }
}
