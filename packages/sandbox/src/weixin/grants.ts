import type { SandboxClock } from '../clock/clock.ts'
import type { SettingsStore } from '../settings.ts'
import type { IdMaker } from '../world/ids.ts'

/** Who let a page of an Official Account know who he is, and how much of him. */
export interface Visit {
  readonly account: string
  readonly customer: number
  readonly scope: 'snsapi_base' | 'snsapi_userinfo'
  /** A virtual person of WeChat's snapshot of the page. */
  readonly isSnapshot: boolean
}

interface Code extends Visit {
  readonly expiresMs: number
  used: boolean
}
interface Token extends Visit {
  expiresMs: number
  readonly refresh: string
}

export interface Granted {
  readonly token: string
  readonly expiresInS: number
  readonly refresh: string
  readonly visit: Visit
}

/** Codes and tokens of web authorisation (网页授权): a code is used once; a token is one person's, not the account's. */
export interface Grants {
  issue(visit: Visit): string
  take(code: string, account: string): Granted | 'unknown' | 'used' | 'expired'
  /** A token that has ended becomes another; one that lives is lengthened. */
  refresh(refresh: string, account: string): Granted | 'unknown' | 'expired'
  token(token: string): Visit | 'unknown' | 'expired'
}

/** Codes are forgotten an hour after they ended: until then a late use is told from an invented code. */
const REMEMBERED_MS = 3_600_000

export function createGrants(clock: SandboxClock, settings: SettingsStore, newId: IdMaker): Grants {
  const codes = new Map<string, Code>()
  const tokens = new Map<string, Token>()
  /** Refresh token → the latest token it stands behind. */
  const refreshes = new Map<string, { token: string; visit: Visit; expiresMs: number }>()
  const lifeMs = () => settings.limits.value('oa.oauth_token_ttl_s') * 1000
  const sweep = (things: Map<string, { expiresMs: number }>) => {
    for (const [key, { expiresMs }] of things) {
      if (expiresMs + REMEMBERED_MS > clock.now()) return
      things.delete(key)
    }
  }
  const grant = (visit: Visit, refresh: string): Granted => {
    sweep(tokens)
    const token = newId('', 88)
    tokens.set(token, { ...visit, refresh, expiresMs: clock.now() + lifeMs() })
    return { token, expiresInS: lifeMs() / 1000, refresh, visit }
  }
  return {
    issue(visit) {
      sweep(codes)
      const code = newId('0', 32)
      const expiresMs = clock.now() + settings.limits.value('oa.oauth_code_ttl_s') * 1000
      codes.set(code, { ...visit, expiresMs, used: false })
      return code
    },
    take(code, account) {
      const known = codes.get(code)
      if (known === undefined || known.account !== account) return 'unknown'
      if (known.used) return 'used'
      if (known.expiresMs <= clock.now()) return 'expired'
      known.used = true
      const { customer, scope, isSnapshot } = known
      const visit = { account, customer, scope, isSnapshot }
      const granted = grant(visit, newId('', 88))
      const expiresMs = clock.now() + settings.limits.value('oa.oauth_refresh_ttl_s') * 1000
      refreshes.set(granted.refresh, { token: granted.token, visit, expiresMs })
      return granted
    },
    refresh(refresh, account) {
      const known = refreshes.get(refresh)
      if (known === undefined || known.visit.account !== account) return 'unknown'
      if (known.expiresMs <= clock.now()) return 'expired'
      const living = tokens.get(known.token)
      if (living === undefined || living.expiresMs <= clock.now()) {
        const granted = grant(known.visit, refresh)
        known.token = granted.token
        return granted
      }
      living.expiresMs = clock.now() + lifeMs()
      return { token: known.token, expiresInS: lifeMs() / 1000, refresh, visit: known.visit }
    },
    token(token) {
      const known = tokens.get(token)
      if (known === undefined) return 'unknown'
      return known.expiresMs <= clock.now() ? 'expired' : known
    },
  }
}
