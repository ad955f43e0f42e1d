import type { Context } from 'hono'
import { search } from '../people/directory.ts'
import type { Platform } from '../platform.ts'
import type { WeixinAccount } from '../weixin/accounts.ts'
import { authorize, isSilent } from '../weixin/reception.ts'
import { consentPage, refusalPage, visitorsPage } from './page.ts'

/**
 * 网页授权 of an Official Account: the page that sends a person back with a code. `snsapi_base` is silent; `snsapi_userinfo`
 * is silent for a follower and asks everybody else, who may refuse: then he comes back with `state` alone. The numbers are
 * those that WeChat shows.
 */
export function weixinAuthorize(c: Context, platform: Platform, account: WeixinAccount): Response | Promise<Response> {
  const { settings, world } = platform
  const { redirect_uri, response_type, scope, state, visitor, agree } = c.req.query()
  const refused = (code: number, zh: string, en: string) => c.html(refusalPage(code, zh, en), 400)
  if (account.kind !== 'official') return refused(10016, '不支持小程序的 AppID', 'this appid is a mini program’s')
  if (!redirect_uri) return refused(10011, 'redirect_uri 不能为空', 'redirect_uri is missing')
  if (!scope) return refused(10010, 'scope 不能为空', 'scope is missing')
  if (scope !== 'snsapi_base' && scope !== 'snsapi_userinfo')
    return refused(10005, 'Scope 参数错误或没有 Scope 权限', 'wrong scope')
  if (response_type !== 'code') return refused(10013, 'response_type 应为 code', 'response_type must be code')
  const longest = settings.limits.value('oa.oauth_state_max_bytes')
  if (!/^[a-zA-Z0-9]*$/.test(state ?? '') || (state ?? '').length > longest)
    return refused(10013, 'state 只能是字母和数字', `state is letters and digits, at most ${longest}`)
  const back = URL.canParse(redirect_uri) ? new URL(redirect_uri) : undefined
  const { redirectDomains } = settings.value.weixin
  const isWeb = back?.protocol === 'http:' || back?.protocol === 'https:'
  if (back === undefined || !isWeb || (redirectDomains.length > 0 && !redirectDomains.includes(back.host)))
    return refused(10003, 'redirect_uri 域名与后台配置不一致', 'the domain of redirect_uri is not the registered one')
  if (visitor === undefined) {
    const { people } = search(platform, { role: 'customer', q: c.req.query('q'), from: 0, limit: 60 })
    return c.html(visitorsPage(c.req.url, people, ['customer']))
  }
  const customer = world.customers.indexOf(visitor)
  if (customer === undefined) return c.html(refusalPage(40003, '没有这个人', `there is no person ${visitor}`), 404)
  if (!isSilent(platform, customer, scope) && agree === undefined) return c.html(consentPage(c.req.url, account.name))
  if (agree !== '0') back.searchParams.set('code', authorize(platform, account, customer, scope))
  back.searchParams.set('state', state ?? '')
  return c.redirect(back.href)
}
