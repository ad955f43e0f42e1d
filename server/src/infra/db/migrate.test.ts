import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { testDatabase } from '../postgres/testing.ts'
import { migrate, migrationsDir } from './migrate.ts'

const { pool } = await testDatabase()

async function folderOf(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'nuanyu-migrations-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text)
  return dir
}

it('what is applied is not applied again', async () => {
  expect((await migrate(pool)).applied).toEqual([])
})

it('two of the same number are refused before anything is applied', async () => {
  const dir = await folderOf({ '0001_a.sql': 'create table a ()', '0001_b.sql': 'create table b ()' })
  await expect(migrate(pool, dir)).rejects.toThrow('0001_a.sql and 0001_b.sql have the same number')
})

it('a file that nobody would apply is refused', async () => {
  await expect(migrate(pool, await folderOf({ '1_a.sql': 'create table a ()' }))).rejects.toThrow('NNNN_')
})

it('a database that is newer than the program is left alone', async () => {
  await expect(migrate(pool, await folderOf({ '0001_a.sql': 'select 1' }))).rejects.toThrow('Use a newer version')
})

it('one that was edited after it was applied is named', async () => {
  const before = await pool.query<{ name: string }>('select name from migrations order by name limit 1')
  const first = before.rows[0]?.name ?? ''
  await pool.query(`update migrations set checksum = 'other' where name = $1`, [first])
  await expect(migrate(pool, migrationsDir)).rejects.toThrow(`Migration ${first} was edited`)
})
