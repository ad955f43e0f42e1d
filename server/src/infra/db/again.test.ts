import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '../postgres/testing.ts'
import { transactionAgain } from './again.ts'

const { db } = await testDatabase()

test('of two transactions that wait for each other, the one that PostgreSQL ends is done again, and both come to their end', async () => {
  await sql`create table pair (id integer primary key, n integer not null)`.execute(db)
  await sql`insert into pair values (1, 0), (2, 0)`.execute(db)
  const bothHold = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const atTheirEnd = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let tries = 0
  const add = async (first: number, second: number, at: number) => {
    let mine = 0
    await transactionAgain(db, async (tx) => {
      tries += 1
      mine += 1
      // done again, it lets the other one go first: they could meet once more
      if (mine > 1) await atTheirEnd[1 - at]?.promise
      await sql`update pair set n = n + 1 where id = ${first}`.execute(tx)
      bothHold[at]?.resolve()
      await bothHold[1 - at]?.promise
      await sql`update pair set n = n + 1 where id = ${second}`.execute(tx)
    })
    atTheirEnd[at]?.resolve()
  }
  await Promise.all([add(1, 2, 0), add(2, 1, 1)])
  const { rows } = await sql<{ n: number }>`select n from pair order by id`.execute(db)
  expect(rows).toEqual([{ n: 2 }, { n: 2 }])
  expect(tries).toBe(3)
})

test('any other failure is not repeated', async () => {
  let tries = 0
  const work = transactionAgain(db, async (tx) => {
    tries += 1
    await sql`select 1 / 0`.execute(tx)
  })
  await expect(work).rejects.toThrow(/division by zero/)
  expect(tries).toBe(1)
})
