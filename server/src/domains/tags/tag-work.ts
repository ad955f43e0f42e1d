import type { Tx } from '../../infra/db/database.ts'
import type { Services } from '../../infra/services.ts'
import { markOf, noteChanges } from '../audiences/index.ts'
import { homesOfPersons } from '../customers/index.ts'
import {
  factsOf,
  groupRules,
  lockHomes,
  nextExpiry,
  type PersonTag,
  type PersonTodo,
  personTagsOf,
  recordFacts,
  writePersonTags,
} from './tag-facts.store.ts'
import {
  type Mark,
  marksOfHomes,
  platformTags,
  relationsOfHomes,
  type WantedCall,
  writeCalls,
  writeDifferences,
  writeMarks,
} from './tag-marks.store.ts'
import { type PersonPlan, planPerson, relationKey } from './tag-person.ts'
import { tagSources } from './tag-state.ts'

type Needs = Pick<Services, 'clock' | 'due' | 'platform'>

/** The kind in the due table; its key is the corp. */
export const expiryDue = 'tags.expire'

/**
 * Works out the tags of these persons, from everything that was said under any of their homes: what they have, what
 * audiences ask for, and which relations the platform must show otherwise. The number of statements does not grow with the
 * number of persons.
 */
export async function workOut(services: Needs, tx: Tx, corpId: number, todos: readonly PersonTodo[]): Promise<void> {
  if (todos.length === 0) return
  const { clock, platform } = services
  const now = clock.now()
  const members = await homesOfPersons(
    tx,
    todos.map((todo) => todo.customerId),
  )
  const homes = members.map(({ home }) => home)
  await lockHomes(tx, homes)
  const rootOf = new Map(members.map(({ home, root }) => [home, root]))
  const [{ groups, consents }, atPlatform] = [await groupRules(tx, corpId, homes), await platformTags(tx, corpId)]
  const catalogue = {
    groups,
    atPlatform: new Map(atPlatform.map((tag) => [tag.id, tag])),
    idAt: new Map(atPlatform.map((tag) => [tag.platformId, tag.id])),
    perCustomer: (await platform.limits(corpId)).value('tag.per_customer'),
  }
  const facts = Map.groupBy(await factsOf(tx, corpId, homes), ({ customerId }) => rootOf.get(customerId))
  const relations = Map.groupBy(await relationsOfHomes(tx, corpId, homes), ({ customerId }) => rootOf.get(customerId))
  const marks = Map.groupBy(await marksOfHomes(tx, corpId, homes), ({ customerId }) => rootOf.get(customerId))
  const agreements = Map.groupBy(consents, ({ customerId }) => rootOf.get(customerId))
  const plans = new Map<number, PersonPlan>()
  for (const root of new Set(rootOf.values())) {
    const agreement = latestPerGroup(agreements.get(root) ?? [])
    plans.set(
      root,
      planPerson(
        {
          facts: facts.get(root) ?? [],
          consents: agreement,
          relations: relations.get(root) ?? [],
          marks: byRelation(marks.get(root) ?? []),
        },
        catalogue,
        now.getTime(),
      ),
    )
  }
  const all = [...plans.values()]
  const before = await personTagsOf(tx, homes)
  const tags = [...plans].flatMap(([root, plan]) => tagsOfPlan(root, plan))
  await writePersonTags(tx, corpId, homes, tags)
  await writeMarks(
    tx,
    corpId,
    all.flatMap((plan) => plan.agreed),
    all.flatMap((plan) => plan.forgotten),
    now,
  )
  await writeDifferences(
    tx,
    corpId,
    homes,
    all.flatMap((plan) => plan.differ),
    now,
  )
  await writeCalls(
    tx,
    corpId,
    homes,
    all.flatMap((plan) => plan.calls.map(callOf)),
    new Date(),
  )
  await tellAudiences(tx, corpId, { plans, before, rootOf, todos, idAt: catalogue.idAt })
  // whoever decided at the platform is heard, and the person is worked out once more
  await recordFacts(
    tx,
    corpId,
    all.flatMap((plan) =>
      plan.accepted.map(({ customerId, userid, tagId, says }) => ({
        ...{ customerId, tagId, says, source: 'wecom' as const, reference: userid, at: now },
        evidence: { userid },
      })),
    ),
    new Date(),
  )
  if (tags.some((tag) => tag.expiresAt !== undefined)) await scheduleExpiry(services, tx, corpId)
}

/** One moment a corp: the next at which a tag goes by itself. */
export async function scheduleExpiry(
  { clock, due }: Pick<Services, 'clock' | 'due'>,
  tx: Tx,
  corpId: number,
): Promise<void> {
  const at = await nextExpiry(tx, corpId, clock.now())
  if (at !== undefined) await due.schedule(tx, [{ corpId, kind: expiryDue, key: String(corpId), at }])
}

function byRelation(marks: readonly Mark[]): ReadonlyMap<string, ReadonlyMap<string, boolean>> {
  const found = new Map<string, Map<string, boolean>>()
  for (const { customerId, userid, tagId, present } of marks) {
    const key = relationKey(customerId, userid)
    const of = found.get(key) ?? new Map<string, boolean>()
    of.set(tagId, present)
    found.set(key, of)
  }
  return found
}

function latestPerGroup(words: readonly { groupId: string; given: boolean; at: Date }[]): ReadonlySet<string> {
  const latest = new Map<string, { given: boolean; at: Date }>()
  for (const word of words) {
    const known = latest.get(word.groupId)
    // of two of one moment the refusal counts
    if (known === undefined || known.at < word.at || (known.at.getTime() === word.at.getTime() && !word.given))
      latest.set(word.groupId, word)
  }
  return new Set([...latest].filter(([, { given }]) => given).map(([groupId]) => groupId))
}

function tagsOfPlan(root: number, plan: PersonPlan): readonly PersonTag[] {
  return [...plan.states].flatMap(([tagId, { has, winner }]) =>
    has && winner !== undefined
      ? [
          {
            ...{
              customerId: root,
              tagId,
              source: winner.source,
              reference: winner.reference,
              confidence: winner.confidence,
            },
            ...{
              at: new Date(winner.at),
              expiresAt: winner.expiresAt === undefined ? undefined : new Date(winner.expiresAt),
            },
          },
        ]
      : [],
  )
}

function callOf({ over, ...call }: PersonPlan['calls'][number]): WantedCall {
  return over === 0 ? call : { ...call, refused: `over the cap of tags on one relation by ${over}` }
}

/** The tags a person has now, and those he no longer has: from our facts, else from what the platform shows on his relations. */
async function tellAudiences(
  tx: Tx,
  corpId: number,
  told: {
    readonly plans: ReadonlyMap<number, PersonPlan>
    readonly before: readonly { customerId: number; tagId: string; source: string }[]
    readonly rootOf: ReadonlyMap<number, number>
    readonly todos: readonly PersonTodo[]
    readonly idAt: ReadonlyMap<string, string>
  },
): Promise<void> {
  const { plans, before, rootOf, todos, idAt } = told
  const present = new Map<number, Set<string>>()
  const gone = new Map<number, Set<string>>()
  const note = (map: Map<number, Set<string>>, root: number | undefined, key: string) => {
    if (root === undefined) return
    const set = map.get(root) ?? new Set()
    set.add(key)
    map.set(root, set)
  }
  for (const [root, plan] of plans) {
    for (const [tagId, { has, winner }] of plan.states) {
      if (!has || winner === undefined)
        for (const source of [undefined, ...tagSources]) note(gone, root, markOf.tag(tagId, source))
      else for (const source of [undefined, winner.source]) note(present, root, markOf.tag(tagId, source))
    }
    for (const tagId of plan.theirs)
      for (const source of [undefined, 'wecom']) note(present, root, markOf.tag(tagId, source))
  }
  for (const { customerId, tagId, source } of before)
    for (const one of [undefined, source]) note(gone, rootOf.get(customerId), markOf.tag(tagId, one))
  for (const { customerId, was } of todos)
    for (const platformId of was) {
      const tagId = idAt.get(platformId) ?? platformId
      for (const one of [undefined, 'wecom']) note(gone, rootOf.get(customerId), markOf.tag(tagId, one))
    }
  const changes = [...plans.keys()].flatMap((customerId) => {
    const has = present.get(customerId) ?? new Set<string>()
    return [
      ...[...has].map((key) => ({ kind: 'mark' as const, customerId, key, present: true })),
      ...[...(gone.get(customerId) ?? [])]
        .filter((key) => !has.has(key))
        .map((key) => ({ kind: 'mark' as const, customerId, key, present: false })),
    ]
  })
  await noteChanges(tx, corpId, changes)
}
