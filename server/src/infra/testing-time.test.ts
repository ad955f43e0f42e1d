import { expect, it } from 'vitest'
import { startWatch } from './testing-time.ts'

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
/** Holds the whole process back without using a processor, as a machine does that gives it none. */
const starve = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

it('counts what was waited for and what was worked, and not what the machine held back', async () => {
  const all = performance.now()
  const watch = startWatch()
  await sleep(100)
  starve(400)
  const told = watch()
  expect(told).toBeGreaterThan(60)
  expect(told).toBeLessThanOrEqual(performance.now() - all - 350)
})

it('counts a processor that is busy with ourselves', async () => {
  const watch = startWatch()
  const { user: before } = process.cpuUsage()
  while (process.cpuUsage().user - before < 100_000);
  await sleep(0)
  expect(watch()).toBeGreaterThanOrEqual(90)
})
