import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { channels, packed, secondOf, type Touch } from './touch.ts'
import { feltBetween, recordTouches } from './touches.store.ts'

const { db } = await testDatabase()
const start = Date.parse('2026-11-01T00:00:00Z')
const day = 86_400_000

const record = (touches: readonly Touch[]) => db.transaction().execute((tx) => recordTouches(tx, touches))
const base = { corpId: 1, channel: 'customer_send', kind: 'marketing' } as const

afterEach(() => sql`truncate touches, recent_touches`.execute(db))

async function recent(): Promise<ReadonlyMap<number, readonly number[]>> {
  const { rows } = await sql<{ id: number; latest: number[] }>`
    select customer_id as id, to_json(latest) as latest from recent_touches`.execute(db)
  return new Map(rows.map(({ id, latest }) => [id, latest]))
}

it('a touch that is told again counts once, in the ledger and in what is kept of a person', async () => {
  const touch: Touch = { ...base, customerId: 1, at: new Date(start), effect: 'send:1' }
  await record([touch, touch])
  await record([touch, { ...touch, effect: 'send:2' }])
  expect(await db.selectFrom('touches').select('effect').orderBy('effect').execute()).toEqual([
    { effect: 'send:1' },
    { effect: 'send:2' },
  ])
  expect((await recent()).get(1)).toHaveLength(2)
})

it('a touch of service is in the ledger and not among those that count', async () => {
  await record([
    { ...base, customerId: 1, at: new Date(start), effect: 'welcome:1', channel: 'welcome', kind: 'service' },
  ])
  expect(await db.selectFrom('touches').select(['kind', 'weight']).execute()).toEqual([{ kind: 'service', weight: 50 }])
  expect(await recent()).toEqual(new Map())
})

it('what is kept of a person is what the ledger says of his last 31 days, in any order and any batches of arrival', async () => {
  const touch = fc.record({
    customerId: fc.integer({ min: 1, max: 3 }),
    second: fc.integer({ min: 0, max: 70 * 86_400 }),
    channel: fc.constantFrom(...channels),
    kind: fc.constantFrom('marketing', 'service'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(touch, { maxLength: 12 }), { maxLength: 6 }), async (batches) => {
      await sql`truncate touches, recent_touches`.execute(db)
      for (const [batch, touches] of batches.entries())
        await record(
          touches.map(({ customerId, second, channel, kind }, place) => {
            const at = new Date(start + second * 1000)
            return { corpId: 1, customerId, at, effect: `${batch}:${place}`, channel, kind }
          }),
        )
      const kept = await recent()
      for (const customerId of [1, 2, 3]) {
        const all = await feltBetween(db, [customerId], new Date(0), new Date(start + 80 * day))
        const newest = all[0]?.second ?? 0
        const expected = all.filter(({ second }) => second > newest - 31 * 86_400).map(packed)
        expect(kept.get(customerId) ?? []).toEqual(expected.sort((a, b) => b - a))
      }
    }),
    { numRuns: 40 },
  )
})

it('seconds are whole, so that memory and arrays mean the same moment', () => {
  expect(secondOf(new Date('2026-11-11T10:00:00.999+08:00'))).toBe(Date.parse('2026-11-11T02:00:00Z') / 1000)
})
