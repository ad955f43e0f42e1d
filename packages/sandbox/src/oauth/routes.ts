import { type Context, Hono } from 'hono'
import { search } from '../people/directory.ts'
import type { Platform } from '../platform.ts'
import type { CorpApp } from '../world/apps.ts'
import { refusalPage, visitorsPage } from './page.ts'
import { weixinAuthorize } from './weixin.ts'

/** The pages where a visitor lets an app know who he is [91022, 98152]. Here he first says who he wants to be. */
export function oauthRoutes(platform: Platform): Hono {
  const { world, oauth, settings } = platform
  const routes = new Hono()

  function answer(c: Context, app: CorpApp | undefined, redirectUri: string, state: string, privateInfo: boolean) {
    const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined
    if (url === undefined || !mayRedirect(platform, app, url)) {
      return c.html(
        refusalPage(50001, 'redirect_uri 需使用应用可信域名', 'the redirect_url domain is not registered'),
        400,
      )
    }
    const id = c.req.query('visitor')
    if (id === undefined)
      return c.html(visitorsPage(c.req.url, people(c.req.query('role') ?? 'staff', c.req.query('q'))))
    const member = world.staff.find(id)
    const customer = world.customers.indexOf(id)
    if (member === undefined && customer === undefined)
      return c.html(refusalPage(40003, '没有这个人', `there is no person ${id}`), 404)
    const visitor = member === undefined ? { customer: customer ?? 0 } : { userid: member.userid }
    url.searchParams.set('code', oauth.issue(visitor, app?.appKey, privateInfo))
    url.searchParams.set('state', state)
    return c.redirect(url.href)
  }
  const people = (role: string, q: string | undefined) => search(platform, { role, q, from: 0, limit: 60 }).people
  const appWith = (agentId: string | undefined) =>
    [...platform.apps.values()].find((app) => String(app.agentId) === agentId)

  routes.get('/connect/oauth2/authorize', (c) => {
    const { appid, redirect_uri = '', response_type, scope, state = '', agentid } = c.req.query()
    const official = [...platform.weixin.accounts.values()].find((one) => one.appId === appid)
    if (official !== undefined) return weixinAuthorize(c, platform, official)
    if (appid !== world.corpId) return c.html(refusalPage(40013, '企业ID无效', 'invalid corpid'), 400)
    if (response_type !== 'code') return c.html(refusalPage(40035, '参数错误', 'response_type must be code'), 400)
    if (scope !== 'snsapi_base' && scope !== 'snsapi_privateinfo')
      return c.html(refusalPage(40035, '参数错误', 'wrong scope'), 400)
    const stateMax = settings.limits.value('oauth.state_max_bytes')
    if (!/^[a-zA-Z0-9]*$/.test(state) || state.length > stateMax) {
      return c.html(
        refusalPage(40035, 'state 只能是字母和数字', `state is letters and digits, at most ${stateMax}`),
        400,
      )
    }
    const app = appWith(agentid)
    const needsAgent = scope === 'snsapi_privateinfo' && app === undefined
    if (needsAgent && settings.value.readings.privateInfoNeedsAgent) {
      return c.html(refusalPage(40056, '缺少 agentid', 'snsapi_privateinfo needs agentid'), 400)
    }
    return answer(c, app, redirect_uri, state, scope === 'snsapi_privateinfo' && !needsAgent)
  })

  routes.get('/wwlogin/sso/login', (c) => {
    const { appid, redirect_uri = '', login_type, state = '', agentid } = c.req.query()
    const app = appWith(agentid)
    if (login_type !== 'CorpApp') return c.html(refusalPage(-31020, '登录类型无效', 'login_type must be CorpApp'), 400)
    if (appid !== world.corpId || app === undefined)
      return c.html(refusalPage(-31021, '应用不存在', 'unknown appid or agentid'), 400)
    return answer(c, app, redirect_uri, state, false)
  })
  return routes
}

/** The domain must be the registered one, exact and with its port [91335]; none registered in the sandbox: any. */
function mayRedirect({ settings }: Platform, app: CorpApp | undefined, url: URL): boolean {
  const apps = app === undefined ? Object.values(settings.value.apps) : [settings.value.apps[app.appKey]]
  const registered = apps.flatMap((one) => one?.redirectDomains ?? [])
  return (
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    (registered.length === 0 || registered.includes(url.host))
  )
}
