import type { HandlersOf } from '../catalogue.ts'
import type { Endpoint } from '../endpoint.ts'
import { auth } from './endpoints/auth.ts'
import { followers, qrcodes } from './endpoints/followers.ts'
import { menus } from './endpoints/menus.ts'
import { serviceMessages, subscribeMessages, templateMessages } from './endpoints/messages.ts'
import { links, login, wxacodes } from './endpoints/miniprogram.ts'
import { oauth } from './endpoints/oauth.ts'
import { userTags } from './endpoints/user-tags.ts'

/** WeChat's interfaces for Official Accounts and mini programs (api.weixin.qq.com), by group and name. */
export const weixinCatalogue = {
  auth,
  followers,
  qrcodes,
  templateMessages,
  serviceMessages,
  login,
  wxacodes,
  links,
  subscribeMessages,
  oauth,
  menus,
  userTags,
}
export type WeixinCatalogue = typeof weixinCatalogue

export interface NamedWeixinEndpoint {
  readonly group: keyof WeixinCatalogue
  readonly name: string
  readonly endpoint: Endpoint
}

const named: readonly NamedWeixinEndpoint[] = (Object.keys(weixinCatalogue) as (keyof WeixinCatalogue)[]).flatMap(
  (group) => Object.entries<Endpoint>(weixinCatalogue[group]).map(([name, endpoint]) => ({ group, name, endpoint })),
)
const byRoute = new Map(named.map((entry) => [`${entry.endpoint.method} ${entry.endpoint.path}`, entry]))
const byPath = new Map(named.map((entry) => [entry.endpoint.path, entry]))

/** All of them with their group and name. */
export function allWeixinEndpoints(): readonly NamedWeixinEndpoint[] {
  return named
}

/** The one on a route, or undefined; `path` without query. */
export function findWeixinEndpoint(method: string, path: string): NamedWeixinEndpoint | undefined {
  return byRoute.get(`${method} ${path}`)
}

/** The one at a path whatever the method. */
export function findWeixinEndpointByPath(path: string): NamedWeixinEndpoint | undefined {
  return byPath.get(path)
}

/** One handler for every endpoint, complete or it does not compile. */
export type WeixinHandlers<Context, Failure> = HandlersOf<WeixinCatalogue, Context, Failure>
