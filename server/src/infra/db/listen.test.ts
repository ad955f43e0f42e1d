import { afterAll, expect, test } from 'vitest'
import { createLog } from '../log.ts'
import { testDatabase } from '../postgres/testing.ts'
import { createListener, notify } from './listen.ts'

const { db, pool } = await testDatabase()
pool.on('connect', (client) => client.on('error', () => undefined))
const listener = createListener(pool, createLog('silent'))
afterAll(() => listener.stop())

function heard(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const stop = listener.on('nuanyu_apps', (payload) => {
      stop()
      resolve(payload)
    })
  })
}

test('word comes when the transaction commits, never when it rolls back', async () => {
  await listener.start()
  const word = heard()
  await db
    .transaction()
    .execute(async (tx) => {
      await notify(tx, 'nuanyu_apps', 'rolled back')
      throw new Error('no')
    })
    .catch(() => undefined)
  await db.transaction().execute((tx) => notify(tx, 'nuanyu_apps', '7'))
  expect(await word).toBe('7')
})

test('after a lost connection it listens again and says that something may have been missed', async () => {
  const word = heard()
  await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()`,
  )
  expect(await word).toBeUndefined()
  const next = heard()
  await notify(db, 'nuanyu_apps', '8')
  expect(await next).toBe('8')
})
