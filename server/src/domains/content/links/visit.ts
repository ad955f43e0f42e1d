import { inWechat } from '../../weixin/index.ts'
import type { KnownLink } from './link-register.ts'
import { linkSettings } from './link-settings.ts'

/** Somebody asks for the address of a link. */
export interface Visit {
  readonly method: string
  readonly userAgent: string | undefined
  /** What the browser says that it asks for; a page that is fetched ahead was not opened. */
  readonly purpose: string | undefined
  /** Who the visitor's own cookie says he is; 0: he was asked, and nobody knows him; undefined: he was not asked. */
  readonly remembered: number | undefined
  /** He comes back from being asked: whatever came of it, he is not sent again. */
  readonly returning: boolean
}

/**
 * over: the link was stopped, or there is none. unread: a machine looks, which is led on and not counted. ask: WeChat is
 * asked who it is. lead: on to the target.
 */
export type VisitKind = 'over' | 'unread' | 'ask' | 'lead'

export function visitKind(link: KnownLink | undefined, visit: Visit): VisitKind {
  if (link === undefined || link.stopped) return 'over'
  if (isMachine(visit)) return 'unread'
  if (visit.returning || visit.remembered !== undefined || !inWechat(visit.userAgent)) return 'lead'
  return linkSettings(link.settings).knowCustomers ? 'ask' : 'lead'
}

/**
 * Who looks at addresses without a person behind it: previews in chats, security checks, search engines, tools. They
 * name themselves, or none at all; a browser that fetches ahead says so.
 */
const machines =
  /bot\b|spider|crawl|preview|prefetch|monitor|scanner|urlmanager|facebookexternalhit|whatsapp\/|headless|^(curl|wget|python|java|go-http|okhttp|axios|node|undici|apache-httpclient|libwww|php|ruby|dart)\b/i

function isMachine({ method, userAgent, purpose }: Visit): boolean {
  if (method !== 'GET') return true
  if (userAgent === undefined || userAgent.trim() === '') return true
  return machines.test(userAgent) || /prefetch|prerender|preview/i.test(purpose ?? '')
}
