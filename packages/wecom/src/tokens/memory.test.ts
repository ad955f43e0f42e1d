import { expect, test } from 'vitest'
import { fakeTime } from '../fake-time.ts'
import { memoryTokenStore } from './memory.ts'

const hour = 3_600_000

test('one fetch serves all who ask, and a failed one is tried anew by the next', async () => {
  const time = fakeTime()
  const store = memoryTokenStore(time.now)
  let fetches = 0
  const failing = async () => {
    fetches += 1
    throw new Error('away')
  }
  const failed = await Promise.allSettled([store.fetchOnce('k', failing), store.fetchOnce('k', failing)])
  expect(failed.map((one) => one.status)).toEqual(['rejected', 'rejected'])
  expect(fetches).toBe(1)
  const fetcher = async () => ({ token: `t${fetches}`, expiresAt: time.now() + hour })
  expect(await store.fetchOnce('k', fetcher)).toMatchObject({ token: 't1' })
  expect(await store.fetchOnce('k', failing)).toMatchObject({ token: 't1' })
  expect(await store.get('other')).toBeUndefined()
})

test('an expired token is none', async () => {
  const time = fakeTime()
  const store = memoryTokenStore(time.now)
  await store.fetchOnce('k', async () => ({ token: 'old', expiresAt: time.now() + hour }))
  time.advance(hour)
  expect(await store.get('k')).toBeUndefined()
  expect(await store.fetchOnce('k', async () => ({ token: 'new', expiresAt: time.now() + hour }))).toMatchObject({
    token: 'new',
  })
})

test('dropping a bad token leaves a newer one alone', async () => {
  const time = fakeTime()
  const store = memoryTokenStore(time.now)
  await store.fetchOnce('k', async () => ({ token: 'new', expiresAt: time.now() + hour }))
  await store.drop('k', 'old')
  expect(await store.get('k')).toMatchObject({ token: 'new' })
  await store.drop('k', 'new')
  expect(await store.get('k')).toBeUndefined()
})

test('a circuit stays open until it is closed', async () => {
  const store = memoryTokenStore()
  expect(await store.circuit('k')).toBeUndefined()
  await store.openCircuit('k', '40001')
  expect(await store.circuit('k')).toBe('40001')
  await store.closeCircuit('k')
  expect(await store.circuit('k')).toBeUndefined()
})
