import { z } from '@hono/zod-openapi'
import { permissionsOf, seesPersonalData } from '../../../infra/auth/actor.ts'
import { beginAttempt, forgetFailures } from '../../../infra/auth/lockout.store.ts'
import { hashPassword, passwordProblem, verifyPassword } from '../../../infra/auth/passwords.ts'
import { chooseCorp, endSession, endSessions, listSessions } from '../../../infra/auth/sessions.store.ts'
import type { Clock } from '../../../infra/clock.ts'
import { AppError, notFound } from '../../../infra/errors.ts'
import {
  type Api,
  type ApiContext,
  createApi,
  errorResponses,
  jsonContent,
  unauthenticated,
} from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { listCorps } from '../corps.store.ts'
import { corpChoice, ended, idParam, meView, ok, passwordChange, preferences, sessionView } from './accounts.schema.ts'
import { findAccount, findForLogin, setPassword, setPreferences } from './accounts.store.ts'
import type { Account } from './accounts.ts'
import { scopeView } from './accounts.view.ts'
import { lockedOut, wrongPassword } from './sign-in.ts'

const json = <T extends z.ZodType>(schema: T) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})

/** Who I am, my sessions, my password. */
export function meRoutes(
  { db, config, sandboxUrl }: Pick<Services, 'db' | 'config' | 'sandboxUrl'>,
  machine: Clock,
): Api {
  const api = createApi()

  /** The account and session of the request; one removed a moment ago is logged out. */
  const self = async (c: ApiContext) => {
    const account = await findAccount(db, c.get('actor').accountId)
    const session = c.get('session')
    if (account === undefined || session === undefined) throw unauthenticated()
    return { account, session }
  }
  const corpsFor = async (account: Account) =>
    (await listCorps(db)).filter((corp) => account.corpId === undefined || corp.id === account.corpId)

  api.openapi(
    route(
      { gate: 'signed-in' },
      {
        method: 'get',
        path: '/api/auth/me',
        responses: { 200: jsonContent(meView, 'Who is logged in and what he may do'), ...errorResponses },
      },
    ),
    async (c) => {
      const { account, session } = await self(c)
      const actor = c.get('actor')
      const corps = await corpsFor(account)
      const corp = corps.find((one) => one.id === actor.corpId)
      return c.json(
        {
          account: {
            id: account.id,
            username: account.username,
            name: account.name,
            role: account.role,
            scope: scopeView(account.scope),
            locale: account.locale,
            has_password: account.hasPassword,
            must_change_password: session.mustChangePassword,
            installation: account.corpId === undefined,
            sees_personal_data: seesPersonalData(actor),
          },
          corp: { id: corp?.corpid ?? '', name: corp?.name ?? '' },
          corps: corps.map((one) => ({ id: one.corpid, name: one.name })),
          csrf: session.csrf,
          permissions: [...permissionsOf[account.role]],
          sandbox: config.sandbox,
          sandbox_phone: sandboxUrl ?? null,
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'signed-in', audit: { none: 'a preference of one’s own' } },
      {
        method: 'patch',
        path: '/api/auth/me',
        request: json(preferences),
        responses: { 200: jsonContent(ok, 'Saved'), ...errorResponses },
      },
    ),
    async (c) => {
      await setPreferences(db, c.get('actor').accountId, c.req.valid('json').locale)
      return c.json({ ok: true }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'signed-in', audit: 'account.choose_corp' },
      {
        method: 'post',
        path: '/api/auth/corp',
        request: json(corpChoice),
        responses: { 200: jsonContent(ok, 'This session now works in that corp'), ...errorResponses },
      },
    ),
    async (c) => {
      const { account, session } = await self(c)
      const wanted = c.req.valid('json').corp
      const corp = (await corpsFor(account)).find((one) => one.corpid === wanted)
      if (corp === undefined) throw notFound({ zh: '企业', en: 'corp' })
      await chooseCorp(db, session.id, corp.id)
      noteAudit(c, { objectId: account.id, after: { corp: corp.corpid } })
      return c.json({ ok: true }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'signed-in', audit: 'account.change_own_password' },
      {
        method: 'post',
        path: '/api/auth/password',
        request: json(passwordChange),
        responses: { 200: jsonContent(ended, 'Changed; so many other sessions were ended'), ...errorResponses },
      },
    ),
    async (c) => {
      const { account, session } = await self(c)
      const body = c.req.valid('json')
      noteAudit(c, { objectId: account.id })
      if (account.hasPassword) {
        const verdict = await beginAttempt(db, 'account', account.username, machine.now())
        if (!verdict.allowed) throw lockedOut(verdict.retryAfterS)
        const stored = (await findForLogin(db, account.username))?.passwordHash
        if (!(await verifyPassword(stored, body.current ?? ''))) throw notThePassword(wrongPassword(verdict))
        await forgetFailures(db, 'account', account.username)
      }
      const problem = passwordProblem(body.password, account.username)
      if (problem !== undefined) throw new AppError('rule', problem)
      const passwordHash = await hashPassword(body.password)
      const count = await db.transaction().execute(async (tx) => {
        await setPassword(tx, account.id, passwordHash)
        return endSessions(tx, account.id, session.id)
      })
      return c.json({ ended: count }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'signed-in' },
      {
        method: 'get',
        path: '/api/auth/sessions',
        responses: { 200: jsonContent(z.object({ items: z.array(sessionView) }), 'My sessions'), ...errorResponses },
      },
    ),
    async (c) => {
      const { account, session } = await self(c)
      const sessions = await listSessions(db, account.id, machine.now())
      return c.json(
        {
          items: sessions.map((one) => ({
            id: one.id,
            current: one.id === session.id,
            method: one.method,
            ip: one.ip,
            user_agent: one.userAgent,
            created_at: one.createdAt.toISOString(),
            seen_at: one.seenAt.toISOString(),
          })),
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'signed-in', audit: 'account.end_session' },
      {
        method: 'delete',
        path: '/api/auth/sessions/{id}',
        request: { params: idParam },
        responses: { 200: jsonContent(ok, 'Ended'), ...errorResponses },
      },
    ),
    async (c) => {
      const ended = await endSession(db, c.get('actor').accountId, c.req.valid('param').id)
      if (!ended) throw notFound({ zh: '会话', en: 'session' })
      return c.json({ ok: true }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'signed-in', audit: 'account.end_other_sessions' },
      {
        method: 'post',
        path: '/api/auth/sessions/end-others',
        responses: { 200: jsonContent(ended, 'So many were ended'), ...errorResponses },
      },
    ),
    async (c) => {
      const { account, session } = await self(c)
      const count = await endSessions(db, account.id, session.id)
      noteAudit(c, { objectId: account.id, count })
      return c.json({ ended: count }, 200)
    },
  )
  return api
}

/** Not 401: the session is good, and the console must not send him to the log-in page. */
function notThePassword(refused: AppError): AppError {
  const options = { details: refused.details, ...(refused.hint === undefined ? {} : { hint: refused.hint }) }
  return new AppError('rule', { zh: '现在的密码不对。', en: 'The present password is wrong.' }, options)
}
