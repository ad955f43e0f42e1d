import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { testSite } from '../../infra/http/testing.ts'
import { testSandbox } from '../../infra/platform/testing.ts'
import { sandboxClockRoutes } from './sandbox-clock.routes.ts'

const sandbox = testSandbox()
const { url } = await sandbox.listen({ port: 0, host: '127.0.0.1' })
afterAll(() => sandbox.close())
const site = await testSite({
  routes: (services) => [sandboxClockRoutes({ ...services, sandboxUrl: url })],
})
const clock = z.object({ nowMs: z.number(), rate: z.number(), paused: z.boolean() })

describe('the sandbox’s clock', () => {
  test('is read by everybody and moved by those who may', async () => {
    const guide = await site.as('guide')
    const admin = await site.as('administrator')
    const before = (await guide.get('/api/sandbox/clock')).as(clock)
    const after = (await admin.post('/api/sandbox/clock', { paused: true, advanceMs: 3_600_000 })).as(clock)
    expect(after.paused).toBe(true)
    expect(after.nowMs - before.nowMs).toBeGreaterThanOrEqual(3_600_000)
    expect((await guide.get('/api/sandbox/clock')).as(clock).nowMs).toBe(after.nowMs)
    expect((await admin.post('/api/sandbox/clock', { rate: -1 })).status).toBe(400)
    expect((await admin.post('/api/sandbox/clock', { setMs: before.nowMs })).status).toBe(422)
  })

  test('not allowed: a guide may not move it, nobody without a log-in reads it', async () => {
    const guide = await site.as('guide')
    expect((await guide.post('/api/sandbox/clock', { paused: false })).status).toBe(403)
    expect((await site.anonymous.get('/api/sandbox/clock')).status).toBe(401)
  })

  test('with a real platform there is none', async () => {
    const real = await testSite({ routes: (services) => [sandboxClockRoutes(services)] })
    expect((await (await real.as('administrator')).get('/api/sandbox/clock')).status).toBe(404)
  })
})
