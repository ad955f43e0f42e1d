import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { testDatabase } from '../postgres/testing.ts'
import { numberArray, textArray } from './arrays.ts'

const { db } = await testDatabase()

it('arrays are read as they were given, whatever stands in them', async () => {
  // neither a zero character nor half of a surrogate pair can be kept as text
  const text = fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('\0') && one.isWellFormed())
  const rows = fc.array(fc.tuple(fc.option(text), fc.option(fc.maxSafeInteger())), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(rows, async (given) => {
      const texts = given.map(([one]) => one)
      const numbers = given.map(([, one]) => one)
      const { rows: read } = await sql<{ texts: unknown; numbers: unknown }>`
        select ${textArray(texts)}::text[] as texts, to_json(${numberArray(numbers)}::bigint[]) as numbers`.execute(db)
      expect(read).toEqual([{ texts, numbers }])
    }),
    { numRuns: 50 },
  )
})

it('quotes, backslashes, commas, braces and the word NULL are text', async () => {
  const given = ['"', '\\', 'a,b', '{}', 'NULL', '', ' ', '\n', null]
  const { rows } = await sql<{ texts: unknown }>`select ${textArray(given)}::text[] as texts`.execute(db)
  expect(rows[0]?.texts).toEqual(given)
})
