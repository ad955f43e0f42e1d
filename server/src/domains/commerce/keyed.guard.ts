import { createRoute, type RouteConfig } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { KeyScope } from '../../infra/auth/caller.ts'
import { clientAddress } from '../../infra/auth/middleware.ts'
import { type Clock, systemClock } from '../../infra/clock.ts'
import { AppError } from '../../infra/errors.ts'
import type { ApiVariables } from '../../infra/http/api.ts'
import type { Services } from '../../infra/services.ts'
import { livingKeyByHash, takeOfMinute } from './api-keys.store.ts'
import { hashOfSecret, secondsToNextMinute, secretOf } from './api-keys.ts'
import { createKeyLimit } from './key-limit.ts'

type Middleware = MiddlewareHandler<{ Variables: ApiVariables }>

const maxBody = 8 * 1024 * 1024

/**
 * The only way to declare a route for other systems: its scope stands in the declaration, is enforced before the body is
 * read, and is readable in the OpenAPI document as `x-scope`. No cookie opens it, so no page of another site can use it.
 */
export function keyedRoutes(services: Pick<Services, 'db' | 'config'>, machine: Clock = systemClock) {
  const limit = createKeyLimit((key, minute, count) => takeOfMinute(services.db, key, minute, count))

  const guard =
    (scope: KeyScope): Middleware =>
    async (c, next) => {
      c.set('ip', clientAddress(c, services.config.trustedProxies))
      c.header('cache-control', 'no-store')
      const secret = secretOf(c.req.header('authorization'))
      const key = secret === undefined ? undefined : await livingKeyByHash(services.db, hashOfSecret(secret))
      if (key === undefined) {
        c.header('www-authenticate', 'Bearer')
        throw noKey()
      }
      if (!key.scopes.includes(scope)) throw lacksScope(scope, key.scopes)
      const now = machine.now()
      if (!(await limit.admits(key, now))) {
        c.header('retry-after', String(secondsToNextMinute(now)))
        throw tooMany(key.perMinute, secondsToNextMinute(now))
      }
      c.set('caller', { keyId: key.id, corpId: key.corpId, scopes: key.scopes })
      await next()
    }

  return function keyedRoute<P extends string, R extends Omit<RouteConfig, 'path' | 'middleware'> & { path: P }>(
    scope: KeyScope,
    config: R,
  ) {
    const middleware: Middleware[] = [guard(scope), bodyLimit({ maxSize: maxBody, onError: tooLarge })]
    return createRoute<P, R>({ ...config, security: [{ apiKey: [] }], 'x-scope': scope, middleware })
  }
}

function noKey(): AppError {
  return new AppError(
    'unauthenticated',
    { zh: '接口密钥缺失、不正确或已被撤销。', en: 'The API key is missing, wrong or revoked.' },
    {
      hint: {
        zh: '请在请求头写 Authorization: Bearer <密钥>；密钥在 设置 › 开放API 中创建。',
        en: 'Send Authorization: Bearer <key>; keys are made under Settings › Open API.',
      },
    },
  )
}

function lacksScope(scope: KeyScope, has: readonly string[]): AppError {
  return new AppError(
    'forbidden',
    { zh: `这把密钥没有「${scope}」权限。`, en: `This key lacks the scope “${scope}”.` },
    {
      hint: {
        zh: '请用带有该权限的密钥，或新建一把。',
        en: 'Use a key that has it, or make a new one.',
      },
      details: { scope, scopes: has },
    },
  )
}

function tooMany(perMinute: number, retryAfter: number): AppError {
  return new AppError(
    'too_many',
    {
      zh: `这把密钥每分钟最多 ${perMinute} 次请求，本分钟已用完。`,
      en: `This key may send ${perMinute} requests a minute, and they are used up.`,
    },
    {
      hint: {
        zh: `请 ${retryAfter} 秒后重试；一次请求最多可带 1,000 行。`,
        en: `Try again in ${retryAfter} s; one request may carry 1,000 rows.`,
      },
      details: { retry_after_s: retryAfter },
    },
  )
}

function tooLarge(): never {
  throw new AppError(
    'too_large',
    { zh: '请求内容超过 8 MB。', en: 'The body is larger than 8 MB.' },
    { hint: { zh: '请减少每次请求的行数。', en: 'Send fewer rows at once.' } },
  )
}
