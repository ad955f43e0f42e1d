import type { Endpoint } from '@nuanyu/wecom'
import { Fail, fail } from '../fail.ts'
import type { Platform } from '../platform.ts'
import type { CorpApp } from '../world/apps.ts'
import type { Frequency } from './frequency.ts'
import { mayCall } from './permission.ts'
import type { SecretGuard } from './secrets.ts'

/** The caller of gettoken, who has no token yet. */
export const NOBODY: CorpApp = { appKey: '', agentId: 0, name: '', kind: 'own', secret: '', callback: undefined }

/** Counts wrong codes only, in its handler [90312]. */
const EXEMPT = '/cgi-bin/auth/getuserinfo'
const MINUTE_S = 60

/** Lets a call in, or says why not. */
export interface Admission<App = CorpApp> {
  /** Token → IP → frequency → permission: the order that the fact sheet takes (inferred). */
  admit(endpoint: Endpoint, query: URLSearchParams, ip: string): App | Fail
  /** Whose token this is, if it is one. */
  appOf(query: URLSearchParams): App | undefined
}

export function createAdmission(platform: Platform, frequency: Frequency, secrets: SecretGuard): Admission {
  const { settings, world, tokens, faults } = platform

  const appOf = (query: URLSearchParams) => {
    const app = tokens.check(query.get('access_token') ?? '')
    return app instanceof Fail ? undefined : app
  }
  function count(endpoint: Endpoint, query: URLSearchParams, ip: string): Fail | undefined {
    const spent = endpoint.path === EXEMPT ? undefined : frequency.count(world.corpId, ip, endpoint.path)
    if (spent !== undefined || query.get('debug') !== '1') return spent
    const limit = settings.limits.value('token.debug_calls_per_minute')
    return frequency.countOwn(`debug ${endpoint.path}`, limit, MINUTE_S)
  }
  return {
    appOf,
    admit(endpoint, query, ip) {
      if (secrets.banned(ip)) return fail(45009, 'ip banned for an hour after repeated invalid secrets')
      if (endpoint.credential.includes('none')) return count(endpoint, query, ip) ?? NOBODY
      const token = query.get('access_token')
      if (token === null || token === '') return fail(41001, 'access_token missing')
      const target = { path: endpoint.path, appKey: appOf(query)?.appKey }
      if (faults.hit(target, ['token_revoked']) !== undefined) tokens.revoke(token)
      const app = tokens.check(token)
      if (app instanceof Fail) return app
      const trusted = settings.value.apps[app.appKey]?.trustedIps
      if (trusted !== null && trusted !== undefined && !trusted.includes(ip)) {
        return fail(60020, 'not allow to access from your ip')
      }
      return count(endpoint, query, ip) ?? mayCall(platform, app, endpoint) ?? app
    },
  }
}
