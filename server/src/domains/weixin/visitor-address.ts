import { weixinAuthorizeUrl } from '@nuanyu/wecom'
import type { Config } from '../../infra/config.ts'
import { siteSettings } from '../../infra/customer-site.ts'

/** Whom a corp lets ask who opens its pages. */
export interface Asker {
  /** The corp at the platform. */
  readonly corpid: string
  /** The Official Account that asks, by its appid; undefined: the corp's own app of WeCom does. */
  readonly askedBy: string | undefined
}

/** Who asks, from a corp's settings; the same for all its pages. */
export const askedByOf = (settings: unknown): string | undefined => siteSettings(settings).askedBy

/** The page that tells who the visitor is, base scope only; it leads `back` (page 91022, or WeChat's own). */
export function askingAddress(
  config: Pick<Config, 'sandbox' | 'sandboxUrl' | 'sandboxPort' | 'publicUrl'>,
  { corpid, askedBy }: Asker,
  back: string,
  state: string,
): string {
  const site = oauthSite(config)
  if (askedBy !== undefined) return weixinAuthorizeUrl(site, { appId: askedBy, back, scope: 'snsapi_base', state })
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
function oauthSite(config: Pick<Config, 'sandbox' | 'sandboxUrl' | 'sandboxPort' | 'publicUrl'>): string {
  if (!config.sandbox) return 'https://open.weixin.qq.com'
  if (config.sandboxUrl !== undefined) return config.sandboxUrl
  const beside = new URL(config.publicUrl)
  beside.protocol = 'http:'
  beside.port = String(config.sandboxPort)
  return beside.origin
}

/** WeChat and WeCom name themselves; elsewhere nobody can be asked silently. */
export function inWechat(userAgent: string | undefined): boolean {
  return /MicroMessenger/i.test(userAgent ?? '')
}
