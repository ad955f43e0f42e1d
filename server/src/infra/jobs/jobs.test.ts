import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLog } from '../log.ts'
import { until } from '../postgres/processes.ts'
import { testDatabase } from '../postgres/testing.ts'
import { createJobs } from './jobs.ts'

const { db, pool } = await testDatabase()
pool.on('connect', (client) => client.on('error', () => undefined))
const jobs = createJobs({ pool, log: createLog('silent') })
const done: unknown[] = []
let told: (() => void) | undefined

const breakAll = () =>
  pool.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
/** Asking may meet a broken connection itself. */
const empty = () =>
  pool.query('select from graphile_worker._private_jobs').then(
    ({ rowCount }) => rowCount === 0,
    () => false,
  )
jobs.define('break', async (payload) => {
  await Promise.allSettled([pool.query('select 1'), pool.query('select 1'), breakAll()])
  done.push(payload)
})
jobs.define('note', async (payload) => {
  done.push(payload)
  told?.()
})
const next = () =>
  new Promise<void>((resolve) => {
    told = resolve
  })

beforeAll(async () => {
  await jobs.migrate()
  await jobs.start()
})
afterAll(() => jobs.stop())

describe('jobs', () => {
  test('run when the transaction that made them commits, and never when it rolls back', async () => {
    const ran = next()
    await db
      .transaction()
      .execute(async (tx) => {
        await jobs.enqueue(tx, 'note', { from: 'rolled back' })
        throw new Error('no')
      })
      .catch(() => undefined)
    await db.transaction().execute((tx) => jobs.enqueue(tx, 'note', { from: 'committed' }))
    await ran
    expect(done.splice(0)).toEqual([{ from: 'committed' }])
  })

  test('a waiting job of the same key is replaced', async () => {
    const ran = next()
    await db.transaction().execute(async (tx) => {
      await jobs.enqueue(tx, 'note', { turn: 1 }, { key: 'one' })
      await jobs.enqueue(tx, 'note', { turn: 2 }, { key: 'one' })
    })
    await ran
    expect(done.splice(0)).toEqual([{ turn: 2 }])
  })

  test('work goes on after all connections broke', async () => {
    await breakAll()
    const ran = next()
    await jobs.enqueue(db, 'note', { after: 'the break' })
    await ran
    expect(done.splice(0)).toEqual([{ after: 'the break' }])
  })

  test('a job in whose time all connections broke is completed all the same, and runs once', async () => {
    await jobs.enqueue(db, 'break', { at: 'its end' })
    expect(await until(empty, 10_000)).toBe(true)
    expect(done.splice(0)).toEqual([{ at: 'its end' }])
  })

  test('a job defined after the start is a mistake of the programmer', () => {
    expect(() => jobs.define('late', async () => undefined)).toThrow(/after the queue was started/)
  })
})
