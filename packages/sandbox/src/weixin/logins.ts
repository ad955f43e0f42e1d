import type { SandboxClock } from '../clock/clock.ts'
import type { SettingsStore } from '../settings.ts'
import type { IdMaker } from '../world/ids.ts'

/** Who opened a mini program: a person in WeChat, or a member of the corp inside WeCom. */
export type Opener = { readonly userid: string } | { readonly customer: number }

export interface Login {
  /** The mini program for which the code was given. */
  readonly account: string
  readonly visitor: Opener
  readonly sessionKey: string
  readonly expiresMs: number
  used: boolean
}

/** Codes of `wx.login` and `wx.qy.login`: one use, five minutes. */
export interface Logins {
  issue(account: string, visitor: Opener): string
  take(code: string, account?: string): Login | 'unknown' | 'used' | 'expired'
}

/** Codes are forgotten an hour after they ended: until then a late use is told from an invented code. */
const REMEMBERED_MS = 3_600_000
const SESSION_KEY_BYTES = 16

export function createLogins(clock: SandboxClock, settings: SettingsStore, newId: IdMaker): Logins {
  const logins = new Map<string, Login>()
  return {
    issue(account, visitor) {
      for (const [code, { expiresMs }] of logins) {
        if (expiresMs + REMEMBERED_MS > clock.now()) break
        logins.delete(code)
      }
      const code = newId('0', 32)
      const expiresMs = clock.now() + settings.limits.value('mp.code_ttl_s') * 1000
      const sessionKey = Buffer.from(newId('', SESSION_KEY_BYTES)).toString('base64')
      logins.set(code, { account, visitor, sessionKey, expiresMs, used: false })
      return code
    },
    take(code, account) {
      const known = logins.get(code)
      if (known === undefined || (account !== undefined && known.account !== account)) return 'unknown'
      if (known.used) return 'used'
      if (known.expiresMs <= clock.now()) return 'expired'
      known.used = true
      return known
    },
  }
}
