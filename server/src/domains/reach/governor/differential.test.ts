import { limitProfile } from '@nuanyu/wecom'
import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { decisions } from './decide.store.ts'
import { decide, type PersonQuota } from './decide.ts'
import { aFelt, anAsk, aPolicy, aQuota, aReserved, around, isRefused, someServed, zones } from './governor.testing.ts'
import { keepSpent, noteFulls } from './quota.store.ts'
import { quotaRule, refusalsCount } from './quota.ts'
import { plannedRun, someHomes } from './runs-stage.ts'
import { type Felt, feltAt, packed, type Reserved, reasons, secondOf, type Touch, type Wish, wishes } from './touch.ts'
import { recordTouches } from './touches.store.ts'

const { db } = await testDatabase()
const corpId = 1
/** Persons, of whom the last two are homes of the first. */
const homes = 8
const roots = homes - 2
const rootOf = (home: number) => (home > roots ? 1 : home)

beforeAll(async () => {
  await someHomes(db, corpId, homes, roots)
  // only who sends what is no marketing has such sends counted
  await plannedRun(db, corpId, new Date(around * 1000), { marketing: false })
})

it('the rule over sets says of everybody what the rule for one person says', async () => {
  const person = fc.record({
    touches: fc.array(aFelt, { maxLength: 14 }),
    reserved: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(aReserved, { maxLength: 3 })),
    ...{ refused: isRefused, served: someServed },
    wish: fc.oneof({ weight: 4, arbitrary: fc.constant('all' as const) }, fc.constantFrom(...wishes)),
  })
  const given = fc.record({
    persons: fc.array(person, { minLength: homes, maxLength: homes }),
    policies: fc.array(aPolicy, { minLength: 1, maxLength: 3 }),
    ask: anAsk,
    zone: fc.constantFrom(...zones),
    limits: aQuota,
  })
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(given, async ({ persons, policies, ask, zone, limits }) => {
      const policyOf = (root: number) => root % policies.length
      await write(persons, policyOf)
      const rule = quotaRule(ask.channel, {
        limits: limitProfile(limits),
        momentsAMonth: limits['broadcast.weekly_cap'],
      })
      await sql`drop table if exists spent`.execute(db)
      await keepSpent(db, 'spent', corpId, rule, ask.at)
      const quota = rule && { spent: 'spent', window: rule(ask.at) }
      const { rows } = await decisions(corpId, policies, ask, zone, quota).execute(db)
      const bySets = new Map(rows.map(({ customerId, ...row }) => [customerId, row]))
      const oneByOne = Array.from({ length: roots }, (_, place) => place + 1).map((root) => {
        const policy = policies[policyOf(root)]
        if (policy === undefined) throw new Error('every person has a policy')
        const his = persons.filter((_, place) => rootOf(place + 1) === root)
        const taken = his.flatMap(({ reserved }) => feltAt(reserved, secondOf(ask.at)))
        const felt = [...his.flatMap(({ touches }) => touches), ...taken]
        const { verdict, hits, until } = decide(
          policy,
          felt,
          persons[root - 1]?.wish ?? 'all',
          ask,
          zone,
          quotaOfHomes(his),
        )
        const places = [...new Set(hits.map((hit) => reasons.indexOf(hit.reason)))]
        for (const hit of hits) seen.add(hit.reason)
        const bits = places.reduce((sum, place) => sum + 2 ** place, 0)
        return [root, { policy: policyOf(root), verdict, bits, reason: places[0] ?? null, until }] as const
      })
      expect(bySets).toEqual(new Map(oneByOne))

      function quotaOfHomes(his: readonly Person[]): PersonQuota | null {
        if (rule === null) return null
        const { channels } = rule(ask.at)
        const sent = his.flatMap(({ touches, served }) => [
          ...touches.filter(({ channel }) => channels.includes(channel)).map(({ second }) => second),
          // sends that were no marketing
          ...(refusalsCount(rule(ask.at)) ? served : []),
        ])
        const refused = his.flatMap((one) => (one.refused === null ? [] : [one.refused * 1000]))
        const last = Math.max(...refused.filter((ms) => ms <= ask.at.getTime() && refusalsCount(rule(ask.at))))
        const reserved = his.flatMap((one) => one.reserved).filter(({ channel }) => channels.includes(channel)).length
        return { rule, facts: { sent, reserved, fullAt: Number.isFinite(last) ? new Date(last) : null } }
      }
    }),
    { numRuns: 120 },
  )
  // a property that never met a rule says nothing of it
  expect([...seen].sort()).toEqual([...reasons].sort())
}, 120_000)

interface Person {
  readonly touches: readonly Felt[]
  readonly reserved: readonly Reserved[]
  readonly wish: Wish
  readonly refused: number | null
  readonly served: readonly number[]
}

async function write(persons: readonly Person[], policyOf: (root: number) => number): Promise<void> {
  const ids = persons.map((_, place) => place + 1)
  await sql`truncate touches, recent_touches, touch_reservations, touch_wishes, quota_fulls`.execute(db)
  await sql`create table if not exists governed (class text, customer_id bigint)`.execute(db)
  await sql`truncate governed`.execute(db)
  const members = ids.filter((id) => id <= roots)
  await sql`insert into governed select policy, id from unnest(
    ${textArray(members.map((id) => String(policyOf(id))))}::text[], ${numberArray(members)}::bigint[]) as m(policy, id)`.execute(
    db,
  )
  const touches = persons.flatMap(({ touches }, place) => touches.map((one) => [place + 1, packed(one)] as const))
  await sql`insert into recent_touches (customer_id, corp_id, latest)
    select id, ${corpId}, array_agg(touch order by touch desc) from unnest(
      ${numberArray(touches.map(([id]) => id))}::bigint[], ${numberArray(touches.map(([, touch]) => touch))}::bigint[]
    ) as given(id, touch) group by id`.execute(db)
  await db.transaction().execute(async (tx) => {
    await recordTouches(
      tx,
      persons.flatMap(({ served }, place) =>
        served.map(
          (second, at): Touch => ({
            ...{ customerId: place + 1, at: new Date(second * 1000), effect: `served:${at}`, corpId },
            ...{ channel: 'customer_send', kind: 'service' },
          }),
        ),
      ),
    )
    await noteFulls(
      tx,
      corpId,
      persons.flatMap(({ refused }, place) =>
        refused === null ? [] : [{ customerId: place + 1, at: new Date(refused * 1000) }],
      ),
    )
  })
  const taken = persons.flatMap(({ reserved }, place) => reserved.map((one) => ({ ...one, customerId: place + 1 })))
  await sql`insert into touch_reservations (customer_id, run_id, corp_id, at, channel, weight)
    select id, run, ${corpId}, ${new Date(around * 1000)}, channel, weight from unnest(
      ${numberArray(taken.map((one) => one.customerId))}::bigint[], ${numberArray(taken.map((_, run) => run))}::int[],
      ${textArray(taken.map((one) => one.channel))}::text[], ${numberArray(taken.map((one) => one.weight))}::smallint[]
    ) as given(id, run, channel, weight)`.execute(db)
  await sql`insert into touch_wishes (customer_id, at, corp_id, wish)
    select id, ${new Date((around - 40 * 86_400) * 1000)}, ${corpId}, wish from unnest(
      ${numberArray(members)}::bigint[], ${textArray(persons.slice(0, roots).map(({ wish }) => wish))}::text[]) as w(id, wish)`.execute(
    db,
  )
}
