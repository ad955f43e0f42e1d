import { BudgetExhaustedError, limitProfile } from '@nuanyu/wecom'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createListener } from '../db/listen.ts'
import { testDatabase } from '../postgres/testing.ts'
import { databaseLeases } from './budget.store.ts'
import { createSharedBudget } from './budget.ts'
import type { BudgetKey } from './leases.ts'
import type { Ask } from './rules.ts'

const { db, pool } = await testDatabase()
const log = pino({ level: 'silent' })
const listener = createListener(pool, log)
const source = databaseLeases({ db, listener })
const rule = { perMinute: 9_700, perHour: 145_500 }
const ask: Ask = { want: 20, rule, sharers: 1, returned: [], spent: [] }
const keyOf = (api: string): BudgetKey => ({ corpId: 1, source: '', api })

beforeAll(() => listener.start())
afterAll(() => listener.stop())

describe('leases in the database', () => {
  test('no moment is given out twice, however many processes ask at the same time', async () => {
    const leases = await Promise.all(Array.from({ length: 12 }, () => source.lease(keyOf('/moments'), ask)))
    const moments = leases.flatMap(({ first, interval, count }) =>
      Array.from({ length: count }, (_, index) => Math.round((first + index * interval) * 10)),
    )
    expect(moments.length).toBeGreaterThan(40)
    expect(new Set(moments).size).toBe(moments.length)
    const sorted = [...moments].sort((a, b) => a - b)
    const gaps = sorted.slice(1).map((at, index) => at - (sorted[index] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(Math.floor((60_600 / 9_700) * 10) - 1)
  })

  test('the hour counts what was leased less what came back', async () => {
    const key = keyOf('/hour')
    const first = await source.lease(key, ask)
    await source.lease(key, {
      ...ask,
      want: 0,
      returned: [{ minute: first.minute, count: 5 }],
      spent: [{ minute: first.minute, count: 2 }],
    })
    const { counts } = await source.history(key)
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(first.count - 5 + 2)
  })

  test('an hour that is used up says when the next call may go out', async () => {
    const key = keyOf('/full')
    const small = { ...ask, rule: { perMinute: 9_700, perHour: 30 } }
    const [first, second, third] = [
      await source.lease(key, small),
      await source.lease(key, small),
      await source.lease(key, small),
    ]
    expect((first?.count ?? 0) + (second?.count ?? 0)).toBe(30)
    expect(third?.count).toBe(0)
    expect(third?.hourFreeAt).toBeGreaterThan((third?.now ?? 0) + 59 * 60_000)
  })

  test('a block made by one process is told to the others and kept in the row', async () => {
    const key = keyOf('/blocked')
    const told = new Promise<BudgetKey | undefined>((resolve) => {
      const stop = source.onBlock((blocked) => {
        stop()
        resolve(blocked)
      })
    })
    await source.block(key, 60_000)
    expect(await told).toEqual(key)
    const lease = await source.lease(key, ask)
    expect(lease.count).toBe(0)
    expect(lease.blockedUntil).toBeGreaterThan(lease.now + 59_000)
  })

  test('calls go out through it, and a refusal of the platform refuses the next ones', async () => {
    const path = '/cgi-bin/externalcontact/send_welcome_msg'
    const limits = limitProfile()
    const [one, other] = [createSharedBudget({ source, log }), createSharedBudget({ source, log })]
    const ofOne = one.of(7, limits)
    const ofOther = other.of(7, limits)
    const call = { corpId: 'ww', path, priority: 'urgent' } as const
    const releases = await Promise.all(Array.from({ length: 30 }, () => ofOne.acquire(call)))
    for (const release of releases) release()
    const { usedHour } = await one.forecast(7, path, limits)
    // what was asked for to spare comes back when it was not used in time
    expect(usedHour).toBeGreaterThanOrEqual(30)
    expect(usedHour).toBeLessThanOrEqual(50)

    const told = new Promise<void>((resolve) => {
      const stop = source.onBlock(() => {
        stop()
        resolve()
      })
    })
    ofOne.limited(call, 'minute')
    await told
    const refusal = await ofOther.acquire({ ...call, deadline: Date.now() + 3_000 }).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(BudgetExhaustedError)
    one.stop()
    other.stop()
  })

  test('only processes that live and may call count as sharers', async () => {
    await pool.query(`insert into processes (roles, started_at, machine_pid) values
      ('http,worker', now(), 1), ('worker', now(), 2), ('sandbox', now(), 3), ('http', now(), 4)`)
    const { rows } = await pool.query<{ id: number }>('select id from processes order by machine_pid limit 3')
    const life = await pool.connect()
    for (const { id } of rows) await life.query('select pg_advisory_lock(1, $1)', [id])
    expect((await source.survey()).processes).toBe(2)
    life.release(true)
  })
})
