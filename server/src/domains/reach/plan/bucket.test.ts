import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { numberArray } from '../../../infra/db/arrays.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { bucketSql } from './bucket.store.ts'
import { bucketOf, buckets, campaignSeed, globalSeed } from './bucket.ts'

const { db } = await testDatabase()

it('memory and database put everybody into the same bucket', async () => {
  const seed = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((one) => one | 1n)
  const person = fc.oneof(fc.integer({ min: 1, max: 10_000_000 }), fc.maxSafeInteger())
  await fc.assert(
    fc.asyncProperty(seed, fc.array(person, { minLength: 1, maxLength: 500 }), async (given, persons) => {
      const { rows } = await sql<{ bucket: number }>`
        select ${bucketSql(given, sql.ref('id'))} as bucket
        from unnest(${numberArray(persons)}::bigint[]) with ordinality as p(id, place) order by place`.execute(db)
      expect(rows.map((row) => row.bucket)).toEqual(persons.map((id) => bucketOf(given, id)))
    }),
    { numRuns: 200 },
  )
})

it('people who came one after the other are spread evenly, and apart from each other by another seed', () => {
  const [one, other] = [campaignSeed('a'), campaignSeed('b')]
  const persons = Array.from({ length: 100_000 }, (_, place) => place + 1)
  const held = persons.filter((id) => bucketOf(one, id) < buckets / 20)
  // five standard deviations of a fair draw
  expect(Math.abs(held.length - 5_000)).toBeLessThan(345)
  const again = held.filter((id) => bucketOf(other, id) < buckets / 20)
  expect(Math.abs(again.length - held.length / 20)).toBeLessThan(80)
})

it('everybody’s holdout is another in another quarter and for another corp', () => {
  expect(globalSeed(1, '2026-01-01')).toBe(globalSeed(1, '2026-03-31'))
  expect(new Set([globalSeed(1, '2026-03-31'), globalSeed(1, '2026-04-01'), globalSeed(2, '2026-04-01')]).size).toBe(3)
})
