import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { sameSecret } from '../../../infra/auth/tokens.ts'
import type { Config } from '../../../infra/config.ts'
import type { Vault } from '../../../infra/secrets/vault.ts'
import type { ScanApp } from './scan.store.ts'

/** How long a person may take from our page to the platform's and back. */
export const scanLifeMs = 10 * 60_000

const trip = z.object({
  state: z.string(),
  corpId: z.number(),
  appKey: z.string(),
  returnTo: z.string(),
  at: z.number(),
})
/** What the browser carries, sealed, while the person is at the platform's page. */
export type ScanTrip = z.infer<typeof trip>

/** The platform allows [a-zA-Z0-9], 128 bytes (page 91022). */
export function newTrip(app: ScanApp, returnTo: string, now: Date): ScanTrip {
  return { state: randomBytes(24).toString('hex'), corpId: app.corpId, appKey: app.appKey, returnTo, at: now.getTime() }
}

export function sealTrip(vault: Vault, value: ScanTrip): string {
  return vault.seal(JSON.stringify(value)).toString('base64url')
}

/** The trip this browser set out on, when `state` is its own and it is not over; otherwise undefined. */
export function openTrip(
  vault: Vault,
  cookie: string | undefined,
  state: string | undefined,
  now: Date,
): ScanTrip | undefined {
  if (cookie === undefined || state === undefined) return undefined
  let opened: ScanTrip
  try {
    opened = trip.parse(JSON.parse(vault.open(Buffer.from(cookie, 'base64url'))))
  } catch {
    // not sealed by us: the browser set out on no trip
    return undefined
  }
  const over = now.getTime() - opened.at > scanLifeMs
  return over || !sameSecret(opened.state, state) ? undefined : opened
}

/** Where scan pages are: the platform's, a sandbox's that runs elsewhere, or the one beside us on this host. */
export function scanSite(
  config: Pick<Config, 'sandbox' | 'sandboxUrl' | 'sandboxPort' | 'publicUrl' | 'wecomLoginUrl'>,
): string {
  if (!config.sandbox) return config.wecomLoginUrl
  if (config.sandboxUrl !== undefined) return config.sandboxUrl
  const beside = new URL(config.publicUrl)
  beside.protocol = 'http:'
  beside.port = String(config.sandboxPort)
  return beside.origin
}

/** The platform's page with the code to scan (page 98152). */
export function scanPage(site: string, publicUrl: string, app: ScanApp, state: string, language: 'zh' | 'en'): string {
  const page = new URL('/wwlogin/sso/login', site)
  page.search = new URLSearchParams({
    login_type: 'CorpApp',
    appid: app.corpid,
    agentid: String(app.agentId),
    redirect_uri: `${publicUrl}/api/auth/wecom/callback`,
    state,
    lang: language,
  }).toString()
  return page.href
}
