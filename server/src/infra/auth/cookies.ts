import type { CookieOptions } from 'hono/utils/cookie'
import type { Config } from '../config.ts'

/** `__Host-` ties the cookie to this host and to HTTPS; on plain HTTP inside a company the prefix is not allowed. */
export function sessionCookie(config: Pick<Config, 'publicUrl'>): { name: string; options: CookieOptions } {
  const secure = config.publicUrl.startsWith('https:')
  return {
    name: secure ? '__Host-nuanyu' : 'nuanyu_session',
    options: { path: '/', httpOnly: true, sameSite: 'Lax', secure },
  }
}

/** Holds the state of a log-in by scan between leaving for the platform and coming back. */
export function scanCookie(config: Pick<Config, 'publicUrl'>): { name: string; options: CookieOptions } {
  const secure = config.publicUrl.startsWith('https:')
  return {
    name: secure ? '__Secure-nuanyu_scan' : 'nuanyu_scan',
    options: { path: '/api/auth/wecom', httpOnly: true, sameSite: 'Lax', secure },
  }
}
