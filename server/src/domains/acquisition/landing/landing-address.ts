import type { Config } from '../../../infra/config.ts'
import type { Executor } from '../../../infra/db/database.ts'

/** What a corp has set for its landing pages. */
export interface LandingSettings {
  /**
   * Pages that customers see live on a domain of their own where the corp has one: WeChat blocks domains, and the
   * console must not go with it. Replacing it keeps every code of the platform; printed addresses need the old domain
   * to lead to the new one.
   */
  readonly url: string | undefined
  /** Ask WeChat who it is, so that a known customer is shown his owner. Needs the domain to be trusted for OAuth. */
  readonly knowCustomers: boolean
  /** The Official Account that asks, by its appid; undefined: the corp's own app of WeCom does. */
  readonly askedBy: string | undefined
}

export function landingSettings(settings: unknown): LandingSettings {
  const all = typeof settings === 'object' && settings !== null ? settings : {}
  const url =
    'landing_url' in all && typeof all.landing_url === 'string' && all.landing_url !== '' ? all.landing_url : undefined
  const askedBy =
    'landing_asked_by' in all && typeof all.landing_asked_by === 'string' ? all.landing_asked_by : undefined
  return { url, knowCustomers: 'landing_know_customers' in all && all.landing_know_customers === true, askedBy }
}

export async function pageUrl(on: Executor, config: Config, corpId: number, code: string): Promise<string> {
  const { settings } = await on
    .selectFrom('corps')
    .select('settings')
    .where('id', '=', corpId)
    .executeTakeFirstOrThrow()
  return pageAddress(config, settings, code)
}

export function pageAddress(config: Pick<Config, 'publicUrl'>, settings: unknown, code: string): string {
  return `${(landingSettings(settings).url ?? config.publicUrl).replace(/\/$/, '')}/c/${code}`
}

/** The platform's page that tells who the visitor is, base scope only (page 91022). */
export function authorizeUrl(site: string, corpid: string, back: string, state: string): string {
  const page = new URL('/connect/oauth2/authorize', site)
  page.search = new URLSearchParams({
    appid: corpid,
    redirect_uri: back,
    response_type: 'code',
    scope: 'snsapi_base',
    state,
  }).toString()
  page.hash = 'wechat_redirect'
  return page.href
}

/** Where that page is: the platform's, or the sandbox's. */
export function oauthSite(config: Pick<Config, 'sandbox' | 'sandboxUrl' | 'sandboxPort' | 'publicUrl'>): string {
  if (!config.sandbox) return 'https://open.weixin.qq.com'
  if (config.sandboxUrl !== undefined) return config.sandboxUrl
  const beside = new URL(config.publicUrl)
  beside.protocol = 'http:'
  beside.port = String(config.sandboxPort)
  return beside.origin
}
