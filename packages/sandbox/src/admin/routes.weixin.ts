import { Hono } from 'hono'
import type { SiteParts } from '../http/site.ts'
import { personOf } from '../people/directory.ts'
import type { Platform } from '../platform.ts'
import type { WeixinAccount } from '../weixin/accounts.ts'
import { follow, openMiniprogram, scanScene, standing, tapMenu, unfollow, writeToAccount } from '../weixin/people.ts'
import { answerSubscription, setReception, setTemplate } from '../weixin/reception.ts'
import { saveWeixinCallback } from '../weixin/verify.ts'
import { bodyOf } from './json.ts'
import { refuse } from './refusal.ts'
import type { WriteResponse } from './schema.ts'
import {
  OaFollowRequest,
  OaMenuRequest,
  OaReceiveRequest,
  OaScanRequest,
  OaWriteRequest,
  type OpenedMiniprogram,
  OpenMiniprogramRequest,
  SubscribeRequest,
  TemplateSettingRequest,
  type WeixinAccountShown,
  WeixinBackend,
  WeixinCallback,
  type WeixinCallbackConfigured,
  type WeixinCodesResponse,
  type WeixinResponse,
} from './schema.weixin.ts'

const MOST_CODES = 200

/** Official Accounts and mini programs: their settings, and what people do with them. */
export function weixinRoutes({ platform, poster }: SiteParts): Hono {
  const { weixin } = platform
  const routes = new Hono()
  const account = (key: string): WeixinAccount => {
    const known = weixin.accounts.get(key)
    if (known === undefined)
      throw refuse(404, 'account_unknown', `there is no account ${key}`, '没有这个公众号或小程序')
    return known
  }

  routes.get('/weixin', (c) => {
    const accounts = [...weixin.accounts.values()].map((one) => shown(platform, one))
    return c.json({ baseUrl: `${platform.address.url}/weixin`, accounts } satisfies WeixinResponse)
  })
  routes.put('/weixin/:account/callback', async (c) => {
    const one = account(c.req.param('account'))
    const verifiedInMs = await saveWeixinCallback(platform, poster, one, await bodyOf(c, WeixinCallback))
    return c.json({ account: shown(platform, one), verifiedInMs } satisfies WeixinCallbackConfigured)
  })
  routes.delete('/weixin/:account/callback', (c) => {
    account(c.req.param('account')).callback = undefined
    return c.json({ ok: true })
  })
  routes.put('/weixin/:account/backend', async (c) => {
    account(c.req.param('account')).backend = (await bodyOf(c, WeixinBackend)).url
    return c.json({ ok: true })
  })
  routes.delete('/weixin/:account/backend', (c) => {
    account(c.req.param('account')).backend = undefined
    return c.json({ ok: true })
  })
  routes.get('/weixin/:account/codes', (c) => {
    const key = account(c.req.param('account')).appKey
    const codes = weixin.scenes
      .all()
      .filter((scene) => scene.account === key)
      .slice(-MOST_CODES)
      .reverse()
      .map(({ ticket, scene, permanent, url, createdMs, expiresMs }) => {
        const qr = `/weixin/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`
        return { ticket, scene, permanent, content: url, qr, createdMs, expiresMs }
      })
    return c.json({ codes } satisfies WeixinCodesResponse)
  })

  const customerOf = (id: string): number => {
    const who = personOf(platform, id)
    if (who.kind === 'customer') return who.customer
    throw refuse(409, 'not_customer', `${id} is a member of staff; customers do this`, '请用客户身份操作')
  }
  routes.get('/people/:id/weixin', (c) => c.json(standing(platform, customerOf(c.req.param('id')))))
  routes.post('/people/:id/oa/follow', async (c) => {
    const customer = customerOf(c.req.param('id'))
    follow(platform, customer, (await bodyOf(c, OaFollowRequest)).via)
    return c.json(standing(platform, customer))
  })
  routes.post('/people/:id/oa/unfollow', (c) => {
    const customer = customerOf(c.req.param('id'))
    unfollow(platform, customer)
    return c.json(standing(platform, customer))
  })
  routes.post('/people/:id/oa/scan', async (c) => {
    const customer = customerOf(c.req.param('id'))
    scanScene(platform, customer, (await bodyOf(c, OaScanRequest)).content)
    return c.json(standing(platform, customer))
  })
  routes.post('/people/:id/oa/write', async (c) => {
    const { text } = await bodyOf(c, OaWriteRequest)
    const message = writeToAccount(platform, customerOf(c.req.param('id')), text)
    return c.json({ message, delivered: true } satisfies WriteResponse)
  })
  routes.post('/people/:id/oa/menu', async (c) => {
    const customer = customerOf(c.req.param('id'))
    tapMenu(platform, customer, await bodyOf(c, OaMenuRequest))
    return c.json(standing(platform, customer))
  })
  routes.post('/people/:id/miniprogram/open', async (c) => {
    const who = personOf(platform, c.req.param('id'))
    const visitor = who.kind === 'staff' ? { userid: who.member.userid } : { customer: who.customer }
    const opened = openMiniprogram(platform, visitor, await bodyOf(c, OpenMiniprogramRequest))
    if (who.kind === 'staff') return c.json(opened)
    const login = await weixin.backends.logIn(account(opened.account), opened)
    return c.json({ ...opened, ...(login === undefined ? {} : { login }) } satisfies OpenedMiniprogram)
  })
  routes.post('/people/:id/miniprogram/subscribe', async (c) => {
    const customer = customerOf(c.req.param('id'))
    const { account: key, templates } = await bodyOf(c, SubscribeRequest)
    answerSubscription(platform, customer, templates, key)
    return c.json(standing(platform, customer))
  })
  routes.post('/people/:id/oa/receive', async (c) => {
    const customer = customerOf(c.req.param('id'))
    setReception(platform, customer, (await bodyOf(c, OaReceiveRequest)).receive)
    return c.json(standing(platform, customer))
  })
  routes.post('/people/:id/weixin/template', async (c) => {
    const customer = customerOf(c.req.param('id'))
    setTemplate(platform, customer, await bodyOf(c, TemplateSettingRequest))
    return c.json(standing(platform, customer))
  })
  return routes
}

function shown({ settings, weixin }: Platform, account: WeixinAccount): WeixinAccountShown {
  const { appKey, kind, appId, originalId, name, secret, templates, callback } = account
  return {
    key: appKey,
    kind,
    appId,
    originalId,
    name,
    secret,
    bound: settings.value.weixin.bound[appKey] === true,
    templates: templates.map(({ id, title, fields, use }) => ({ id, title, fields: [...fields], use })),
    ...(callback === undefined ? {} : { callback }),
    ...(kind === 'official' ? { followers: weixin.followers.total() } : {}),
  }
}
