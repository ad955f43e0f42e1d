import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createClock } from './clock.ts'

test('timers fire in order of their time when the clock is moved on, each seeing its own time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 10_000 }), { maxLength: 50 }), (delays) => {
      const clock = createClock({ startMs: 1_000, paused: true })
      const seen: number[] = []
      for (const delay of delays) clock.setTimer(1_000 + delay, () => seen.push(clock.now()))
      clock.advance(10_000)
      expect(seen).toEqual(delays.map((delay) => 1_000 + delay).sort((a, b) => a - b))
    }),
  )
})

test('a timer set while another fires takes its turn in the same move', () => {
  const clock = createClock({ startMs: 0, paused: true })
  const seen: string[] = []
  clock.setTimer(10, () => {
    seen.push('first')
    clock.setTimer(20, () => seen.push('second'))
  })
  clock.setTimer(30, () => seen.push('third'))
  clock.advance(25)
  expect(seen).toEqual(['first', 'second'])
  expect(clock.now()).toBe(25)
})

test('a timer that was called off does not fire', () => {
  const clock = createClock({ startMs: 0, paused: true })
  let fired = 0
  const cancel = clock.setTimer(5, () => fired++)
  clock.setTimer(6, () => fired++)
  cancel()
  clock.advance(10)
  expect(fired).toBe(1)
})

test('time follows the machine at the rate, stands still when paused, and never goes back', () => {
  let machine = 0
  const clock = createClock({ startMs: 1_000, rate: 60, machineMs: () => machine })
  machine = 10
  expect(clock.now()).toBe(1_600)
  clock.setRate(1)
  machine = 20
  expect(clock.now()).toBe(1_610)
  clock.setPaused(true)
  machine = 1_000_000
  expect(clock.now()).toBe(1_610)
  clock.set(5_000)
  expect(clock.now()).toBe(5_000)
  expect(() => clock.set(4_999)).toThrow(RangeError)
  clock.close()
})

test('ten thousand timers called off leave no trace in the heap', () => {
  const clock = createClock({ startMs: 0, paused: true })
  let fired = 0
  for (let n = 0; n < 30_000; n++) clock.setTimer(n, () => fired++)()
  clock.setTimer(7, () => fired++)
  clock.advance(40_000)
  expect(fired).toBe(1)
})

test('the time that firing takes passes too: a busy world’s clock does not run slow', async () => {
  let machine = 0
  const clock = createClock({ startMs: 0, machineMs: () => machine })
  const fired = new Promise<void>((resolve) => {
    clock.setTimer(5, () => {
      machine += 40
      resolve()
    })
    machine = 6
  })
  await fired
  await new Promise((resolve) => setImmediate(resolve))
  expect(clock.now()).toBe(46)
  clock.close()
})
