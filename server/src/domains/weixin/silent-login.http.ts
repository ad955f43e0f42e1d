import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Services } from '../../infra/services.ts'
import { pageVisitors } from './page-visitors.ts'
import { type Asker, askedByOf, askingAddress } from './visitor-address.ts'

/** Asking WeChat who looks at a page of ours: off to it and back, tied to the browser that left. */
export interface SilentLogin {
  /** Where to send the visitor. `about` comes back with him: letters and digits only, as the platform asks. */
  leave(c: Context, asker: Asker, back: string, about: string): string
  /** What he left about; undefined: he did not leave from this browser, or came back before. */
  cameBack(c: Context, state: string | undefined): string | undefined
  /** The home of whoever came back with this code; undefined: nobody we know, or the platform does not say. */
  who(corpId: number, settings: unknown, code: string | undefined): Promise<number | undefined>
}

const cookieName = 'nuanyu_left'
const leftSeconds = 600
/** The length of our signature in the state. */
const signed = 32

/** `path` is where the page's addresses begin: the cookie goes to no other. */
export function silentLogin(services: Services, path: string): SilentLogin {
  const { config, log, vault } = services
  const visitors = pageVisitors(services)
  const cookie = { path, httpOnly: true, sameSite: 'Lax', secure: config.publicUrl.startsWith('https:') } as const
  const stateOf = (about: string, nonce: string): string =>
    `${about}${vault.blindIndex(`left ${path} ${about} ${nonce}`).toString('hex')}`

  return {
    leave(c, asker, back, about) {
      const nonce = randomBytes(16).toString('base64url')
      setCookie(c, cookieName, nonce, { ...cookie, maxAge: leftSeconds })
      return askingAddress(config, asker, back, stateOf(about, nonce))
    },
    cameBack(c, state) {
      const nonce = getCookie(c, cookieName)
      if (state === undefined || nonce === undefined) return undefined
      deleteCookie(c, cookieName, cookie)
      const about = state.slice(0, -signed)
      const [wanted, given] = [Buffer.from(stateOf(about, nonce)), Buffer.from(state)]
      return wanted.length === given.length && timingSafeEqual(wanted, given) ? about : undefined
    },
    async who(corpId, settings, code) {
      if (code === undefined) return undefined
      try {
        return await visitors.home(corpId, askedByOf(settings), code)
      } catch (error) {
        // whoever he is, the page goes on without knowing him
        log.warn({ err: error }, 'a page could not learn who its visitor is')
        return undefined
      }
    },
  }
}
