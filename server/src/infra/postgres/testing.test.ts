import pg from 'pg'
import { expect, test } from 'vitest'
import { testDatabase } from './testing.ts'

const first = await testDatabase()
const second = await testDatabase()

test('a test file gets a migrated, empty database of its own', async () => {
  const migrations = await first.pool.query('select count(*)::int as n from migrations')
  expect(migrations.rows[0]?.n).toBeGreaterThan(0)
  await first.pool.query('create table only_here (n int)')
  const elsewhere = await second.pool.query(`select to_regclass('only_here') as found`)
  expect(elsewhere.rows[0]?.found).toBeNull()
})

test('the address leads to the same database for those who connect by themselves', async () => {
  const client = new pg.Client({ connectionString: first.url })
  await client.connect()
  const found = await client.query(`select to_regclass('only_here') is not null as here`)
  await client.end()
  expect(found.rows[0]?.here).toBe(true)
})
