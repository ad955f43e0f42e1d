import type { Config } from '../../../infra/config.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { askedByOf } from '../../weixin/index.ts'

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
  const knowCustomers = 'landing_know_customers' in all && all.landing_know_customers === true
  return { url, knowCustomers, askedBy: askedByOf(settings) }
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
