import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createRounds } from './rounds.ts'

const warnings: string[] = []
const log = { warn: (_fields: unknown, message: string) => void warnings.push(message) }

/** A pass that ends when it is told to. */
function held() {
  const ends: (() => void)[] = []
  let begun = 0
  return {
    pass: () => {
      begun += 1
      return new Promise<void>((resolve) => ends.push(resolve))
    },
    begun: () => begun,
    end: async () => {
      ends.shift()?.()
      await vi.advanceTimersByTimeAsync(0)
    },
  }
}

describe('rounds', () => {
  beforeEach(() => {
    warnings.length = 0
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('the first round is at once, the next ones at their time', async () => {
    const pass = vi.fn(async () => undefined)
    const rounds = createRounds({ everyMs: 1_000, pass, what: 'tests', log })
    rounds.start()
    expect(pass).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(2_999)
    expect(pass).toHaveBeenCalledTimes(3)
    await rounds.stop()
  })

  test('a round that takes long is not joined by a second', async () => {
    const work = held()
    const rounds = createRounds({ everyMs: 100, pass: work.pass, what: 'tests', log })
    rounds.start()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(work.begun()).toBe(1)
    await work.end()
    await vi.advanceTimersByTimeAsync(100)
    expect(work.begun()).toBe(2)
    await work.end()
    await rounds.stop()
  })

  test('a round that fails is said in the log, and the next one is made', async () => {
    const pass = vi.fn(async () => {
      throw new Error('away')
    })
    const rounds = createRounds({ everyMs: 100, pass, what: 'tests', log })
    rounds.start()
    await vi.advanceTimersByTimeAsync(150)
    expect(pass).toHaveBeenCalledTimes(2)
    expect(warnings).toEqual(Array(2).fill('a round of tests failed; the next one tries again'))
    await rounds.stop()
  })

  test('stopping waits for the round under way, which is told, and no other begins', async () => {
    const work = held()
    const rounds = createRounds({ everyMs: 100, pass: work.pass, what: 'tests', log })
    rounds.start()
    let ended = false
    const stopping = rounds.stop().then(() => {
      ended = true
    })
    await vi.advanceTimersByTimeAsync(500)
    expect([rounds.isStopped(), ended]).toEqual([true, false])
    await work.end()
    await stopping
    expect([work.begun(), ended]).toEqual([1, true])
  })

  test('what was stopped can be started again; started twice it still has one timer', async () => {
    const pass = vi.fn(async () => undefined)
    const rounds = createRounds({ everyMs: 100, pass, what: 'tests', log })
    rounds.start()
    await rounds.stop()
    rounds.start()
    rounds.start()
    await vi.advanceTimersByTimeAsync(150)
    expect(rounds.isStopped()).toBe(false)
    expect(pass.mock.calls.length).toBeLessThanOrEqual(4)
    const before = pass.mock.calls.length
    await rounds.stop()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(pass).toHaveBeenCalledTimes(before)
  })
})
