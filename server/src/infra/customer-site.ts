import type { Config } from './config.ts'

/** What a corp has set about where the pages that customers see are. */
interface SiteSettings {
  /** Domains that lead here, the one in use first. */
  readonly urls: readonly string[]
  readonly landingUrl: string | undefined
  /** The Official Account that asks who a visitor is; undefined: the corp's own app of WeCom does. */
  readonly askedBy: string | undefined
}

export function siteSettings(settings: unknown): SiteSettings {
  const all: Record<string, unknown> =
    typeof settings === 'object' && settings !== null ? Object.fromEntries(Object.entries(settings)) : {}
  const { link_urls: urls, landing_url: landingUrl, landing_asked_by: askedBy } = all
  return {
    urls: Array.isArray(urls) ? urls.filter((url) => typeof url === 'string' && url !== '') : [],
    landingUrl: typeof landingUrl === 'string' && landingUrl !== '' ? landingUrl : undefined,
    askedBy: typeof askedBy === 'string' ? askedBy : undefined,
  }
}

/** Where the pages that customers see are, without a slash at the end: the domain in use, the landing pages', ours. */
export function customerSite(config: Pick<Config, 'publicUrl'>, settings: unknown): string {
  const { urls, landingUrl } = siteSettings(settings)
  return (urls[0] ?? landingUrl ?? config.publicUrl).replace(/\/$/, '')
}
