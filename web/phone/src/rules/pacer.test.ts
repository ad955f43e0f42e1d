import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPacer } from './pacer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what is asked while it rests is done once more afterwards, however often it was asked', async () => {
  const done: number[] = []
  const pacer = createPacer(async () => void done.push(Date.now()), 1000)
  pacer.ask()
  await vi.advanceTimersByTimeAsync(10)
  for (let i = 0; i < 5; i += 1) pacer.ask()
  await vi.advanceTimersByTimeAsync(900)
  expect(done).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(200)
  expect(done).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(5000)
  expect(done).toHaveLength(2)
})

test('a work that fails is done again when asked again', async () => {
  let tries = 0
  const pacer = createPacer(async () => {
    tries += 1
    throw new Error('no answer')
  }, 1000)
  pacer.ask()
  await vi.advanceTimersByTimeAsync(1000)
  pacer.ask()
  expect(tries).toBe(2)
})

test('stopped, it does nothing more', async () => {
  let done = 0
  const pacer = createPacer(async () => {
    done += 1
  }, 1000)
  pacer.ask()
  pacer.ask()
  pacer.stop()
  await vi.advanceTimersByTimeAsync(5000)
  pacer.ask()
  expect(done).toBe(1)
})
