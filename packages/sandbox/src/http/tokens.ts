import type { SandboxClock } from '../clock/clock.ts'
import { type Fail, fail } from '../fail.ts'
import type { SettingsStore } from '../settings.ts'
import type { CorpApp } from '../world/apps.ts'
import type { IdMaker } from '../world/ids.ts'

export interface Ticket {
  readonly ticket: string
  readonly expiresMs: number
}

/** Access tokens, one per app [91039], and the tickets of the JS-SDK [90506]. */
export interface Tokens {
  issue(app: CorpApp): { token: string; expiresInS: number }
  /** The app a token stands for, or 40014 / 42001. */
  check(token: string): CorpApp | Fail
  /** The platform takes a token back before its time. */
  revoke(token: string): void
  /** `corp`, or an app's key. */
  jsTicket(owner: string): Ticket
  dump(): readonly TokenState[]
  load(state: readonly TokenState[], apps: ReadonlyMap<string, CorpApp>): void
}

export interface TokenState {
  readonly appKey: string
  readonly token: string
  readonly expiresMs: number
  readonly revoked: boolean
}

interface Issued {
  readonly app: CorpApp
  readonly token: string
  readonly expiresMs: number
  revoked: boolean
}

/** Dead tokens are remembered for a day, to say "expired" and not "unknown". */
const REMEMBERED_MS = 86_400_000

export function createTokens(clock: SandboxClock, settings: SettingsStore, newId: IdMaker): Tokens {
  const issued = new Map<string, Issued>()
  const current = new Map<string, Issued>()
  const tickets = new Map<string, Ticket>()

  const sweep = (nowMs: number) => {
    for (const [token, { expiresMs }] of issued) {
      if (expiresMs + REMEMBERED_MS > nowMs) return
      issued.delete(token)
    }
  }
  return {
    issue(app) {
      const nowMs = clock.now()
      const known = current.get(app.appKey)
      const lives = known !== undefined && !known.revoked && known.expiresMs > nowMs
      if (lives && settings.value.readings.sameTokenUntilExpiry) {
        return { token: known.token, expiresInS: Math.ceil((known.expiresMs - nowMs) / 1000) }
      }
      sweep(nowMs)
      const ttlS = settings.limits.value('token.ttl_s')
      const made = { app, token: newId('', 214), expiresMs: nowMs + ttlS * 1000, revoked: false }
      issued.set(made.token, made)
      current.set(app.appKey, made)
      return { token: made.token, expiresInS: ttlS }
    },
    check(token) {
      const known = issued.get(token)
      if (known === undefined || known.revoked) return fail(40014, 'invalid access_token')
      return known.expiresMs > clock.now() ? known.app : fail(42001, 'access_token expired')
    },
    revoke(token) {
      const known = issued.get(token)
      if (known !== undefined) known.revoked = true
    },
    dump: () => [...issued.values()].map(({ app, ...rest }) => ({ ...rest, appKey: app.appKey })),
    load(state, apps) {
      for (const { appKey, ...rest } of state) {
        const app = apps.get(appKey)
        if (app === undefined) continue
        const known = { ...rest, app }
        issued.set(known.token, known)
        current.set(appKey, known)
      }
    },
    jsTicket(owner) {
      const nowMs = clock.now()
      const known = tickets.get(owner)
      if (known !== undefined && known.expiresMs > nowMs) return known
      const made = { ticket: newId('', 86), expiresMs: nowMs + settings.limits.value('jssdk.ticket_ttl_s') * 1000 }
      tickets.set(owner, made)
      return made
    },
  }
}
