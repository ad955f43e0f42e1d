import { z } from '@hono/zod-openapi'
import type { Actor } from '../../infra/auth/actor.ts'
import { AppError, notFound } from '../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { noteAudit } from '../../infra/http/audited.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { newCallbackKey, newCallbackToken } from '../organisation/index.ts'
import { weixinClients, weixinUrl } from './account-clients.ts'
import { checkSecret, testAccount } from './accounts.check.ts'
import { type AccountStanding, accountsOfCorp, findAccount, saveAccount } from './accounts.store.ts'
import { accountKinds, callbackUrl, type WeixinAccount } from './accounts.ts'
import { corpidOf } from './corp.store.ts'
import { beginFollowers } from './sync.job.ts'

const tags = ['weixin']
const idParam = z.object({ id: z.uuid() })
const accountView = z
  .object({
    id: z.string(),
    kind: z.enum(accountKinds),
    appid: z.string(),
    name: z.string(),
    callback_url: z.string(),
    has_callback: z.boolean(),
    verified_at: z.iso.datetime().nullable(),
    last_callback_at: z.iso.datetime().nullable(),
    /** Why the secret is not used until a person changes it. */
    circuit: z.string().nullable(),
    followers: z.int(),
  })
  .openapi('WeixinAccount')
const connectBody = z
  .object({
    kind: z.enum(accountKinds),
    appid: z
      .string()
      .trim()
      .regex(/^wx[0-9a-zA-Z]{8,30}$/),
    name: z.string().trim().min(1).max(60),
    secret: z.string().trim().min(10).max(200),
  })
  .openapi('ConnectWeixin')
const keysView = z.object({ url: z.string(), token: z.string(), aes_key: z.string() }).openapi('WeixinCallbackKeys')
const testView = z.object({ ok: z.boolean(), said: z.string() }).openapi('WeixinTest')

/** The brand's Official Accounts and mini programs: connecting, testing, reading who follows. */
export function weixinAccountRoutes(services: Services): Api {
  const { db, vault, clock, config } = services
  const clients = weixinClients(services)
  const api = createApi()

  api.openapi(
    route(
      { gate: 'guide.read' },
      {
        method: 'get',
        path: '/api/weixin/accounts',
        tags,
        responses: { 200: jsonContent(z.object({ items: z.array(accountView) }), 'By connection'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      const corpid = await corpidOf(db, corpId)
      const accounts = corpid === undefined ? [] : await accountsOfCorp(db, corpId)
      return c.json({ items: accounts.map((one) => present(one, corpid ?? '')) }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'guide.write', audit: 'weixin.connect' },
      {
        method: 'post',
        path: '/api/weixin/accounts',
        tags,
        request: { body: jsonContent(connectBody, 'AppID and secret; the same AppID again changes its secret') },
        responses: { 201: jsonContent(z.object({ id: z.string() }), 'Checked at WeChat and kept'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      if ((await corpidOf(db, corpId)) === undefined) throw noCorp()
      const given = c.req.valid('json')
      await checkSecret({ baseUrl: weixinUrl(services), appid: given.appid, secret: given.secret })
      const id = await saveAccount(db, vault, { corpId, ...given }, clock.now())
      noteAudit(c, {
        objectKind: 'weixin',
        objectId: id,
        after: { kind: given.kind, appid: given.appid, name: given.name, secret: 'changed' },
      })
      return c.json({ id }, 201)
    },
  )

  api.openapi(
    route(
      { gate: 'guide.write', audit: 'weixin.callback_keys' },
      {
        method: 'post',
        path: '/api/weixin/accounts/{id}/callback',
        tags,
        request: { params: idParam },
        responses: { 201: jsonContent(keysView, 'New keys, shown this once; the old ones stop'), ...errorResponses },
      },
    ),
    async (c) => {
      const account = await own(c.get('actor'), c.req.valid('param').id)
      const callback = { token: newCallbackToken(), aesKey: newCallbackKey() }
      await saveAccount(db, vault, { ...account, callback }, clock.now())
      const corpid = (await corpidOf(db, account.corpId)) ?? ''
      noteAudit(c, { objectKind: 'weixin', objectId: account.id, after: { callback: 'changed' } })
      const url = callbackUrl(config.publicUrl, corpid, account.appid)
      return c.json({ url, token: callback.token, aes_key: callback.aesKey }, 201)
    },
  )

  api.openapi(
    route(
      { gate: 'guide.read', audit: { none: 'changes nothing; asks WeChat about one follower' } },
      {
        method: 'post',
        path: '/api/weixin/accounts/{id}/test',
        tags,
        request: { params: idParam },
        responses: { 200: jsonContent(testView, 'Whether somebody is recognised'), ...errorResponses },
      },
    ),
    async (c) => {
      const account = await own(c.get('actor'), c.req.valid('param').id)
      const { ok, said } = await testAccount(account.kind, await clients.of(account))
      return c.json({ ok, said: said[c.get('language')] }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.sync', audit: 'weixin.sync' },
      {
        method: 'post',
        path: '/api/weixin/accounts/{id}/sync',
        tags,
        request: { params: idParam },
        responses: {
          202: jsonContent(z.object({ operation: z.string() }), 'Reading who follows has begun'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const account = await own(actor, c.req.valid('param').id)
      if (account.kind !== 'official_account') throw notFound({ zh: '公众号', en: 'Official Account' })
      const operation = await beginFollowers(services, account.corpId, account.id, actor.accountId)
      return c.json({ operation }, 202)
    },
  )
  return api

  async function own(actor: Actor, id: string): Promise<WeixinAccount> {
    const account = await findAccount(db, actor.corpId, id)
    if (account === undefined) throw notFound({ zh: '公众号或小程序', en: 'WeChat account' })
    return account
  }

  function present(one: AccountStanding, corpid: string): z.output<typeof accountView> {
    return {
      id: one.id,
      kind: one.kind,
      appid: one.appid,
      name: one.name,
      callback_url: callbackUrl(config.publicUrl, corpid, one.appid),
      has_callback: one.hasCallback,
      verified_at: one.verifiedAt?.toISOString() ?? null,
      last_callback_at: one.lastCallbackAt?.toISOString() ?? null,
      circuit: one.circuit,
      followers: one.followers,
    }
  }
}

const noCorp = () =>
  new AppError(
    'rule',
    { zh: '还没有接入企业微信。', en: 'No WeCom corp is connected yet.' },
    { hint: { zh: '请先在接入向导里接入企业。', en: 'Connect the corp in the guide first.' } },
  )
