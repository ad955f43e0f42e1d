import type { Config } from '../../../infra/config.ts'
import { customerSite, siteSettings } from '../../../infra/customer-site.ts'

/** What a corp has set for its tracked links and the other pages that customers see. */
export interface LinkSettings {
  /**
   * Domains that lead here, the one in use first. WeChat blocks domains: then the next takes its place, for every link,
   * because a token is good under any of them.
   */
  readonly urls: readonly string[]
  /** Ask WeChat who opens a link, silently and once a visitor. The domain in use must be trusted for OAuth. */
  readonly knowCustomers: boolean
  /**
   * The name of a parameter that is added to the target, and to the page of a mini program's card, and says the token;
   * undefined: both stay untouched, and who opens a card is not known.
   */
  readonly parameter: string | undefined
}

export function linkSettings(settings: unknown): LinkSettings {
  const all: Record<string, unknown> =
    typeof settings === 'object' && settings !== null ? Object.fromEntries(Object.entries(settings)) : {}
  const { link_parameter: parameter } = all
  return {
    urls: siteSettings(settings).urls,
    knowCustomers: all['link_know_customers'] === true,
    parameter: typeof parameter === 'string' && parameter !== '' ? parameter : undefined,
  }
}

/** Where the pages that customers see are for a visitor who is here already: the domain he came by, where it is the corp's. */
export function siteVisited(config: Pick<Config, 'publicUrl'>, settings: unknown, host: string | undefined): string {
  const cameBy = linkSettings(settings).urls.find((url) => URL.parse(url)?.host === host)
  return cameBy?.replace(/\/$/, '') ?? customerSite(config, settings)
}

/** The address that stands in a message. `site` is the corp's (`customerSite`). */
export function linkAddress(site: string, token: string): string {
  return `${site}/l/${token}`
}

/** The target as a header can carry it: untouched but for letters that no address may hold, and the parameter where one is set. */
export function locationOf(target: string, parameter: string | undefined, token: string): string {
  const written = target.replaceAll(/[^\x21-\x7e]+/gu, encodeURIComponent)
  return parameter === undefined ? written : withToken(written, parameter, token)
}

/** An address, or a mini program's page, that says the token in a parameter of this name. */
export function withToken(target: string, parameter: string, token: string): string {
  const hash = target.indexOf('#')
  const [address, fragment] = hash === -1 ? [target, ''] : [target.slice(0, hash), target.slice(hash)]
  return `${address}${address.includes('?') ? '&' : '?'}${encodeURIComponent(parameter)}=${token}${fragment}`
}
