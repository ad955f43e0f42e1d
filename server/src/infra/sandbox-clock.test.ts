import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { followingClock } from './clock.ts'
import { testSandbox } from './platform/testing.ts'
import { followSandboxClock, readSandboxClock } from './sandbox-clock.ts'
import { testDay } from './testing-time.ts'

const sandbox = testSandbox()
const log = pino({ level: 'silent' })
let url = ''

beforeAll(async () => {
  url = (await sandbox.listen({ port: 0, host: '127.0.0.1' })).url
})
afterAll(() => sandbox.close())

async function move(change: unknown): Promise<void> {
  await fetch(`${url}/sandbox/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  })
}

test('business time is the sandbox’s: when it is moved on, runs faster or stands still', async () => {
  const clock = followingClock()
  const follower = followSandboxClock(url, clock, log)
  const changed = () =>
    new Promise<void>((resolve) => {
      const stop = clock.onChange(() => {
        stop()
        resolve()
      })
    })
  const streaming = changed()
  await follower.start()
  await streaming
  await changed() // the stream's own first reading

  let word = changed()
  await move({ paused: true })
  await word
  word = changed()
  await move({ advanceMs: 86_400_000 })
  await word
  const { nowMs } = await readSandboxClock(url)
  expect(clock.now().getTime()).toBe(nowMs)
  expect(nowMs - Date.parse(testDay)).toBeGreaterThanOrEqual(86_400_000)

  word = changed()
  await move({ paused: false, rate: 60 })
  await word
  const gap = Math.abs(clock.now().getTime() - (await readSandboxClock(url)).nowMs)
  expect(gap).toBeLessThan(60 * 1_000)
  await follower.stop()
})
