import { z } from '@hono/zod-openapi'
import { AppError } from '../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { noteAudit } from '../../infra/http/audited.ts'
import { route } from '../../infra/http/route.ts'
import { changeSandboxClock, readSandboxClock } from '../../infra/sandbox-clock.ts'
import type { Services } from '../../infra/services.ts'

const clockView = z
  .object({ nowMs: z.number(), rate: z.number(), paused: z.boolean(), realMs: z.number() })
  .openapi('SandboxClock')

const clockChange = z
  .object({
    rate: z.number().positive().max(1_000_000).optional(),
    paused: z.boolean().optional(),
    setMs: z.number().optional(),
    advanceMs: z.number().min(0).optional(),
  })
  .strict()
  .openapi('SandboxClockChange')

/** The sandbox's clock, which the whole brand lives by while there is no real platform. */
export function sandboxClockRoutes({ sandboxUrl }: Pick<Services, 'sandboxUrl'>): Api {
  const api = createApi()
  const url = () => {
    if (sandboxUrl === undefined) throw noSandbox()
    return sandboxUrl
  }
  api.openapi(
    route(
      { gate: 'signed-in' },
      {
        method: 'get',
        path: '/api/sandbox/clock',
        responses: { 200: jsonContent(clockView, 'The sandbox’s time and rate'), ...errorResponses },
      },
    ),
    async (c) => c.json(await readSandboxClock(url()).catch(asAway), 200),
  )
  api.openapi(
    route(
      { gate: 'sandbox.control', audit: 'sandbox.clock' },
      {
        method: 'post',
        path: '/api/sandbox/clock',
        request: { body: { required: true, content: { 'application/json': { schema: clockChange } } } },
        responses: { 200: jsonContent(clockView, 'The time and rate after the change'), ...errorResponses },
      },
    ),
    async (c) => {
      const change = c.req.valid('json')
      const state = await changeSandboxClock(url(), change).catch(asAway)
      if (state === undefined) throw backwards()
      noteAudit(c, { objectId: 'clock', after: change })
      return c.json(state, 200)
    },
  )
  return api
}

const noSandbox = () =>
  new AppError('not_found', {
    zh: '当前连接的是真实企业微信，没有沙箱时钟。',
    en: 'This server is connected to the real platform; there is no sandbox clock.',
  })

const backwards = () =>
  new AppError(
    'rule',
    { zh: '沙箱时间不能倒退。', en: 'The sandbox’s time does not go back.' },
    { hint: { zh: '请选择晚于当前沙箱时间的时刻。', en: 'Choose a moment after the sandbox’s present time.' } },
  )

function asAway(cause: unknown): never {
  throw new AppError(
    'unavailable',
    { zh: '沙箱没有应答。', en: 'The sandbox does not answer.' },
    { hint: { zh: '请确认沙箱进程正在运行。', en: 'Check that the sandbox process is running.' }, cause },
  )
}
