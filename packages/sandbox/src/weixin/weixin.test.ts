import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sceneOf } from '@nuanyu/wecom'
import { expect, test } from 'vitest'
import { type Answer, KEYS, stage } from '../testing/stage.ts'
import { weixinStage } from './testing.ts'

const template = (fields: readonly string[]) => Object.fromEntries(fields.map((field) => [field, { value: '1' }]))
const scene = { action_name: 'QR_STR_SCENE' as const, action_info: { scene: { scene_str: 'store-100' } } }

test('a scan of a code with a scene follows once, then is a scan; both are told with the scene', async () => {
  const { act, client, customer, told, url } = await weixinStage()
  const service = await client('service')
  const code = await service.qrcodes.create(scene)
  expect(code.expire_seconds).toBe(60)
  const picture = await fetch(`${url}/weixin/cgi-bin/showqrcode?ticket=${encodeURIComponent(code.ticket)}`)
  expect(picture.headers.get('content-type')).toBe('image/png')
  const { id } = await customer()
  expect(await act(id, 'scan', { content: code.url })).toMatchObject({ kind: 'official', following: false })
  const { accounts } = await act(id, 'oa/scan', { content: code.url })
  await act(id, 'oa/scan', { content: code.ticket })
  await act(id, 'oa/unfollow')
  expect(told.map((event) => [event.kind, sceneOf(event)])).toEqual([
    ['oa.subscribed', 'store-100'],
    ['oa.scanned', 'store-100'],
    ['oa.unsubscribed', undefined],
  ])
  expect(new Set(told.map((event) => event.openId))).toEqual(new Set([accounts[0].openId]))
})

test('a follower shows his unionid and scene, never his name; one who left shows nothing', async () => {
  const { act, client, customer, settings, account } = await weixinStage()
  const service = await client('service')
  const { id, unionId } = await customer()
  const code = await service.qrcodes.create({ ...scene, action_name: 'QR_LIMIT_STR_SCENE' })
  expect(await service.qrcodes.create({ ...scene, action_name: 'QR_LIMIT_STR_SCENE' })).toEqual(code)
  const { accounts } = await act(id, 'oa/scan', { content: code.url })
  const { openId } = accounts[0]
  const seen = await service.followers.get({ openid: openId })
  expect(seen).toMatchObject({ subscribe: 1, unionid: unionId, subscribe_scene: 'ADD_SCENE_QR_CODE' })
  expect(seen.qr_scene_str).toBe('store-100')
  for (const field of ['nickname', 'headimgurl', 'sex']) expect(seen).not.toHaveProperty(field)
  await settings({ weixin: { bound: { service: false } } })
  expect((await account('service')).bound).toBe(false)
  expect((await service.followers.get({ openid: openId })).unionid).toBeUndefined()
  await act(id, 'oa/unfollow')
  expect(await service.followers.get({ openid: openId })).toEqual({ subscribe: 0, openid: openId })
  await expect(service.followers.get({ openid: accounts[1].openId })).rejects.toMatchObject({ errcode: 40003 })
})

test('every follower is listed once, page after page, and can be read in batches', async () => {
  const { client, settings, account } = await weixinStage({ people: 300 })
  await settings({ limits: { overrides: { 'oa.user_page_max': 20 } } })
  const service = await client('service')
  const all: string[] = []
  for (let next_openid = ''; ; ) {
    const page = await service.followers.list({ next_openid })
    expect(page.count).toBe(page.data?.openid.length ?? 0)
    all.push(...(page.data?.openid ?? []))
    if (page.count === 0) break
    next_openid = page.next_openid
    expect(page.total).toBe((await account('service')).followers)
  }
  expect(new Set(all).size).toBe((await account('service')).followers)
  expect(all.length).toBeGreaterThan(60)
  const { user_info_list } = await service.followers.batchGet({
    user_list: all.slice(0, 3).map((openid) => ({ openid })),
  })
  expect(user_info_list.every((one) => one.subscribe === 1)).toBe(true)
})

test('customer-service messages: five after a message for two days, three after a scan for a minute', async () => {
  const { act, advance, admin, client, customer } = await weixinStage()
  const service = await client('service')
  const { id } = await customer()
  const { accounts } = await act(id, 'oa/follow')
  const { openId } = accounts[0]
  const say = () => service.serviceMessages.send({ touser: openId, msgtype: 'text', text: { content: '您好' } })
  for (let n = 0; n < 3; n++) await say()
  await expect(say()).rejects.toMatchObject({ errcode: 45047 })
  await advance(61_000)
  await expect(say()).rejects.toMatchObject({ errcode: 45015 })
  await act(id, 'oa/write', { text: '有榴莲吗' })
  await advance(47 * 3_600_000)
  for (let n = 0; n < 5; n++) await say()
  await expect(say()).rejects.toMatchObject({ errcode: 45047 })
  await advance(3_600_000)
  await expect(say()).rejects.toMatchObject({ errcode: 45015 })
  const { messages } = await admin('GET', `/people/${id}/chats/app:service/messages`)
  expect(messages.filter((one: Answer) => one.from === 'app:service')).toHaveLength(8)
  await act(id, 'oa/write', { text: '再见' })
  await act(id, 'oa/unfollow')
  await expect(say()).rejects.toMatchObject({ errcode: 45015 })
})

test('a template message needs a follower, its fields, a template of this account and quota; its end is told', async () => {
  const { account, act, client, customer, settings, told } = await weixinStage()
  const service = await client('service')
  const { templates } = await account('service')
  const { id, fields } = templates[0] ?? { id: '', fields: [] }
  const person = await customer()
  const openid = (await act(person.id, 'oa/follow')).accounts[0].openId
  const message = { touser: openid, template_id: id, data: template(fields), client_msg_id: 'once' }
  const { msgid } = await service.templateMessages.send(message)
  expect((await service.templateMessages.send(message)).msgid).toBe(msgid)
  const refused = (over: object) => expect(service.templateMessages.send({ ...message, ...over })).rejects
  await refused({ template_id: 'x' }).toMatchObject({ errcode: 40037 })
  await refused({ data: {} }).toMatchObject({ errcode: 47003 })
  await settings({ limits: { overrides: { 'oa.template_per_day': 1 } } })
  await refused({ client_msg_id: 'twice' }).toMatchObject({ errcode: 45009 })
  await act(person.id, 'oa/unfollow')
  await refused({}).toMatchObject({ errcode: 43004 })
  expect(told.filter((event) => event.kind === 'oa.template_sent')).toMatchObject([
    { messageId: msgid, status: 'success' },
  ])
})

test('a log-in code is used once, for five minutes, by its own mini program', async () => {
  const { act, advance, client, customer } = await weixinStage()
  const shop = await client('shop')
  const { id, unionId } = await customer()
  const { code } = await act(id, 'miniprogram/open')
  const session = await shop.openSession(code)
  expect(session).toMatchObject({ unionid: unionId, session_key: expect.any(String) })
  await expect(shop.openSession(code)).rejects.toMatchObject({ errcode: 40163 })
  await expect((await client('service')).openSession(code)).rejects.toMatchObject({ errcode: 40029 })
  const late = (await act(id, 'miniprogram/open')).code
  await advance(300_000)
  await expect(shop.openSession(late)).rejects.toMatchObject({ errcode: 40029 })
  const staff = (await act('chenxiaoyu', 'miniprogram/open')).code
  await expect(shop.openSession(staff)).rejects.toMatchObject({ errcode: 40029 })
})

test('an unlimited code is a picture and leads, as a link does, to the page with its parameters', async () => {
  const { act, advance, client, customer, sandbox } = await weixinStage()
  const shop = await client('shop')
  const { bytes, contentType } = await shop.wxacodes.getUnlimited({ scene: 'p=P0001&s=100', page: 'pages/cart/cart' })
  expect([contentType, bytes[1]]).toEqual(['image/png', 'P'.charCodeAt(0)])
  await expect(shop.wxacodes.getUnlimited({ scene: 'a', page: 'pages/none' })).rejects.toMatchObject({ errcode: 41030 })
  const { weixin } = sandbox.platform
  const account = weixin.accounts.get('shop')
  const content = account === undefined ? '' : weixin.wxacodeContent(account, 'pages/cart/cart', 'p=P0001&s=100')
  const { id } = await customer()
  const opened = await act(id, 'miniprogram/open', { content })
  expect(opened).toMatchObject({ page: 'pages/cart/cart', query: 'scene=p%3DP0001%26s%3D100' })
  const link = { path: '/pages/product/product', query: 'id=P0001', expire_type: 1 as const, expire_interval: 1 }
  const { url_link } = await shop.links.generateUrlLink(link)
  expect(await act(id, 'miniprogram/open', { content: url_link })).toMatchObject({ query: 'id=P0001' })
  await advance(86_400_000)
  expect((await act(id, 'miniprogram/open', { content: url_link })).error.code).toBe('link_expired')
  await expect(shop.links.generateUrlLink({ path: 'pages/none' })).rejects.toMatchObject({ errcode: 40165 })
})

test('one consent is one subscribe message', async () => {
  const { account, act, client, customer, told } = await weixinStage()
  const shop = await client('shop')
  const { id, fields } = (await account('shop')).templates[0] ?? { id: '', fields: [] }
  const person = await customer()
  const answers = { templates: [{ id, accept: true }] }
  const touser = (await act(person.id, 'miniprogram/subscribe', answers)).accounts[1].openId
  const message = { touser, template_id: id, data: template(fields) }
  const long = { ...message, data: { ...message.data, thing1: { value: '长'.repeat(21) } } }
  await expect(shop.subscribeMessages.send(long)).rejects.toMatchObject({ errcode: 47003 })
  await shop.subscribeMessages.send(message)
  await expect(shop.subscribeMessages.send(message)).rejects.toMatchObject({ errcode: 43101 })
  expect(told.map((event) => event.kind)).toEqual(['subscribe_message.answered', 'subscribe_message.sent'])
})

test('tokens are an account’s own; a new one of the simple kind ends the one before after five minutes', async () => {
  const { url, advance, account, client } = await weixinStage()
  const { appId, secret } = await account('service')
  const query = { grant_type: 'client_credential', appid: appId, secret }
  const fetched = async (over: object = {}): Promise<Answer> =>
    (await fetch(`${url}/weixin/cgi-bin/token?${new URLSearchParams({ ...query, ...over })}`)).json()
  const listed = async (token: string): Promise<Answer> =>
    (await fetch(`${url}/weixin/cgi-bin/user/get?access_token=${token}`)).json()
  const [first, second] = [await fetched(), await fetched()]
  expect(first).not.toHaveProperty('errcode')
  expect(first.access_token).not.toBe(second.access_token)
  expect((await listed(first.access_token)).errcode).toBeUndefined()
  await advance(300_000)
  expect((await listed(first.access_token)).errcode).toBe(40001)
  expect((await listed(second.access_token)).total).toBeGreaterThan(0)
  expect((await fetched({ secret: 'x' })).errcode).toBe(40125)
  expect((await fetched({ appid: 'wxother' })).errcode).toBe(40013)
  const shop = await client('shop')
  await expect(shop.followers.list({})).rejects.toMatchObject({ errcode: 48001 })
  const stable = { ...query, grant_type: 'client_credential' as const }
  const one = await shop.auth.getStableToken(stable)
  expect(await shop.auth.getStableToken(stable)).toEqual(one)
  expect((await shop.auth.getStableToken({ ...stable, force_refresh: true })).access_token).not.toBe(one.access_token)
  await expect(shop.auth.getStableToken({ ...stable, force_refresh: true })).rejects.toMatchObject({ errcode: 45011 })
})

test('a callback that is cut off comes again, three times in all; one that was refused does not', async () => {
  const { act, customer, stumble, told, admin } = await weixinStage()
  const { id } = await customer()
  stumble.push('cut', 'cut')
  await act(id, 'oa/follow')
  expect(told).toHaveLength(1)
  stumble.push(500)
  await act(id, 'oa/unfollow')
  const { callbacks } = await admin('GET', '/oracle/callbacks?appKey=service')
  const results = callbacks.map((one: Answer) => one.result)
  expect(results.reverse()).toEqual(['network', 'network', 'acknowledged', 'refused'])
})

test('what people have done is there after a restart', async () => {
  const stateFile = join(mkdtempSync(join(tmpdir(), 'nuanyu-weixin-')), 'state.json')
  const first = await weixinStage({ stateFile })
  const { id } = await first.customer()
  const code = await (await first.client('service')).qrcodes.create({ ...scene, expire_seconds: 86_400 })
  await first.act(id, 'oa/follow')
  await first.act(id, 'shop/pay', { items: [{ productId: 'P0001', quantity: 2 }] })
  const before = await first.admin('GET', `/people/${id}/weixin`)
  const orders = await first.admin('GET', '/shop/orders')
  await first.sandbox.close()
  const again = await stage({ stateFile })
  expect(await again.admin('GET', `/people/${id}/weixin`)).toEqual(before)
  expect(await again.admin('GET', '/shop/orders')).toEqual(orders)
  const scanned = await again.admin('POST', `/people/${id}/scan`, { content: code.url })
  expect(scanned).toMatchObject({ kind: 'official', following: true })
  expect((await again.admin('GET', '/weixin')).accounts[0].callback.token).toBe(KEYS.token)
})
