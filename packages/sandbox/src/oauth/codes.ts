import type { SandboxClock } from '../clock/clock.ts'
import type { SettingsStore } from '../settings.ts'
import type { IdMaker } from '../world/ids.ts'

/** Who let a page know who he is. */
export type Visitor = { readonly userid: string } | { readonly customer: number }

export interface OauthCode {
  readonly appKey: string | undefined
  readonly visitor: Visitor
  readonly privateInfo: boolean
  readonly expiresMs: number
  used: boolean
}

/** Codes of OAuth and web log-in [91022, 98152] and the tickets for a member's private fields [95833]. */
export interface OauthCodes {
  issue(visitor: Visitor, appKey: string | undefined, privateInfo: boolean): string
  take(code: string): OauthCode | 'unknown' | 'used' | 'expired'
  issueTicket(userid: string, appKey: string): string
  ticket(ticket: string): { userid: string; appKey: string } | 'unknown' | 'expired'
}

/** Codes are forgotten an hour after they ended: until then a late use is told from an invented code. */
const REMEMBERED_MS = 3_600_000

export function createOauthCodes(clock: SandboxClock, settings: SettingsStore, newId: IdMaker): OauthCodes {
  const codes = new Map<string, OauthCode>()
  const tickets = new Map<string, { userid: string; appKey: string; expiresMs: number }>()
  const sweep = <T extends { expiresMs: number }>(things: Map<string, T>) => {
    for (const [key, thing] of things) {
      if (thing.expiresMs + REMEMBERED_MS > clock.now()) return
      things.delete(key)
    }
  }
  return {
    issue(visitor, appKey, privateInfo) {
      sweep(codes)
      const code = newId('', 43)
      const expiresMs = clock.now() + settings.limits.value('oauth.code_ttl_s') * 1000
      codes.set(code, { appKey, visitor, privateInfo, expiresMs, used: false })
      return code
    },
    take(code) {
      const known = codes.get(code)
      if (known === undefined) return 'unknown'
      if (known.used) return 'used'
      if (known.expiresMs <= clock.now()) return 'expired'
      known.used = true
      return known
    },
    issueTicket(userid, appKey) {
      sweep(tickets)
      const ticket = newId('', 64)
      const expiresMs = clock.now() + settings.limits.value('oauth.user_ticket_ttl_s') * 1000
      tickets.set(ticket, { userid, appKey, expiresMs })
      return ticket
    },
    ticket(ticket) {
      const known = tickets.get(ticket)
      if (known === undefined) return 'unknown'
      return known.expiresMs <= clock.now() ? 'expired' : known
    },
  }
}
