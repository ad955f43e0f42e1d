import { limitProfile } from '@nuanyu/wecom'
import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { noteFulls, quotaFacts, quotaSpent } from './quota.store.ts'
import { capModes, quotaAt, quotaFreeAt, quotaOf } from './quota.ts'
import { someHomes } from './runs-stage.ts'
import { channels, type Touch } from './touch.ts'
import { recordTouches } from './touches.store.ts'

const { db } = await testDatabase()
const corpId = 1
const mode = (name: string) => limitProfile({ 'broadcast.cap_mode': name })
const ruleBy = (name: string) => (at: Date) => quotaAt(mode(name), at)
const second = (iso: string) => Date.parse(iso) / 1000

it('is as many a month as the month has days, seven in any seven days, one a day, or four of the corp a month', () => {
  const at = new Date('2026-02-28T15:59:59Z')
  const month = { since: second('2026-01-31T16:00:00Z'), renewed: second('2026-02-28T16:00:00Z') }
  expect(quotaAt(mode('monthly_days'), at)).toEqual({
    mode: 'monthly_days',
    most: 28,
    ...month,
    channels: ['customer_send', 'by_hand'],
  })
  expect(quotaAt(mode('legacy_4_per_month'), at)).toEqual({
    ...{ mode: 'legacy_4_per_month', most: 4, ...month, channels: ['customer_send'] },
  })
  const day = { since: second('2026-02-27T16:00:00Z'), renewed: second('2026-02-28T16:00:00Z') }
  expect(quotaAt(mode('daily_1'), at)).toEqual({
    mode: 'daily_1',
    most: 1,
    ...day,
    channels: ['customer_send', 'by_hand'],
  })
  const since = second('2026-02-21T16:00:00Z')
  expect(quotaAt(mode('weekly_7'), at)).toEqual({
    mode: 'weekly_7',
    most: 7,
    since,
    renewed: null,
    channels: ['customer_send', 'by_hand'],
  })
})

it('a refusal says that the rest was used by others, until the platform’s month is over', () => {
  const sent = ['2026-11-03T02:00:00Z', '2026-11-05T02:00:00Z'].map(second)
  const facts = { sent, reserved: 1, fullAt: new Date('2026-11-06T02:00:00Z') }
  expect(quotaOf(ruleBy('monthly_days'), facts, new Date('2026-11-05T12:00:00Z'))).toEqual({
    ...{ most: 30, known: 2, reserved: 1, unknown: 0, left: 27 },
  })
  const after = quotaOf(ruleBy('monthly_days'), facts, new Date('2026-11-20T02:00:00Z'))
  expect(after).toEqual({ most: 30, known: 2, reserved: 1, unknown: 28, left: 0 })
  const next = quotaOf(ruleBy('monthly_days'), facts, new Date('2026-11-30T16:00:00Z'))
  expect(next).toEqual({ most: 31, known: 0, reserved: 1, unknown: 0, left: 30 })
})

it('a send that becomes known after the refusal takes the place of an unknown one', () => {
  const at = new Date('2026-11-20T02:00:00Z')
  const fullAt = new Date('2026-11-20T01:00:00Z')
  const before = quotaOf(ruleBy('weekly_7'), { sent: [], reserved: 0, fullAt }, at)
  const learnt = quotaOf(ruleBy('weekly_7'), { sent: [second('2026-11-19T01:00:00Z')], reserved: 0, fullAt }, at)
  expect([before.unknown, learnt.unknown, learnt.known, learnt.left]).toEqual([7, 6, 1, 0])
})

interface Spent {
  readonly id: number
  readonly until: number | null
}

it('nothing is left until the second at which something is, if nothing else is sent', () => {
  const sends = fc.array(fc.integer({ min: 0, max: 31 * 24 }), { maxLength: 40 })
  const given = fc.record({
    sends,
    reserved: fc.integer({ min: 0, max: 3 }),
    // what open tasks have taken is sent after it
    full: fc.option(fc.integer({ min: 1, max: 400 })),
    mode: fc.constantFrom(...capModes),
  })
  fc.assert(
    fc.property(given, ({ sends, reserved, full, mode: name }) => {
      const ago = (hours: number) => now.getTime() - hours * 3_600_000
      const fullAt = full === null ? null : new Date(ago(full))
      const facts = { sent: sends.map((hours) => ago(hours) / 1000), reserved, fullAt }
      const rule = ruleBy(name)
      const free = quotaFreeAt(rule, facts, now) ?? 0
      // what open tasks have taken is felt now at the latest
      const felt = {
        ...facts,
        reserved: 0,
        sent: [...facts.sent, ...Array.from({ length: reserved }, () => now.getTime() / 1000)],
      }
      if (quotaOf(rule, facts, now).left > 0) expect(free).toBe(now.getTime() / 1000)
      else {
        expect(quotaOf(rule, felt, new Date(free * 1000)).left).toBeGreaterThan(0)
        expect(quotaOf(rule, felt, new Date(free * 1000 - 1000)).left).toBe(0)
      }
    }),
  )
})

const now = new Date('2026-11-20T02:30:00Z')
const persons = 5

beforeAll(async () => {
  await sql`insert into corps (id, corpid, name, created_at, time_zone) overriding system value values (${corpId}, 'ww1', 'c', now(), 'Asia/Shanghai')`.execute(
    db,
  )
  await someHomes(db, corpId, persons, persons - 1)
})

it('who has nothing left is the same for a plan as for each person', async () => {
  const hour = 3_600_000
  const hoursAgo = fc.integer({ min: -24, max: 32 * 24 })
  const person = fc.record({
    sends: fc.array(fc.record({ hoursAgo, channel: fc.constantFrom(...channels) }), { maxLength: 40 }),
    reserved: fc.integer({ min: 0, max: 2 }),
    full: fc.option(hoursAgo, { freq: 3 }),
  })
  const given = fc.record({
    people: fc.array(person, { minLength: persons, maxLength: persons }),
    mode: fc.constantFrom(...capModes),
  })
  const seen = new Set<boolean>()
  await fc.assert(
    fc.asyncProperty(given, async ({ people, mode: name }) => {
      await sql`truncate touches, recent_touches, touch_reservations, quota_fulls`.execute(db)
      await sql`update corps set limits = ${JSON.stringify({ 'broadcast.cap_mode': name })}::jsonb`.execute(db)
      await db.transaction().execute(async (tx) => {
        await recordTouches(
          tx,
          people.flatMap(({ sends }, place) =>
            sends.map(({ hoursAgo: ago, channel }, number): Touch => {
              const at = new Date(now.getTime() - ago * hour)
              return { customerId: place + 1, at, effect: `e${number}`, corpId, channel, kind: 'marketing' }
            }),
          ),
        )
        const fulls = people.flatMap(({ full }, place) =>
          full === null ? [] : [{ customerId: place + 1, at: new Date(now.getTime() - full * hour) }],
        )
        await noteFulls(tx, corpId, fulls)
        for (const [place, { reserved }] of people.entries())
          await sql`insert into touch_reservations (customer_id, run_id, corp_id, at, channel, weight)
            select ${place + 1}, run, ${corpId}, ${now}, 'customer_send', 100 from generate_series(1, ${reserved}::int) as run`.execute(
            tx,
          )
      })
      const rule = ruleBy(name)
      const { rows } = await sql<Spent>`
        select customer_id as id, until from (${quotaSpent(corpId, rule, now)}) spent order by 1`.execute(db)
      await sql`drop table if exists asked_about; create table asked_about as select 1 as customer_id union all select 3`.execute(
        db,
      )
      const { rows: some } = await sql<Spent>`
        select customer_id as id, until from (${quotaSpent(corpId, rule, now, 'asked_about')}) spent order by 1`.execute(
        db,
      )
      expect(some).toEqual(rows.filter(({ id }) => id === 1 || id === 3))
      const spent: Spent[] = []
      for (let id = 1; id < persons; id += 1) {
        const homes = id === 1 ? [1, persons] : [id]
        const facts = await quotaFacts(db, homes, rule(now), now)
        const { left } = quotaOf(rule, facts, now)
        seen.add(left === 0)
        if (left === 0) spent.push({ id, until: quotaFreeAt(rule, facts, now) })
      }
      expect(rows).toEqual(spent)
    }),
    { numRuns: 60 },
  )
  expect([...seen].sort()).toEqual([false, true])
}, 120_000)
