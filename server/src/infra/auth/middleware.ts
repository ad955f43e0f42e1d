import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { type Clock, systemClock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { type ApiVariables, passwordChangeRequired, unauthenticated } from '../http/api.ts'
import type { Services } from '../services.ts'
import { sessionCookie } from './cookies.ts'
import { findSession, sessionLife, touchSession } from './sessions.store.ts'
import { csrfOf, hashToken, sameSecret } from './tokens.ts'

type ApiMiddleware = MiddlewareHandler<{ Variables: ApiVariables }>
type Needs = Pick<Services, 'config' | 'db'>

/** Everything under /api that may be called without a session. Nothing else is open, whatever a route says. */
export const publicPaths: readonly string[] = [
  '/api/openapi.json',
  '/api/auth/login',
  '/api/auth/methods',
  '/api/auth/wecom/start',
  '/api/auth/wecom/callback',
]

/** What a session whose password must be changed may call: to change it, to leave, and to learn whose session it is. */
export const passwordChangePaths: readonly string[] = [
  'POST /api/auth/password',
  'POST /api/auth/logout',
  'GET /api/auth/me',
]

/** Finds who asks by the session cookie; without a living session only the public paths answer. */
export function authenticate(services: Needs, options: { machine?: Clock } = {}): ApiMiddleware {
  const machine = options.machine ?? systemClock
  const cookie = sessionCookie(services.config)
  return async (c, next) => {
    c.set('ip', clientAddress(c, services.config.trustedProxies))
    const token = getCookie(c, cookie.name)
    const now = machine.now()
    const session = token === undefined ? undefined : await findSession(services.db, hashToken(token), now)
    if (session !== undefined && token !== undefined) {
      c.set('actor', session.actor)
      const { id, mustChangePassword } = session
      c.set('session', { id, csrf: csrfOf(token), mustChangePassword })
      // once a minute is exact enough for twelve idle hours, and keeps reads free of writes
      if (now.getTime() - session.seenAt.getTime() > sessionLife.touchMs)
        await touchSession(services.db, session.id, now)
      const asked = `${c.req.method} ${c.req.path}`
      if (mustChangePassword && !passwordChangePaths.includes(asked) && !publicPaths.includes(c.req.path))
        throw passwordChangeRequired()
    } else if (!publicPaths.includes(c.req.path)) throw unauthenticated()
    c.header('cache-control', 'no-store')
    await next()
  }
}

const safeMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS']

/** Everything that changes something must come from our own page: by its origin, and with the session's token. */
export function csrfGuard(services: Pick<Services, 'config'>): ApiMiddleware {
  const home = new URL(services.config.publicUrl).origin
  return async (c, next) => {
    if (!safeMethods.includes(c.req.method)) {
      if (!isOwnOrigin(c.req.header('origin'), c.req.header('host'), home)) throw foreign()
      if (c.req.header('sec-fetch-site') === 'cross-site') throw foreign()
      const session = c.get('session')
      if (session !== undefined && !sameSecret(c.req.header('x-csrf-token') ?? '', session.csrf)) throw stale()
    }
    await next()
  }
}

/** A browser names the origin of every write; programs that send none are held by the token alone. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined, home: string): boolean {
  if (origin === undefined || origin === home) return true
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host
}

function foreign(): AppError {
  return new AppError(
    'csrf',
    { zh: '这个请求来自另一个网站，已被拒绝。', en: 'This request came from another site and was refused.' },
    { hint: { zh: '请从控制台页面操作。', en: 'Act from the console itself.' } },
  )
}

function stale(): AppError {
  return new AppError(
    'csrf',
    { zh: '页面的安全令牌缺失或已失效。', en: 'The page’s security token is missing or out of date.' },
    { hint: { zh: '请刷新页面后重试。', en: 'Reload the page and try again.' } },
  )
}

/** The address of the other end, or, behind trusted proxies, the one that the outermost of them saw. */
export function clientAddress(c: Context, trustedProxies: number): string {
  if (trustedProxies > 0) {
    const hops = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim())
    const seen = hops.at(-trustedProxies)
    if (seen !== undefined && seen !== '') return seen.slice(0, 64)
  }
  // without a socket (a request made in the same process) there is no address
  return c.env && typeof c.env === 'object' && 'incoming' in c.env ? (getConnInfo(c).remote.address ?? '') : ''
}
