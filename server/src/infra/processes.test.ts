import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { openDatabase } from './db/database.ts'
import { testDatabase } from './postgres/testing.ts'
import { proxyTo } from './postgres/testing-proxy.ts'
import { registerProcess } from './processes.ts'

const database = await testDatabase()
const locks = async () =>
  (
    await sql<{ id: number }>`
      select objid::int as id from pg_locks where locktype = 'advisory' and classid = 1 and granted
        and database = (select oid from pg_database where datname = current_database())`.execute(database.db)
  ).rows.map((row) => row.id)

const claim = (processId: number) =>
  sql`insert into inbox_batches (process_id, received_at, size, first_id, last_id) values (${processId}, now(), 1, 1, 1)`.execute(
    database.db,
  )

it('a process is alive for the others until it is gone, and takes its lock again when the database was away', async () => {
  const proxy = await proxyTo(database.url)
  const open = openDatabase(proxy.url, { max: 4 })
  const lost: Error[] = []
  const mine = await registerProcess(open.db, open.pool, 'http', (error) => lost.push(error))
  const other = await registerProcess(database.db, database.pool, 'worker', () => undefined)
  await claim(mine.id)
  expect(await other.deadOwners()).toEqual([])
  for (let times = 1; times <= 3; times += 1) {
    proxy.cut()
    await expect.poll(locks).toEqual([other.id])
    proxy.restore()
    await expect.poll(locks).toHaveLength(2)
    expect(lost).toHaveLength(times)
  }
  expect(await other.deadOwners()).toEqual([])
  await mine.leave()
  // nobody waits for the lock on a connection that nobody gives back
  await open.close()
  await proxy.close()
  await expect.poll(() => other.deadOwners()).toEqual([mine.id])
  await other.leave()
})
