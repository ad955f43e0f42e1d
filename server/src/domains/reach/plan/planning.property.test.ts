import fc from 'fast-check'
import { type Selectable, sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { manualClock } from '../../../infra/clock.ts'
import type { DB } from '../../../infra/db/schema.gen.ts'
import { testRun } from '../../../infra/operations/testing.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { markOf } from '../../audiences/rules/facts.ts'
import { campaignSpec } from '../campaigns/campaign.schema.ts'
import { type Fate, fates, type SenderReason, senderReasons } from '../campaigns/recipient.ts'
import { decide } from '../governor/decide.ts'
import type { Policy } from '../governor/policy.schema.ts'
import { packed, reasons } from '../governor/touch.ts'
import { bucketOf, campaignSeed, globalSeed } from './bucket.ts'
import { heldOutBelow, setAside, variantOf } from './plan.ts'
import { addedAt, aRun, smallBrand } from './plan-stage.ts'
import { type PlanRequest, planRun } from './planning.ts'

const { db } = await testDatabase()
const clock = manualClock('2026-11-11T10:00:00+08:00')
const corpId = 1
const globalPermille = 60
const tags = ['a', 'b', 'c', 'd']
const stores = ['0199a0a0-0000-7000-8000-00000000000a', '0199a0a0-0000-7000-8000-00000000000b'] as const
/** The last one left; the one before him is on leave. */
const senders = ['u0', 'u1', 'u2', 'u3', 'off', 'gone'] as const
const storeOf = (userid: string) => (userid === 'u0' ? stores[0] : userid === 'u1' ? stores[1] : undefined)
const part = '0199a0a0-0000-7000-8000-0000000000c1'
const policy: Policy = {
  ...{ whom: null, marketing: 'limited', kept_from: 9, gap_minutes: 0, quiet: null, less_per_week: 1, fatigue: null },
  caps: [{ channel: null, per: 'week', most: 1, kept: 0 }],
}

const population = fc.sample(
  fc.record({
    tags: fc.subarray(tags),
    inPart: fc.boolean(),
    senders: fc.shuffledSubarray([...senders], { maxLength: 3 }),
    // of the first of them, as far as he has any: since how many days he owns the customer, and when they last chatted
    ownedDaysAgo: fc.option(fc.integer({ min: 1, max: 400 }), { freq: 2 }),
    chattedDaysAgo: fc.option(fc.integer({ min: 1, max: 9 }), { freq: 3 }),
    touchedDaysAgo: fc.option(fc.integer({ min: 1, max: 12 })),
    merged: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
  }),
  { numRuns: 240, seed: 20261111 },
)
/** Every tenth or so is another home of the person before him, so long as that one is a root. */
const rootOf = (place: number): number => {
  const [one, before] = [population[place], population[place - 1]]
  return one?.merged && before !== undefined && !before.merged ? place - 1 : place
}
const idOf = (place: number) => place * 7 + 3
const roots = population.flatMap((one, place) => (rootOf(place) === place ? [{ ...one, place, id: idOf(place) }] : []))
/** Of every fourth person the latest word, under whichever home, is that nothing be chosen for him. */
const isImpersonal = ({ place }: { readonly place: number }): boolean => place % 4 === 0
const second = Math.floor(clock.now().getTime() / 1000)

beforeAll(async () => {
  await sql`insert into corps (corpid, name, created_at) values ('wwplan', '品牌', now())`.execute(db)
  await sql`insert into reach_settings (corp_id, global_holdout_permille, changed_at) values (${corpId}, ${globalPermille}, now())`.execute(
    db,
  )
  await smallBrand(
    db,
    corpId,
    senders,
    population.map((one, place) => ({
      id: idOf(place),
      marks: [...one.tags.map((tag) => markOf.tag(tag)), ...(one.inPart ? [markOf.audience(part)] : [])],
      senders: one.senders,
      mergedInto: rootOf(place) === place ? undefined : idOf(rootOf(place)),
    })),
  )
  await sql`update staff set gone_at = now() where userid = 'gone'`.execute(db)
  // only the second covers the moment of asking
  for (const [userid, from, until] of [
    ['u1', '2026-11-10', '2026-11-11T02:00:00Z'],
    ['off', '2026-11-11T02:00:00Z', '2026-11-12'],
    ['u2', '2026-11-11T02:00:01Z', '2026-11-12'],
  ])
    await sql`insert into staff_leaves (id, corp_id, userid, from_at, until_at, set_by, set_at)
      values (gen_random_uuid(), ${corpId}, ${userid}, ${from}, ${until}, 'x', now())`.execute(db)
  for (const [place, one] of population.entries()) {
    const [first] = one.senders
    const of = sql`customer_id = ${idOf(place)} and userid = ${first ?? ''}`
    if (one.ownedDaysAgo !== null)
      await sql`update relations set owned_at = ${daysAgo(one.ownedDaysAgo)} where ${of}`.execute(db)
    if (one.chattedDaysAgo !== null)
      await sql`update relations set chatted_at = ${daysAgo(one.chattedDaysAgo)} where ${of}`.execute(db)
  }
  for (const userid of senders)
    await sql`update staff set store_id = ${storeOf(userid) ?? null} where userid = ${userid}`.execute(db)
  for (const { place, id } of roots.filter(isImpersonal)) {
    const last = idOf(rootOf(place + 1) === place ? place + 1 : place)
    await sql`insert into personalisation_wishes (customer_id, at, corp_id, personalised, through)
      values (${id}, '2026-01-01', ${corpId}, true, 'link'), (${last}, '2026-02-01', ${corpId}, false, 'link')`.execute(
      db,
    )
  }
  for (const [place, { touchedDaysAgo }] of population.entries())
    if (touchedDaysAgo !== null)
      await sql`insert into recent_touches (customer_id, corp_id, latest)
        values (${idOf(place)}, ${corpId}, array[${packed(felt(touchedDaysAgo))}]::bigint[])`.execute(db)
  await sql`insert into touch_policies (id, corp_id, name, created_at) values (${stores[0]}, ${corpId}, 'p', now())`.execute(
    db,
  )
  await sql`insert into touch_policy_versions (policy_id, version, place, rules, created_at)
    values (${stores[0]}, 1, 1, ${JSON.stringify(policy)}::jsonb, now())`.execute(db)
  await sql`insert into touch_policy_turns (policy_id, at, version) values (${stores[0]}, '2026-01-01', 1)`.execute(db)
})

const daysAgo = (days: number) => new Date(clock.now().getTime() - days * 86_400_000)
const felt = (days: number) => ({ second: second - days * 86_400, channel: 'moments' as const, weight: 30 })
const tagged = (tag: string) => ({ rule: { is: 'tags', mode: 'any', tags: [tag] } })
const content = { text: '你好', attachments: [] }
const variant = fc.record({
  for: fc.constantFrom(null, { audience: part }, { stores: [stores[0]] }, { stores: [...stores] }),
  share: fc.integer({ min: 1, max: 5 }),
})
const specs = fc.record({
  // by an audience a Moment is planned as a send is: the same people, the same reasons
  kind: fc.constantFrom('customer_send', 'moment'),
  exclusions: fc.subarray(tags).map((some) => some.map((tag) => ({ name: tag, whom: tagged(tag) }))),
  variants: fc
    .array(variant, { minLength: 1, maxLength: 4 })
    .map((some) => some.map((one, at) => ({ ...one, name: `v${at}`, content }))),
  holdout_permille: fc.constantFrom(0, 50, 200),
  elsewhere: fc.constantFrom(undefined, { name: '短信', permille: 300 }),
  marketing: fc.boolean(),
  most: fc.option(fc.integer({ min: 1, max: 20 })),
  inSet: fc.boolean(),
  waits: fc.constantFrom(0, 72),
  canary: fc.constantFrom(null, { permille: 100, hours: 4, most_deletes_permille: 10 }),
})

interface Expected {
  readonly fate: Fate
  readonly reason: number | null
  readonly variant: number | null
  readonly sender: string | null
}

it('a plan decides of everybody what the rules say of him alone', { timeout: 120_000 }, async () => {
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(specs, async ({ most, inSet, waits, ...given }) => {
      const set = inSet ? stores[1] : null
      await sql`insert into sender_sets (id, corp_id, name, userids, created_at, changed_at)
        values (${stores[1]}, ${corpId}, 's', array['u0', 'u2'], now(), now()) on conflict do nothing`.execute(db)
      const governed = { when_capped: waits > 0 ? 'hold' : 'drop', wait_hours: waits, priority: 5 }
      const spec = { ...given, governed, senders: { set, most } }
      const { campaignId, runId } = await aRun(db, corpId, spec, { at: clock.now() })
      const whole = campaignSpec.parse({ goal: null, whom: null, schedule: { kind: 'now' }, window: null, ...spec })
      const operation = { id: 'o', corpId, input: { runId } satisfies PlanRequest, checkpoint: null }
      await planRun({ db, clock }, { ...testRun(operation), input: { runId } }, async () => undefined)
      const { rows } = await sql<Selectable<DB['campaign_recipients']>>`
        select * from campaign_recipients where run_id = ${runId} order by customer_id`.execute(db)
      await sql`drop table ${sql.table(`campaign_recipients_${runId}`)}; delete from touch_reservations`.execute(db)
      const { rows: tasks } = await sql<Selectable<DB['campaign_tasks']>>`
        select * from campaign_tasks where run_id = ${runId} order by number`.execute(db)
      expect(rows.map((row) => row.customer_id)).toEqual(roots.map(({ id }) => id))
      const load = Map.groupBy(
        rows.filter(({ fate }) => fate === 0),
        ({ sender }) => sender,
      )
      for (const [at, row] of rows.entries()) {
        const root = roots[at]
        if (root === undefined) throw new Error('a row of nobody')
        const able = ableTo(root.place, inSet)
        const expected = expectedOf(root, whole, campaignId, able)
        const is = { fate: fates[row.fate], reason: row.reason, variant: row.variant, sender: row.sender }
        seen.add(`${is.fate} ${is.fate === 'no_sender' ? senderReasons[is.reason ?? -1] : ''}`)
        if (most !== null && expected.fate === 'sent_to' && is.sender !== expected.sender) {
          // whom his first sender has no room for goes to the next, or all have none
          expect(load.get(expected.sender)?.length ?? 0).toBe(most)
          if (is.fate === 'sent_to') {
            expect(able).toContain(is.sender)
            expect(is.variant).toBe(variantBy(root, whole, campaignId, is.sender ?? ''))
          } else {
            expect(is.reason).toBe(senderReasons.indexOf('sender_full'))
            for (const userid of able)
              if (variantBy(root, whole, campaignId, userid) !== null) expect(load.get(userid)?.length ?? 0).toBe(most)
          }
        } else expect(is).toEqual(expected)
      }
      for (const [, list] of load) expect(list.length).toBeLessThanOrEqual(most ?? Number.POSITIVE_INFINITY)
      const asked = Map.groupBy(
        rows.filter(({ fate }) => fate === 0),
        ({ task }) => task,
      )
      expect(tasks.map(({ number, variant: of, sender, recipients }) => [number, of, sender, recipients])).toEqual(
        [...asked]
          .sort(([a], [b]) => (a ?? 0) - (b ?? 0))
          .map(([task, list]) => [task, list[0]?.variant, list[0]?.sender, list.length]),
      )
      const canary = tasks.filter((task) => task.canary).reduce((sum, task) => sum + task.recipients, 0)
      expect(canary * 10 >= rows.filter(({ fate }) => fate === 0).length).toBe(
        spec.canary !== null || tasks.length === 0,
      )
      const moments = await db
        .selectFrom('campaign_moments')
        .select(['number', 'variant', 'canary', 'to_mark'])
        .where('run_id', '=', runId)
        .execute()
      expect(moments.length).toBe(
        spec.kind === 'moment' ? new Set(tasks.map(({ variant: of, canary: first }) => `${of} ${first}`)).size : 0,
      )
      for (const { number, ...moment } of moments) {
        const own = tasks.filter((task) => task.moment === number)
        expect(own.every(({ variant: of, canary: first }) => of === moment.variant && first === moment.canary)).toBe(
          true,
        )
        expect(moment.to_mark).toBe(own.reduce((sum, task) => sum + task.recipients, 0))
      }
    }),
    { numRuns: 40 },
  )
  const reached = [...seen].map((one) => one.trim()).sort()
  expect(reached).toEqual(
    [
      'dropped',
      'elsewhere',
      'excluded',
      'global_holdout',
      'held',
      'holdout',
      'sent_to',
      ...refusals.map((one) => `no_sender ${one}`),
    ].sort(),
  )
})

const refusals: readonly SenderReason[] = [
  ...(['no_relation', 'not_in_set', 'sender_away', 'sender_full', 'sender_gone', 'no_variant'] as const),
]

const standsInTheWay = (userid: string, inSet: boolean): SenderReason | undefined =>
  userid === 'gone'
    ? 'sender_gone'
    : inSet && userid !== 'u0' && userid !== 'u2'
      ? 'not_in_set'
      : userid === 'off'
        ? 'sender_away'
        : undefined

/** Who can send to a person, by any home: his exclusive owner, who last chatted, the latest added. */
function ableTo(place: number, inSet: boolean): readonly string[] {
  return contactsOf(place).filter((userid) => standsInTheWay(userid, inSet) === undefined)
}

function contactsOf(place: number): readonly string[] {
  const homes = population.flatMap((one, at) => (rootOf(at) === place ? [one] : []))
  const all = homes.flatMap((home) =>
    home.senders.map((userid, at) => ({
      ...{ userid, at },
      // who was added anew after he was made the owner is it no more
      owned:
        at === 0 && home.ownedDaysAgo !== null && daysAgo(home.ownedDaysAgo) >= addedAt(at) ? home.ownedDaysAgo : 999,
      chatted: at === 0 ? (home.chattedDaysAgo ?? 999) : 999,
    })),
  )
  return all
    .toSorted((a, b) => a.owned - b.owned || a.chatted - b.chatted || b.at - a.at || (a.userid < b.userid ? -1 : 1))
    .map(({ userid }) => userid)
}

function variantBy(
  { id, place, inPart }: (typeof roots)[number],
  spec: ReturnType<typeof campaignSpec.parse>,
  campaignId: string,
  userid: string,
): number | null {
  const audiences = new Set(inPart && !isImpersonal({ place }) ? [part] : [])
  const person = { bucket: bucketOf(campaignSeed(campaignId), id), audiences, store: storeOf(userid) }
  return variantOf(spec.variants, setAside(spec), person) ?? null
}

function expectedOf(
  root: (typeof roots)[number],
  spec: ReturnType<typeof campaignSpec.parse>,
  campaignId: string,
  able: readonly string[],
): Expected {
  const excluded = spec.exclusions.findIndex(({ name }) => root.tags.includes(name))
  if (excluded >= 0) return { fate: 'excluded', reason: excluded, variant: null, sender: null }
  const bucket = bucketOf(campaignSeed(campaignId), root.id)
  const [sender] = able
  // without anybody who can send, whoever would if he could says by his store which variant it were
  const contacts = contactsOf(root.place)
  const own = variantBy(root, spec, campaignId, sender ?? contacts[0] ?? '')
  const told = { variant: own, sender: sender ?? null }
  if (spec.marketing && bucketOf(globalSeed(corpId, '2026-11-11'), root.id) < heldOutBelow(globalPermille))
    return { fate: 'global_holdout', reason: null, ...told }
  if (bucket < heldOutBelow(spec.holdout_permille)) return { fate: 'holdout', reason: null, ...told }
  if (bucket < heldOutBelow(setAside(spec))) return { fate: 'elsewhere', reason: null, ...told }
  if (spec.marketing) {
    const touches = population.flatMap((one, at) =>
      rootOf(at) === root.place && one.touchedDaysAgo !== null ? [felt(one.touchedDaysAgo)] : [],
    )
    const hours = spec.governed.wait_hours
    const waitUntil = spec.governed.when_capped === 'hold' ? new Date(clock.now().getTime() + hours * 3_600_000) : null
    const channel = spec.kind === 'moment' ? ('moments' as const) : ('customer_send' as const)
    const ask = { channel, priority: 5, at: clock.now(), waitUntil }
    const { verdict, hits } = decide(policy, touches, 'all', ask, 'Asia/Shanghai')
    const reason = hits[0] === undefined ? null : reasons.indexOf(hits[0].reason)
    if (verdict !== 'send') return { fate: verdict === 'hold' ? 'held' : 'dropped', reason, ...told }
  }
  if (sender !== undefined && own !== null) return { fate: 'sent_to', reason: null, ...told }
  const troubles = contacts.map((userid) => standsInTheWay(userid, spec.senders.set !== null))
  const why: SenderReason =
    sender !== undefined
      ? 'no_variant'
      : contacts.length === 0
        ? 'no_relation'
        : // who is back soon comes nearest to sending
          (troubles.find((one) => one === 'sender_away') ?? troubles[0] ?? 'no_relation')
  return { fate: 'no_sender', reason: senderReasons.indexOf(why), ...told }
}
