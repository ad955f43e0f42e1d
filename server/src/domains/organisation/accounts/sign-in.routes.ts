import { deleteCookie } from 'hono/cookie'
import { sessionCookie } from '../../../infra/auth/cookies.ts'
import { beginAttempt, forgetFailures, removeIdleLocks, takeBack } from '../../../infra/auth/lockout.store.ts'
import type { LockKind } from '../../../infra/auth/lockout.ts'
import { verifyPassword } from '../../../infra/auth/passwords.ts'
import { endSession } from '../../../infra/auth/sessions.store.ts'
import type { Clock } from '../../../infra/clock.ts'
import {
  type Api,
  type ApiContext,
  createApi,
  errorResponses,
  jsonContent,
  unauthenticated,
} from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { writeAudit } from '../../compliance/index.ts'
import { loginBody, methodsView, ok } from './accounts.schema.ts'
import { findForLogin } from './accounts.store.ts'
import { normalUsername } from './accounts.ts'
import { scanApps } from './scan.store.ts'
import { loginEntry, openSession } from './session-opening.ts'
import { accountDisabled, lockedOut, wrongPassword } from './sign-in.ts'

/** Logging in by password, and out. */
export function signInRoutes(services: Pick<Services, 'config' | 'db'>, machine: Clock): Api {
  const { db } = services
  const api = createApi()

  /** Counts the attempt before the password is looked at; throws when it is locked. */
  const begin = async (c: ApiContext, kind: LockKind, value: string, now: Date) => {
    const verdict = await beginAttempt(db, kind, value, now)
    if (verdict.allowed) return verdict
    c.header('retry-after', String(verdict.retryAfterS))
    throw lockedOut(verdict.retryAfterS)
  }

  api.openapi(
    route(
      { gate: 'public', audit: { none: 'written with the session; refused ones too' } },
      {
        method: 'post',
        path: '/api/auth/login',
        request: { body: { content: { 'application/json': { schema: loginBody } }, required: true } },
        responses: { 200: jsonContent(ok, 'Logged in; the session is in the cookie'), ...errorResponses },
      },
    ),
    async (c) => {
      const body = c.req.valid('json')
      const username = normalUsername(body.username)
      const now = machine.now()
      const ip = c.get('ip')
      const byIp = await begin(c, 'ip', ip, now)
      const byName = await begin(c, 'account', username, now)
      const found = await findForLogin(db, username)
      if (!(await verifyPassword(found?.passwordHash, body.password)) || found === undefined) {
        if (found !== undefined) await writeAudit(db, loginEntry(c, found.account, 'password', 'refused'))
        throw wrongPassword(byName)
      }
      await takeBack(db, 'ip', ip, byIp.failures)
      await forgetFailures(db, 'account', username)
      if (found.account.disabledAt !== undefined) {
        await writeAudit(db, loginEntry(c, found.account, 'password', 'refused'))
        throw accountDisabled()
      }
      await openSession(services, c, found.account, 'password', now)
      await removeIdleLocks(db, now)
      return c.json({ ok: true }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'signed-in', audit: 'account.logout' },
      {
        method: 'post',
        path: '/api/auth/logout',
        responses: { 200: jsonContent(ok, 'Logged out'), ...errorResponses },
      },
    ),
    async (c) => {
      const session = c.get('session')
      if (session === undefined) throw unauthenticated()
      await endSession(db, c.get('actor').accountId, session.id)
      const { name, options } = sessionCookie(services.config)
      deleteCookie(c, name, options)
      return c.json({ ok: true }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'public' },
      {
        method: 'get',
        path: '/api/auth/methods',
        responses: { 200: jsonContent(methodsView, 'Ways to log in'), ...errorResponses },
      },
    ),
    async (c) => {
      const apps = await scanApps(db)
      return c.json({ password: true, wecom: apps.map((app) => ({ corp: app.corpid, name: app.corpName })) }, 200)
    },
  )
  return api
}
