import { readdirSync, readFileSync } from 'node:fs'
import { allWeixinEndpoints, findWeixinEndpointByPath } from '@nuanyu/wecom'
import { describe, expect, test } from 'vitest'
import type { Answer } from '../testing/stage.ts'
import { weixinStage } from './testing.ts'

const leaf = { type: 'click', name: '今日水果', key: 'FRUIT' }
const menu = (...button: object[]) => ({ button })
const sub = (over: object) => menu({ name: '更多', sub_button: [{ ...leaf, ...over }] })
const view = (url: string) => ({ type: 'view', name: '商城', url })
const qr = (over: object) => ({ action_name: 'QR_STR_SCENE', action_info: { scene: { scene_str: 'a' } }, ...over })
const openids = (count: number) => Array.from({ length: count }, () => 'o1')

type Case = readonly [code: number, account: 'service' | 'shop', path: string, request: object]
/** What is wrong with a request itself: each is refused by the platform with a code of its own. */
const requests: readonly Case[] = [
  [41002, 'service', '/cgi-bin/token', { grant_type: 'client_credential', secret: 's' }],
  [41004, 'service', '/cgi-bin/stable_token', { grant_type: 'client_credential', appid: 'wx1' }],
  [40002, 'service', '/cgi-bin/token', { grant_type: 'x', appid: 'wx1', secret: 's' }],
  [41008, 'shop', '/sns/jscode2session', { appid: 'wx1', secret: 's', grant_type: 'authorization_code' }],
  [41003, 'service', '/sns/oauth2/refresh_token', { appid: 'wx1', grant_type: 'refresh_token' }],
  [41001, 'service', '/sns/userinfo', { openid: 'o1' }],
  [40035, 'service', '/cgi-bin/user/info/batchget', { user_list: openids(101).map((openid) => ({ openid })) }],
  [40053, 'service', '/cgi-bin/qrcode/create', qr({ action_name: 'QR' })],
  [40129, 'service', '/cgi-bin/qrcode/create', qr({ action_info: { scene: { scene_str: 'x'.repeat(65) } } })],
  [40035, 'service', '/cgi-bin/qrcode/create', qr({ expire_seconds: 2_592_001 })],
  [40008, 'service', '/cgi-bin/message/custom/send', { touser: 'o1', msgtype: 'song' }],
  [44004, 'service', '/cgi-bin/message/custom/send', { touser: 'o1', msgtype: 'text', text: { content: '' } }],
  [40016, 'service', '/cgi-bin/menu/create', menu(leaf, leaf, leaf, leaf)],
  [40017, 'service', '/cgi-bin/menu/create', menu({ ...leaf, type: 'jump' })],
  [40018, 'service', '/cgi-bin/menu/create', menu({ ...leaf, name: '六个字的名称' })],
  [40019, 'service', '/cgi-bin/menu/create', menu({ ...leaf, key: 'k'.repeat(129) })],
  [40020, 'service', '/cgi-bin/menu/create', menu(view(`https://a.cn/${'u'.repeat(1024)}`))],
  [40055, 'service', '/cgi-bin/menu/create', menu(view('a.cn'))],
  [40007, 'service', '/cgi-bin/menu/create', menu({ type: 'media_id', name: '图' })],
  [40023, 'service', '/cgi-bin/menu/create', menu({ name: '更多', sub_button: Array.from({ length: 6 }, () => leaf) })],
  [40024, 'service', '/cgi-bin/menu/create', sub({ type: 'jump' })],
  [40025, 'service', '/cgi-bin/menu/create', sub({ name: '字'.repeat(21) })],
  [40026, 'service', '/cgi-bin/menu/create', sub({ key: '' })],
  [40027, 'service', '/cgi-bin/menu/create', sub(view(`https://a.cn/${'u'.repeat(1024)}`))],
  [40054, 'service', '/cgi-bin/menu/create', sub(view('ftp://a.cn'))],
  [65307, 'service', '/cgi-bin/menu/addconditional', menu(leaf)],
  [65304, 'service', '/cgi-bin/menu/addconditional', { ...menu(leaf), matchrule: {} }],
  [65320, 'service', '/cgi-bin/menu/addconditional', { ...menu(leaf), matchrule: { tag_id: 2, sex: 1 } }],
  [45158, 'service', '/cgi-bin/tags/create', { tag: { name: '签'.repeat(11) } }],
  [40032, 'service', '/cgi-bin/tags/members/batchtagging', { tagid: 1, openid_list: openids(51) }],
  [40097, 'shop', '/wxa/getwxacodeunlimit', { scene: 'a%b' }],
  [40097, 'shop', '/wxa/getwxacodeunlimit', { scene: 'a'.repeat(33) }],
  [40212, 'shop', '/wxa/generate_urllink', { query: 'q'.repeat(1025) }],
  [85401, 'shop', '/wxa/generate_urllink', { expire_type: 1, expire_interval: 31 }],
]

describe('what is wrong with a request is refused in the platform’s own order and words', () => {
  test('each with its code', async () => {
    const at = await weixinStage()
    const tokens = new Map<string, string>()
    for (const key of ['service', 'shop'] as const) {
      const { appId, secret } = await at.account(key)
      const answer = await at
        .client(key)
        .then((client) => client.auth.getStableToken({ grant_type: 'client_credential', appid: appId, secret }))
      tokens.set(key, answer.access_token)
    }
    const ask = async ([, account, path, request]: Case): Promise<Answer> => {
      const endpoint = findWeixinEndpointByPath(path)?.endpoint
      const open = endpoint?.credential.includes('none') === true
      const query = new URLSearchParams(open ? {} : { access_token: tokens.get(account) ?? '' })
      const isRead = endpoint?.method === 'GET'
      if (isRead) for (const [name, value] of Object.entries(request)) query.set(name, String(value))
      const init = isRead ? {} : { method: 'POST', body: JSON.stringify(request) }
      return (await fetch(`${at.url}/weixin${path}?${query}`, init)).json()
    }
    const codes = await Promise.all(requests.map(async (one) => [one[2], one[0], (await ask(one)).errcode]))
    expect(codes).toEqual(requests.map(([code, , path]) => [path, code, code]))
  })
})

test('an address that is not in the white list is refused before anything else', async () => {
  const { client, settings } = await weixinStage()
  const service = await client('service')
  await settings({ weixin: { ipWhitelist: ['203.0.113.7'] } })
  await expect(service.followers.list({})).rejects.toMatchObject({ errcode: 40164 })
  await settings({ weixin: { ipWhitelist: ['127.0.0.1'] } })
  expect((await service.followers.list({})).total).toBeGreaterThan(0)
})

test('permanent codes have a cap and their numbers an end; the same scene is the same code', async () => {
  const { client, settings } = await weixinStage()
  const service = await client('service')
  await settings({ limits: { overrides: { 'oa.qr_permanent_max': 1 } } })
  const make = (scene_str: string) =>
    service.qrcodes.create({ action_name: 'QR_LIMIT_STR_SCENE', action_info: { scene: { scene_str } } })
  const first = await make('a')
  expect(await make('a')).toEqual(first)
  await expect(make('b')).rejects.toMatchObject({ errcode: 45029 })
  const numbered = service.qrcodes.create({
    action_name: 'QR_LIMIT_SCENE',
    action_info: { scene: { scene_id: 100_001 } },
  })
  await expect(numbered).rejects.toMatchObject({ errcode: 40129 })
})

test('a mini program that is not published gives neither codes nor links of its release', async () => {
  const { client, settings } = await weixinStage()
  const shop = await client('shop')
  await settings({ weixin: { published: false } })
  await expect(shop.wxacodes.getUnlimited({ scene: 'a' })).rejects.toMatchObject({ errcode: 85079 })
  await expect(shop.links.generateUrlLink({})).rejects.toMatchObject({ errcode: 85079 })
  expect((await shop.wxacodes.getUnlimited({ scene: 'a', env_version: 'trial' })).contentType).toBe('image/png')
})

test('the quotas of a day and of a minute are counted, an account each', async () => {
  const at = await weixinStage()
  await at.settings({
    limits: { overrides: { 'mp.links_per_day': 1, 'mp.qr_per_minute': 1, 'oa.stable_token_per_day': 3 } },
  })
  const shop = await at.client('shop')
  await shop.links.generateUrlLink({})
  await expect(shop.links.generateUrlLink({})).rejects.toMatchObject({ errcode: 45009 })
  await shop.wxacodes.getUnlimited({ scene: 'a' })
  await expect(shop.wxacodes.getUnlimited({ scene: 'b' })).rejects.toMatchObject({ errcode: 45009 })
  await at.advance(86_400_000)
  await shop.links.generateUrlLink({})
})

/** States of the platform that no call of a brand brings about: a fault of kind `errcode` plays them. */
const byFault = [40226, 43107, 44990, 45168]

test.each(byFault)('%i is played by a fault', async (errcode) => {
  const { admin, client } = await weixinStage()
  await admin('POST', '/faults', { kind: 'errcode', errcode, times: 1, match: { path: '/wxa/generate_urllink' } })
  await expect((await client('shop')).links.generateUrlLink({})).rejects.toMatchObject({ errcode })
})

test('every code that an interface declares is shown here or beside', () => {
  const folder = new URL('./', import.meta.url)
  const tests = readdirSync(folder).filter((name) => name.endsWith('.test.ts'))
  const shown = tests.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n')
  const declared = new Set(allWeixinEndpoints().flatMap(({ endpoint }) => endpoint.errors))
  expect([...declared].filter((code) => !new RegExp(`\\b${code}\\b`).test(shown)).sort()).toEqual([])
})
