import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { followingClock, manualClock } from '../clock.ts'
import { createListener } from '../db/listen.ts'
import { testDatabase } from '../postgres/testing.ts'
import { createDue, type DueItem } from './due.ts'

const { db, pool } = await testDatabase()
const log = pino({ level: 'silent' })
const listener = createListener(pool, log)
const clock = manualClock('2026-11-11T08:00:00+08:00')
const item = (key: string, at: string, payload = {}) => ({ corpId: 1, kind: 'test', key, at: new Date(at), payload })
const newDue = () => createDue({ db, clock, listener, log })

beforeAll(() => listener.start())
afterAll(() => listener.stop())
beforeEach(async () => {
  clock.set('2026-11-11T08:00:00+08:00')
  await db.deleteFrom('due').execute()
})

describe('what is due', () => {
  test('happens when the business clock has reached it, once, in order', async () => {
    const due = newDue()
    const seen: string[] = []
    due.define('test', async (items) => {
      seen.push(...items.map(({ key }) => key))
    })
    await due.schedule(db, [
      item('nine', '2026-11-11T09:00:00+08:00'),
      item('half past eight', '2026-11-11T08:30:00+08:00'),
    ])
    expect(await due.run()).toBe(0)
    clock.set('2026-11-11T09:00:00+08:00')
    expect(await due.run()).toBe(2)
    expect(await due.run()).toBe(0)
    expect(seen).toEqual(['half past eight', 'nine'])
  })

  test('scheduled again under the same key it moves and takes the new payload', async () => {
    const due = newDue()
    const seen: DueItem[] = []
    due.define('test', async (items) => {
      seen.push(...items)
    })
    await due.schedule(db, [item('a', '2026-11-11T08:00:00+08:00', { version: 1 })])
    await due.schedule(db, [item('a', '2026-11-11T09:00:00+08:00', { version: 2 })])
    expect(await due.run()).toBe(0)
    clock.set('2026-11-11T09:00:00+08:00')
    await due.run()
    expect(seen.map(({ payload }) => payload)).toEqual([{ version: 2 }])
  })

  test('two processes never handle the same', async () => {
    const seen: string[] = []
    const workers = [newDue(), newDue()]
    for (const due of workers) {
      due.define('test', async (items) => {
        seen.push(...items.map(({ key }) => key))
      })
    }
    await workers[0]?.schedule(
      db,
      Array.from({ length: 1_200 }, (_, index) => item(`k${index}`, '2026-11-11T07:00:00+08:00')),
    )
    await Promise.all(workers.map((due) => due.run()))
    expect(seen).toHaveLength(1_200)
    expect(new Set(seen).size).toBe(1_200)
  })

  test('one that fails does not hold up the others and is kept', async () => {
    const due = newDue()
    const seen: string[] = []
    due.define('test', async (items) => {
      if (items.some(({ key }) => key === 'bad')) throw new Error('cannot')
      seen.push(...items.map(({ key }) => key))
    })
    await due.schedule(
      db,
      ['a', 'bad', 'b', 'c'].map((key) => item(key, '2026-11-11T08:00:00+08:00')),
    )
    await due.run()
    expect(seen.sort()).toEqual(['a', 'b', 'c'])
    expect(await db.selectFrom('due').select('key').execute()).toEqual([{ key: 'bad' }])
  })

  test('a handler schedules what comes next in its own transaction', async () => {
    const due = newDue()
    due.define('test', async (items, tx) => {
      await due.schedule(
        tx,
        items.map((one) => ({ ...one, at: new Date(one.at.getTime() + 86_400_000) })),
      )
    })
    await due.schedule(db, [item('nightly', '2026-11-11T03:00:00+08:00')])
    expect(await due.run()).toBe(1)
    const [row] = await db.selectFrom('due').select('at').execute()
    expect(row?.at).toEqual(new Date('2026-11-12T03:00:00+08:00'))
  })

  test('what is scheduled while it runs is seen, and so is a jump of the clock', async () => {
    const following = followingClock(() => 0)
    following.follow({ machineMs: 0, businessMs: Date.parse('2026-11-11T08:00:00+08:00'), rate: 0 })
    const due = createDue({ db, clock: following, listener, log })
    const stop = following.onChange(due.wake)
    const handled: (() => void)[] = []
    const next = () => new Promise<void>((resolve) => handled.push(resolve))
    due.define('test', async () => handled.shift()?.())
    due.start()
    let done = next()
    await due.schedule(db, [item('now', '2026-11-11T08:00:00+08:00')])
    await done
    await due.schedule(db, [item('tomorrow', '2026-11-12T08:00:00+08:00')])
    done = next()
    following.follow({ machineMs: 0, businessMs: Date.parse('2026-11-12T08:00:00+08:00'), rate: 0 })
    await done
    stop()
    await due.stop()
  })
})
