import { limitProfile } from '@nuanyu/wecom'
import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { noteFulls, quotaFacts, quotaLeft } from './quota.store.ts'
import { capModes, quotaAt, quotaOf } from './quota.ts'
import { channels, type Touch } from './touch.ts'
import { recordTouches } from './touches.store.ts'

const { db } = await testDatabase()
const corpId = 1
const mode = (name: string) => limitProfile({ 'broadcast.cap_mode': name })
const second = (iso: string) => Date.parse(iso) / 1000

it('is as many a month as the month has days, seven in any seven days, one a day, or four of the corp a month', () => {
  const at = new Date('2026-02-28T15:59:59Z')
  const month = { since: second('2026-01-31T16:00:00Z'), renewed: second('2026-02-28T16:00:00Z') }
  expect(quotaAt(mode('monthly_days'), at)).toEqual({ mode: 'monthly_days', most: 28, ...month, ownCount: true })
  expect(quotaAt(mode('legacy_4_per_month'), at)).toEqual({
    ...{ mode: 'legacy_4_per_month', most: 4, ...month, ownCount: false },
  })
  const day = { since: second('2026-02-27T16:00:00Z'), renewed: second('2026-02-28T16:00:00Z') }
  expect(quotaAt(mode('daily_1'), at)).toEqual({ mode: 'daily_1', most: 1, ...day, ownCount: true })
  const since = second('2026-02-21T16:00:00Z')
  expect(quotaAt(mode('weekly_7'), at)).toEqual({ mode: 'weekly_7', most: 7, since, renewed: null, ownCount: true })
})

it('a refusal says that the rest was used by others, until the platform’s month is over', () => {
  const sent = ['2026-11-03T02:00:00Z', '2026-11-05T02:00:00Z'].map(second)
  const facts = { sent, reserved: 1, fullAt: new Date('2026-11-06T02:00:00Z') }
  expect(quotaOf(mode('monthly_days'), facts, new Date('2026-11-05T12:00:00Z'))).toEqual({
    ...{ most: 30, known: 2, reserved: 1, unknown: 0, left: 27 },
  })
  const after = quotaOf(mode('monthly_days'), facts, new Date('2026-11-20T02:00:00Z'))
  expect(after).toEqual({ most: 30, known: 2, reserved: 1, unknown: 28, left: 0 })
  const next = quotaOf(mode('monthly_days'), facts, new Date('2026-11-30T16:00:00Z'))
  expect(next).toEqual({ most: 31, known: 0, reserved: 1, unknown: 0, left: 30 })
})

it('a send that becomes known after the refusal takes the place of an unknown one', () => {
  const at = new Date('2026-11-20T02:00:00Z')
  const fullAt = new Date('2026-11-20T01:00:00Z')
  const before = quotaOf(mode('weekly_7'), { sent: [], reserved: 0, fullAt }, at)
  const learnt = quotaOf(mode('weekly_7'), { sent: [second('2026-11-19T01:00:00Z')], reserved: 0, fullAt }, at)
  expect([before.unknown, learnt.unknown, learnt.known, learnt.left]).toEqual([7, 6, 1, 0])
})

const now = new Date('2026-11-20T02:30:00Z')
const persons = 5

beforeAll(async () => {
  await sql`insert into corps (id, corpid, name, created_at, time_zone) overriding system value values (${corpId}, 'ww1', 'c', now(), 'Asia/Shanghai')`.execute(
    db,
  )
  await sql`insert into customers (id, corp_id, merged_into, created_at)
    select id, ${corpId}, case when id = ${persons} then 1 end, now() from generate_series(1, ${persons}) as id`.execute(
    db,
  )
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
        // of a merged person the plan looks at each home's refusal by itself, and is the more cautious for it
        const fulls = people.flatMap(({ full }, place) =>
          full === null || place === 0 || place === persons - 1
            ? []
            : [{ customerId: place + 1, at: new Date(now.getTime() - full * hour) }],
        )
        await noteFulls(tx, corpId, fulls)
        for (const [place, { reserved }] of people.entries())
          await sql`insert into touch_reservations (customer_id, run_id, corp_id, at, channel, weight)
            select ${place + 1}, run, ${corpId}, ${now}, 'customer_send', 100 from generate_series(1, ${reserved}::int) as run`.execute(
            tx,
          )
      })
      const [frame, bySets] = await db.transaction().execute(async (tx) => {
        const frame = await quotaLeft(tx, corpId, now)
        const { rows } = await sql<{ id: number }>`select customer_id as id from quota_spent order by 1`.execute(tx)
        return [frame, rows.map((row) => row.id)] as const
      })
      const spent: number[] = []
      for (let id = 1; id < persons; id += 1) {
        const homes = id === 1 ? [1, persons] : [id]
        const { left } = quotaOf(mode(name), await quotaFacts(db, homes, frame, now), now)
        seen.add(left === 0)
        if (left === 0) spent.push(id)
      }
      expect(bySets).toEqual(spent)
    }),
    { numRuns: 60 },
  )
  expect([...seen].sort()).toEqual([false, true])
}, 120_000)
