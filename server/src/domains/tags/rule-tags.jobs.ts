import { z } from 'zod'
import type { Tx } from '../../infra/db/database.ts'
import { followEvents, type StoredEvent } from '../../infra/events/follow.ts'
import type { OperationRun } from '../../infra/operations/operations.ts'
import type { Services } from '../../infra/services.ts'
import { memberPage, memberships } from '../audiences/index.ts'
import { homesOfPersons } from '../customers/index.ts'
import { holdersAfter, lockRuleTags, noteFollowed, ruleFacts, ruleWaits, tagRules } from './rule-tags.store.ts'
import { keyOf, referenceOf, type TagRule, wordsOfRules } from './rule-tags.ts'
import { recordFacts } from './tag-facts.store.ts'

export const ruleKind = 'tags.rule'
export const ruleInput = z.object({
  tagId: z.string(),
  audienceId: z.string(),
  /** end: nobody has it by this rule any more. */
  work: z.enum(['follow', 'end']),
})
export type RuleInput = z.infer<typeof ruleInput>

const subscriber = 'tags.rules'
const batch = 500
const page = 1_000

type Needs = Pick<Services, 'db' | 'clock' | 'operations'>

/** Reads on in the log of events: who joined or left an audience that a tag follows. Answers how many events were read. */
export async function followRuleTags({ db, clock, operations }: Needs): Promise<number> {
  return followEvents(
    db,
    subscriber,
    batch,
    async (events, tx) => {
      for (const [corpId, list] of Map.groupBy(events, (event) => event.corpId)) {
        const rules = await tagRules(tx, corpId)
        if (rules.length === 0) continue
        const computed = new Set(list.filter(({ kind }) => kind === 'audience.computed').map(audienceOf))
        for (const rule of rules.filter(({ audienceId }) => computed.has(audienceId)))
          if (!(await ruleWaits(tx, corpId, ruleKind, { ...ruleOf(rule), work: 'follow' })))
            await beginRule({ operations }, tx, corpId, { ...ruleOf(rule), work: 'follow' }, 'system')
        const moved = list.filter(({ kind }) => kind === 'audience.joined' || kind === 'audience.left')
        const concerned = new Set(moved.map(audienceOf))
        const regrouped = list.filter(({ kind }) => kind === 'person.merged' || kind === 'person.parted')
        await settle(tx, corpId, {
          rules: regrouped.length > 0 ? rules : rules.filter(({ audienceId }) => concerned.has(audienceId)),
          persons: [...moved.map(({ customerId }) => customerId), ...regrouped.flatMap(homesNamed)],
          because: becauseOf(moved),
          now: clock.now(),
        })
      }
    },
    // who is who in the audiences is settled there first
    { behind: 'audiences.feed' },
  )
}

const ruleOf = ({ tagId, audienceId }: TagRule) => ({ tagId, audienceId })
const audienceOf = (event: StoredEvent) => String(event.payload['audienceId'] ?? '')

function homesNamed(event: StoredEvent): readonly number[] {
  const named = [event.customerId, event.payload['homes'], event.payload['root']].flat()
  return named.filter((one): one is number => typeof one === 'number')
}

function becauseOf(events: readonly StoredEvent[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    events.map((event) => {
      const { because } = event.payload
      const said = Array.isArray(because) ? because.filter((one): one is string => typeof one === 'string') : []
      return [keyOf(event.customerId, audienceOf(event)), said]
    }),
  )
}

export async function beginRule(
  { operations }: Pick<Services, 'operations'>,
  tx: Tx,
  corpId: number,
  input: RuleInput,
  startedBy: string,
): Promise<string> {
  await noteFollowed(tx, corpId, input, null)
  return operations.begin({ kind: ruleKind, corpId, input, startedBy }, tx)
}

/** Says what these rules have to say of these persons as they stand now. Answers how many words that were. */
async function settle(
  tx: Tx,
  corpId: number,
  given: {
    readonly rules: readonly TagRule[]
    readonly persons: readonly number[]
    readonly because?: ReadonlyMap<string, readonly string[]>
    readonly now: Date
  },
): Promise<number> {
  const { rules, persons, because, now } = given
  if (rules.length === 0 || persons.length === 0) return 0
  await lockRuleTags(tx, corpId)
  const homes = await homesOfPersons(tx, persons)
  const roots = [...new Set(homes.map(({ root }) => root))]
  const audiences = [...new Set(rules.map(({ audienceId }) => audienceId))]
  const tags = [...new Set(rules.map(({ tagId }) => tagId))]
  const words = wordsOfRules(
    rules,
    {
      homes,
      memberships: await memberships(tx, corpId, audiences, roots),
      facts: await ruleFacts(
        tx,
        corpId,
        homes.map(({ home }) => home),
        tags,
      ),
      ...(because === undefined ? {} : { because }),
    },
    now,
  )
  await recordFacts(tx, corpId, words, new Date())
  return words.length
}

/** Brings a tag in line with its audience, or takes its rule's word back: page by page, so that a cancel or a kill goes on there. */
export async function runRule({ db, clock }: Needs, run: OperationRun<unknown>): Promise<unknown> {
  const input = ruleInput.parse(run.input)
  const { corpId } = run
  const read = z
    .object({ step: z.enum(['join', 'leave']), after: z.number(), done: z.number() })
    .safeParse(run.checkpoint)
  let { step, after, done } = read.success
    ? read.data
    : { step: input.work === 'follow' ? ('join' as const) : ('leave' as const), after: -1, done: 0 }
  const current = async (tx: Tx) =>
    (await tagRules(tx, corpId)).find((one) => one.tagId === input.tagId && one.audienceId === input.audienceId)
  while (step === 'join') {
    const next = await db.transaction().execute(async (tx) => {
      const rule = await current(tx)
      if (rule === undefined) return undefined
      const found = await memberPage(tx, corpId, input.audienceId, after, page)
      done += await settle(tx, corpId, { rules: [rule], persons: found.customers, now: clock.now() })
      return found.next
    })
    if (next === undefined) {
      step = 'leave'
      after = -1
    } else after = next
    await run.progress({ done, checkpoint: { step, after, done } })
  }
  for (;;) {
    const last = await db.transaction().execute(async (tx) => {
      const homes = await holdersAfter(tx, corpId, input, after, page)
      const rule = await current(tx)
      done +=
        rule === undefined
          ? await withdraw(tx, corpId, input, homes, clock.now())
          : await settle(tx, corpId, { rules: [rule], persons: homes, now: clock.now() })
      return homes.length < page ? undefined : homes.at(-1)
    })
    if (last === undefined) break
    after = last
    await run.progress({ done, checkpoint: { step, after, done } })
  }
  await noteFollowed(db, corpId, input, clock.now())
  return { changed: done }
}

/** The rule is there no more: what it said is taken back. */
async function withdraw(
  tx: Tx,
  corpId: number,
  { tagId, audienceId }: RuleInput,
  homes: readonly number[],
  now: Date,
): Promise<number> {
  await lockRuleTags(tx, corpId)
  const reference = referenceOf(audienceId)
  const facts = (await ruleFacts(tx, corpId, homes, [tagId])).filter((one) => one.reference === reference && one.says)
  const words = facts.map(({ home, at }) => ({
    ...{ customerId: home, tagId, source: 'rule' as const, reference, says: false },
    ...{ at: at < now ? now : new Date(at.getTime() + 1), evidence: { audienceId, ended: true } },
  }))
  await recordFacts(tx, corpId, words, new Date())
  return words.length
}
