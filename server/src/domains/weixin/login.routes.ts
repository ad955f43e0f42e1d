import { createHash } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { WecomError } from '@nuanyu/wecom'
import { AppError, notFound } from '../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { createBehaviourTaker } from '../commerce/index.ts'
import { weixinClients } from './account-clients.ts'
import { applyVisit } from './account-facts.ts'
import { miniProgram } from './accounts.store.ts'
import { type MiniSession, readSession, sessionMs, sessionToken } from './login.ts'

const tags = ['v1']
const loginBody = z
  .object({
    appid: z.string().min(1).max(64),
    code: z
      .string()
      .regex(/^[\w-]{8,128}$/)
      .describe('What `wx.login` gave; used once'),
    page: z.string().max(200).optional().describe('The page that he opened'),
    scene: z.string().max(200).optional().describe('Of the code or link that led there'),
  })
  .openapi('MiniProgramLogin')
const loginAnswer = z
  .object({ token: z.string(), expires_at: z.iso.datetime(), openid: z.string() })
  .openapi('MiniProgramSession')
const behaviours = z
  .object({
    events: z
      .array(
        z.object({
          number: z.string().min(1).max(64).describe('Sent again with the same time it counts once'),
          name: z.string().regex(/^[a-z][a-z0-9_.]{0,63}$/),
          at: z.iso.datetime({ offset: true }),
          properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
        }),
      )
      .min(1)
      .max(50),
  })
  .openapi('MiniProgramEvents')

const codeErrors = new Set([40029, 40163])
const answerMs = 5_000

/**
 * For the brand's own mini program: it logs its visitor in with the code of `wx.login` and gets our token, with which it
 * tells what he does. The account's secret stays here.
 */
export function miniProgramRoutes(services: Services): Api {
  const { db, clock, vault } = services
  const clients = weixinClients(services)
  const takeBehaviours = createBehaviourTaker(services)
  const api = createApi()

  api.openapi(
    route(
      { gate: 'public', audit: { none: 'a customer logs in; his visit stands in his history' } },
      {
        method: 'post',
        path: '/v1/mini-program/login',
        tags,
        request: { body: { required: true, ...jsonContent(loginBody, 'What wx.login gave') } },
        responses: { 200: jsonContent(loginAnswer, 'Our token for this visitor'), ...errorResponses },
      },
    ),
    async (c) => {
      const { appid, code, page, scene } = c.req.valid('json')
      const account = await miniProgram(db, appid)
      if (account === undefined) throw notFound({ zh: '小程序', en: 'mini program' })
      const client = await clients.of(account)
      const { openid, unionid } = await client
        .openSession(code, { priority: 'interactive', deadline: Date.now() + answerMs })
        .catch((cause: unknown) => {
          throw refused(cause)
        })
      const now = clock.now()
      await applyVisit(services, account, { openid, unionid, at: now })
      const session = { corpId: account.corpId, accountId: account.id, appid, openid, unionid }
      const properties = { ...(page === undefined ? {} : { page }), ...(scene === undefined ? {} : { scene }) }
      const number = createHash('sha256').update(`visit ${appid} ${code}`).digest('hex').slice(0, 32)
      await tell(session, [{ number, name: 'mini_program.visit', at: now.toISOString(), properties }])
      const endsAt = now.getTime() + sessionMs
      const token = sessionToken(vault, { ...session, endsAt })
      c.header('cache-control', 'no-store')
      return c.json({ token, expires_at: new Date(endsAt).toISOString(), openid }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'public', audit: { none: 'what a customer does in the mini program; his token says who he is' } },
      {
        method: 'post',
        path: '/v1/mini-program/events',
        tags,
        request: { body: { required: true, ...jsonContent(behaviours, 'What he did') } },
        responses: {
          200: jsonContent(z.object({ accepted: z.int(), unchanged: z.int(), rejected: z.int() }), 'Written'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const session = readSession(vault, c.req.header('authorization'), clock.now())
      if (session === undefined) throw noSession()
      return c.json(await tell(session, c.req.valid('json').events), 200)
    },
  )
  return api

  async function tell(
    { corpId, appid, openid, unionid }: Omit<MiniSession, 'use' | 'endsAt'>,
    events: readonly object[],
  ): Promise<{ accepted: number; unchanged: number; rejected: number }> {
    const customer = { openid: { appid, openid }, ...(unionid === undefined ? {} : { unionid }) }
    const rows = events.map((event) => ({ source: 'mini-program', customer, ...event }))
    const outcomes = await takeBehaviours({ corpId, cause: `weixin:${appid}` }, rows)
    const count = (kind: string) => [...outcomes.values()].filter((one) => one.kind === kind).length
    return { accepted: count('accepted'), unchanged: count('unchanged'), rejected: count('rejected') }
  }
}

function refused(cause: unknown): AppError {
  if (cause instanceof WecomError && codeErrors.has(cause.errcode))
    return new AppError(
      'invalid_request',
      { zh: '登录凭证已失效或已被使用。', en: 'The log-in code is over or was used.' },
      { hint: { zh: '请重新调用 wx.login 获取新的 code。', en: 'Call wx.login again for a new code.' }, cause },
    )
  return new AppError(
    'unavailable',
    { zh: '暂时无法向微信核对登录。', en: 'WeChat cannot be asked about this log-in now.' },
    {
      hint: { zh: '请稍后重试；若持续出现，请在接入向导里测试该小程序。', en: 'Try again; test it in the guide.' },
      cause,
    },
  )
}

export const noSession = () =>
  new AppError(
    'unauthenticated',
    { zh: '没有登录，或登录已过期。', en: 'Not logged in, or the session has ended.' },
    { hint: { zh: '请重新登录小程序。', en: 'Log in again.' } },
  )
