import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { countMembers, foldChanges } from '../counts/counts.store.ts'
import { noteChanges } from '../kept/changes.store.ts'
import { valueCustomers } from './rfm.jobs.ts'
import type { Tier } from './rfm.schema.ts'
import { latestSnapshot, outgrown, takeSnapshot } from './rfm.store.ts'
import { recencyOf, scoresOf } from './rfm.ts'
import { writeTiers } from './value.store.ts'
import { defaultTiers, tierFaults, tierOf } from './value.ts'

const { db } = await testDatabase()
const today = 20_650
const at = new Date(today * 86_400_000)
const corpId = 1

beforeEach(async () => {
  for (const table of [
    'rfm_people',
    'rfm_snapshots',
    'value_tiers',
    'audience_orders',
    'audience_buyers',
    'audience_bits',
    'audience_changes',
  ])
    await db.deleteFrom(table as 'rfm_people').execute()
  await db.deleteFrom('audience_people').execute()
  await db.deleteFrom('events').execute()
})

interface Bought {
  readonly day: number
  readonly net: number
}

const buy = (people: readonly (readonly Bought[])[], first = 1) =>
  db.transaction().execute((tx) =>
    noteChanges(
      tx,
      corpId,
      people.flatMap((orders, index) =>
        orders.map(({ day, net }, order) => ({
          ...({ customerId: first + index, kind: 'order', id: (first + index) * 100 + order } as const),
          order: { id: 0, day, net, lines: [] },
        })),
      ),
    ),
  )
const refresh = (tiers: readonly Tier[] = defaultTiers, day = today) =>
  db.transaction().execute((tx) => takeSnapshot(tx, corpId, tiers, { today: day, at, cause: 'test' }))
const kept = () =>
  db
    .selectFrom('rfm_people as v')
    .innerJoin('audience_people as p', 'p.person_no', 'v.person_no')
    .select(['p.customer_id', 'v.last_day', 'v.orders', 'v.net', 'v.r', 'v.f', 'v.m', 'v.tier'])
    .orderBy('p.customer_id')
    .execute()
const told = async () =>
  (await db.selectFrom('events').select(['kind', 'customer_id', 'payload']).orderBy('id').execute()).map((event) => ({
    ...event,
    payload: z.looseObject({}).parse(event.payload),
  }))

const histories = fc.array(
  fc.array(
    fc.record({ day: fc.integer({ min: today - 600, max: today + 2 }), net: fc.integer({ min: 0, max: 900 }) }),
    {
      maxLength: 6,
    },
  ),
  { minLength: 1, maxLength: 40 },
)
const spanOf = (most: number) =>
  fc.option(fc.record({ from: fc.integer({ min: 1, max: most }), to: fc.integer({ min: 1, max: most }) }), {
    nil: undefined,
  })
const tierLists: fc.Arbitrary<Tier[]> = fc
  .array(fc.record({ r: spanOf(5), f: spanOf(5), m: spanOf(5), net: spanOf(2_000) }), { minLength: 1, maxLength: 4 })
  .map((list) => list.map((when, index) => ({ id: `t${index}`, name: `层 ${index}`, when })))

describe('RFM', () => {
  it('is the recency of the last order, and count and net of 365 days: older ones tell of recency alone', async () => {
    await buy([
      [{ day: today - 400, net: 900 }],
      [
        { day: today - 364, net: 10 },
        { day: today - 2, net: 30 },
      ],
      [{ day: today - 365, net: 5 }],
    ])
    await refresh()
    expect(await kept()).toMatchObject([
      { customer_id: 1, last_day: today - 400, orders: 0, net: 0 },
      { customer_id: 2, last_day: today - 2, orders: 2, net: 40 },
      { customer_id: 3, last_day: today - 365, orders: 0, net: 0 },
    ])
  })

  it('gives fifths of the buyers one to five, and equal values the same score', async () => {
    await buy(Array.from({ length: 10 }, (_, index) => [{ day: today - index * 10, net: (index + 1) * 100 }]))
    await refresh()
    const rows = await kept()
    expect(rows.map((row) => row.r)).toEqual([5, 5, 4, 4, 3, 3, 2, 2, 1, 1])
    expect(rows.map((row) => row.m)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    // everybody bought once: nobody bought more often than others
    expect(new Set(rows.map((row) => row.f))).toEqual(new Set([1]))
  })

  it('stores when it was taken, over how many buyers and with which bounds', async () => {
    await buy([[{ day: today, net: 100 }]])
    await refresh()
    expect(await latestSnapshot(db, corpId)).toMatchObject({
      day: today,
      at,
      buyers: 1,
      bounds: { m: [100, 100, 100, 100] },
    })
  })

  it('of nobody is nothing, and does not fail', async () => {
    expect(await refresh()).toEqual({ buyers: 0, moved: 0 })
  })

  it('gets new fifths before the night once a young corp has more than twice the buyers', async () => {
    await refresh()
    expect(await outgrown(db, corpId)).toBe(false)
    await buy([[{ day: today, net: 100 }]])
    expect(await outgrown(db, corpId)).toBe(true)
    await refresh()
    await buy([[{ day: today, net: 100 }]], 2)
    expect(await outgrown(db, corpId)).toBe(false)
    await buy([[{ day: today, net: 100 }]], 3)
    expect(await outgrown(db, corpId)).toBe(true)
  })

  it('is scored by SQL as in memory, with tiers of any kind, for all and for single persons', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(histories, tierLists, async (people, tiers) => {
        for (const table of ['rfm_people', 'rfm_snapshots', 'audience_orders', 'audience_buyers'] as const)
          await db.deleteFrom(table).execute()
        await buy(people)
        await refresh(tiers)
        const rows = await kept()
        const { bounds = { r: [], f: [], m: [] } } = (await latestSnapshot(db, corpId)) ?? {}
        for (const row of rows) {
          const scores = scoresOf({ lastDay: row.last_day, orders: row.orders, net: row.net }, bounds, today)
          expect(row).toMatchObject({ ...scores, tier: tierOf(scores, row.net, tiers) ?? null })
          expect(recencyOf(row.last_day, today)).toBeGreaterThanOrEqual(0)
        }
        expect(rows.map((row) => row.customer_id)).toEqual(
          people.flatMap((orders, at) => (orders.length > 0 ? [at + 1] : [])),
        )
        // single persons come to the same; nothing is news
        await db.deleteFrom('events').execute()
        const by = { at, account: '00000000-0000-7000-8000-000000000000' }
        await db.transaction().execute((tx) => writeTiers(tx, corpId, tiers, by))
        await db.transaction().execute((tx) =>
          valueCustomers(
            tx,
            corpId,
            people.map((_, index) => index + 1),
            at,
          ),
        )
        expect(await kept()).toEqual(rows)
        expect(await told()).toEqual([])
      }),
      { numRuns: 25 },
    )
  })
})

describe('value tiers', () => {
  const byNet: readonly Tier[] = [
    { id: 'high', name: '高', when: { net: { from: 1_000 } } },
    { id: 'rest', name: '其他', when: {} },
  ]
  const inTier = (id: string) =>
    countMembers(db, corpId, { is: 'tier', any: [id] }, today).then((counted) => counted.count)
  const persons = (count: number) =>
    db.transaction().execute((tx) =>
      noteChanges(
        tx,
        corpId,
        Array.from(
          { length: count },
          (_, index) => ({ customerId: index + 1, kind: 'person', present: true }) as const,
        ),
      ),
    )

  it('stand in the marks of audiences, folded or not, and move with the buyer', async () => {
    await persons(2)
    await buy([[{ day: today, net: 2_000 }], [{ day: today, net: 10 }]])
    await refresh(byNet)
    expect([await inTier('high'), await inTier('rest')]).toEqual([1, 1])
    await buy(
      [
        [
          { day: today, net: 1_500 },
          { day: today, net: 10 },
        ],
      ],
      2,
    )
    await db
      .transaction()
      .execute((tx) => writeTiers(tx, corpId, byNet, { at, account: '00000000-0000-7000-8000-000000000000' }))
    await db.transaction().execute((tx) => valueCustomers(tx, corpId, [2], at))
    expect([await inTier('high'), await inTier('rest')]).toEqual([2, 0])
    await foldChanges(db, corpId)
    expect([await inTier('high'), await inTier('rest')]).toEqual([2, 0])
    expect(await told()).toMatchObject([
      { kind: 'tier.changed', customer_id: 2, payload: { tier: 'high', from: 'rest', name: '高', recomputed: false } },
    ])
  })

  it('the first snapshot tells nobody; a later one tells real changes alone, marked as computed anew', async () => {
    await buy([[{ day: today, net: 2_000 }], [{ day: today, net: 10 }]])
    await refresh(byNet)
    await refresh(byNet)
    expect(await told()).toEqual([])
    await refresh(byNet, today + 400)
    expect(await told()).toMatchObject([
      { kind: 'tier.changed', customer_id: 1, payload: { tier: 'rest', from: 'high', recomputed: true } },
    ])
  })

  it('who has no paid order any more has no value and no tier', async () => {
    await persons(1)
    await buy([[{ day: today, net: 2_000 }]])
    await refresh(byNet)
    const order = { customerId: 1, kind: 'order', id: 100, order: null } as const
    await db.transaction().execute((tx) => noteChanges(tx, corpId, [order]))
    await db.transaction().execute((tx) => valueCustomers(tx, corpId, [1], at))
    expect(await kept()).toEqual([])
    expect(await inTier('high')).toBe(0)
    expect(await told()).toMatchObject([{ kind: 'tier.changed', payload: { tier: null, from: 'high' } }])
  })

  it('that nobody can reach, or that contradict themselves, are refused with why', () => {
    expect(tierFaults(defaultTiers)).toEqual([])
    expect(
      tierFaults([
        { id: 'a', name: '全部', when: {} },
        { id: 'b', name: '其余', when: {} },
      ])[0]?.zh,
    ).toContain('后面的层级')
    expect(tierFaults([{ id: 'a', name: '反', when: { r: { from: 4, to: 2 } } }])[0]?.zh).toContain('下限大于上限')
  })
})
