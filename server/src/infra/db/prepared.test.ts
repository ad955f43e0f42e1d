import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { testDatabase } from '../postgres/testing.ts'
import { openDatabase } from './database.ts'
import { prepared } from './prepared.ts'

const { url } = await testDatabase()

it('a connection keeps what is marked, answers it with other values, and keeps nothing else', async () => {
  const { db, close } = openDatabase(url, { max: 1 })
  const twice = async (value: number) => {
    const { rows } = await sql<{ twice: number }>`${prepared} select ${value}::int * 2 as twice`.execute(db)
    return rows
  }
  expect([await twice(2), await twice(21)]).toEqual([[{ twice: 4 }], [{ twice: 42 }]])
  await sql`select ${1}::int`.execute(db)
  const kept = await sql<{ name: string }>`select name from pg_prepared_statements`.execute(db)
  expect(kept.rows).toHaveLength(1)
  // in a transaction, and after a statement of it failed
  await expect(
    db.transaction().execute(async (tx) => sql`${prepared} select ${'x'}::text::int`.execute(tx)),
  ).rejects.toThrow('invalid input syntax')
  expect(await twice(3)).toEqual([{ twice: 6 }])
  await close()
})
