import { describe, expect, test } from 'vitest'
import { BudgetExhaustedError } from '../client/errors.ts'
import { type FakeTime, fakeTime } from '../fake-time.ts'
import { limitProfile } from '../limits.ts'
import { memoryBudget } from './memory.ts'
import type { BudgetCall, Priority } from './types.ts'

const welcome = '/cgi-bin/externalcontact/send_welcome_msg'
const get = '/cgi-bin/externalcontact/get'
const batch = '/cgi-bin/externalcontact/batch/get_by_user'
const call = (over: Partial<BudgetCall> = {}): BudgetCall => ({
  corpId: 'ww1',
  path: get,
  priority: 'urgent',
  ...over,
})
const perMinute = (limit: number) => limitProfile({ 'api.corp_per_minute': limit, 'api.concurrent_calls': 100_000 })

/** Makes as many calls as go out at once. */
async function fill(
  budget: ReturnType<typeof memoryBudget>,
  over: Partial<BudgetCall>,
  time: FakeTime,
): Promise<number> {
  for (let made = 0; ; made += 1) {
    try {
      const release = await budget.acquire(call({ ...over, deadline: time.now() }))
      release()
    } catch {
      return made
    }
  }
}

describe('shares', () => {
  test('a welcome may use 97 % of the limit, everything else 85 %', async () => {
    const time = fakeTime()
    const budget = memoryBudget(undefined, time)
    expect(await fill(budget, { path: welcome }, time)).toBe(9_700)
    expect(await fill(budget, { path: get }, time)).toBe(8_500)
    time.advance(60_100)
    expect(await fill(budget, { path: welcome }, time)).toBe(9_700)
  })

  test('the hour’s limit ends a rate that every minute would allow', async () => {
    const time = fakeTime()
    const budget = memoryBudget(undefined, time)
    let sent = 0
    for (let minute = 0; minute < 30; minute += 1) {
      sent += await fill(budget, { path: welcome }, time)
      time.advance(60_100)
    }
    expect(sent).toBe(145_500)
  })

  test('a corp’s own limit is kept', async () => {
    const time = fakeTime()
    const budget = memoryBudget((corpId) => perMinute(corpId === 'ww1' ? 100 : 200), time)
    expect(await fill(budget, { corpId: 'ww1' }, time)).toBe(85)
    expect(await fill(budget, { corpId: 'ww2' }, time)).toBe(170)
  })

  test('corps behind one IP share that IP’s limit', async () => {
    const time = fakeTime()
    const budget = memoryBudget(limitProfile({ 'api.ip_per_minute': 100 }), time)
    expect(await fill(budget, { corpId: 'ww1' }, time)).toBe(85)
    expect(await fill(budget, { corpId: 'ww2' }, time)).toBe(0)
    expect(await fill(budget, { corpId: 'ww2', path: batch }, time)).toBe(85)
  })

  test('an API’s own limit counts where it is below the common one, and exempt ones have none', async () => {
    const time = fakeTime()
    const budget = memoryBudget(limitProfile({ 'api.corp_per_minute': 500 }), time)
    expect(await fill(budget, { path: '/cgi-bin/get_jsapi_ticket' }, time)).toBe(85)
    const exempt = '/cgi-bin/auth/getuserinfo'
    for (let made = 0; made < 1_000; made += 1) (await budget.acquire(call({ path: exempt })))()
    expect(time.slept).toEqual([])
    expect(budget.forecast('ww1', exempt).exhaustedAt).toBeUndefined()
  })

  test('a lower priority leaves room for the higher ones', async () => {
    const time = fakeTime()
    const budget = memoryBudget(perMinute(1_000), time)
    const made: number[] = []
    for (const priority of ['bulk', 'normal', 'interactive', 'urgent'] as const) {
      made.push(await fill(budget, { priority }, time))
    }
    expect(made).toEqual([680, 85, 42, 43])
  })
})

describe('waiting', () => {
  /** A budget of one call at a time, taken; what waits goes on in the returned order once it is released. */
  async function busy() {
    const time = fakeTime()
    const budget = memoryBudget(limitProfile({ 'api.concurrent_calls': 1 }), time)
    const release = await budget.acquire(call())
    const order: string[] = []
    const wait = (name: string, priority: Priority, deadline?: number) =>
      budget.acquire(call({ priority, ...(deadline === undefined ? {} : { deadline: time.now() + deadline }) })).then(
        (done) => {
          order.push(name)
          done()
        },
        () => order.push(`${name} refused`),
      )
    return { release, order, wait }
  }

  test('the higher priority goes first, then the earlier deadline, then who came first', async () => {
    const { release, order, wait } = await busy()
    const all = [
      wait('bulk', 'bulk'),
      wait('normal 1', 'normal'),
      wait('normal 2', 'normal'),
      wait('urgent', 'urgent'),
      wait('interactive', 'interactive'),
    ]
    release()
    await Promise.all(all)
    expect(order).toEqual(['urgent', 'interactive', 'normal 1', 'normal 2', 'bulk'])
  })

  test('whoever’s deadline passes while all places are taken is refused then', async () => {
    const { order, wait, release } = await busy()
    await Promise.all([wait('late', 'urgent', 1_000), wait('later', 'urgent', 2_000)])
    expect(order).toEqual(['late refused', 'later refused'])
    release()
  })

  test('who cannot be in time is refused at once, and told when there is room', async () => {
    const time = fakeTime(1_700_000_000_000)
    const budget = memoryBudget(perMinute(10), time)
    await fill(budget, {}, time)
    const refused = budget.acquire(call({ deadline: time.now() + 20_000 }))
    await expect(refused).rejects.toBeInstanceOf(BudgetExhaustedError)
    await expect(refused).rejects.toMatchObject({ availableAt: 1_700_000_060_100, path: get, corpId: 'ww1' })
    expect(time.slept).toEqual([])
  })

  test('without a deadline the call waits until there is room', async () => {
    const time = fakeTime()
    const budget = memoryBudget(perMinute(10), time)
    const before = time.now()
    await fill(budget, {}, time)
    await budget.acquire(call())
    expect(time.now() - before).toBe(60_100)
  })

  test('a place given back twice is one place', async () => {
    const time = fakeTime()
    const budget = memoryBudget(limitProfile({ 'api.concurrent_calls': 2 }), time)
    const first = await budget.acquire(call({ path: welcome }))
    first()
    first()
    await budget.acquire(call({ path: welcome }))
    expect(budget.forecast('ww1', welcome).running).toBe(1)
  })
})

describe('the platform refused all the same', () => {
  test.each([
    ['minute', 60_000],
    ['hour', 3_600_000],
  ] as const)('a %s’s block is waited out', async (kind, ms) => {
    const time = fakeTime()
    const budget = memoryBudget(undefined, time)
    const before = time.now()
    budget.limited(call(), kind)
    expect(budget.forecast('ww1', get).blockedUntil).toBe(before + ms)
    await budget.acquire(call({ priority: 'bulk' }))
    expect(time.now() - before).toBe(ms)
    await budget.acquire(call({ corpId: 'ww2' }))
    expect(time.now() - before).toBe(ms)
  })

  test('a conflict halves how many run at once; calls without one bring them back', async () => {
    const time = fakeTime()
    const budget = memoryBudget(limitProfile({ 'api.concurrent_listing': 10 }), time)
    const running = async () => {
      const releases: (() => void)[] = []
      const waiting: Promise<unknown>[] = []
      for (let i = 0; i < 12; i += 1) waiting.push(budget.acquire(call({ path: batch })).then((r) => releases.push(r)))
      await new Promise(setImmediate)
      const count = releases.length
      while (budget.forecast('ww1', batch).waiting > 0 || releases.length > 0) {
        for (const release of releases.splice(0)) release()
        await new Promise(setImmediate)
      }
      await Promise.all(waiting)
      return count
    }
    expect(await running()).toBe(8)
    budget.limited({ corpId: 'ww1', path: batch }, 'concurrent')
    expect(await running()).toBe(4)
    for (let i = 0; i < 5; i += 1) budget.limited({ corpId: 'ww1', path: batch }, 'concurrent')
    expect(await running()).toBe(1)
    for (let i = 0; i < 15; i += 1) await running()
    expect(await running()).toBe(8)
  })
})

test('the forecast says when the hour’s budget will end, before it does', async () => {
  const time = fakeTime()
  const budget = memoryBudget(undefined, time)
  for (let minute = 0; minute < 3; minute += 1) {
    await fill(budget, { path: welcome }, time)
    time.advance(60_100)
  }
  expect(budget.forecast('ww1', welcome).exhaustedAt).toBeUndefined()
  await fill(budget, { path: welcome }, time)
  const forecast = budget.forecast('ww1', welcome)
  expect(forecast).toMatchObject({ hour: { used: 38_800, limit: 145_500 }, perMinute: 9_700 })
  expect(forecast.exhaustedAt).toBe(time.now() + 11 * 60_000)
  expect(budget.forecasts().map((one) => one.path)).toEqual([welcome])
})
