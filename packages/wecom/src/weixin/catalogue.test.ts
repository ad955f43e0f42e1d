import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../endpoint.ts'
import { checkRequest } from '../request.ts'
import { allWeixinEndpoints, findWeixinEndpoint, findWeixinEndpointByPath, weixinCatalogue } from './catalogue.ts'
import { weixinErrors } from './errors.ts'

const all = allWeixinEndpoints().map((one) => [`${one.group}.${one.name}`, one.endpoint] as const)
const { qrcodes, followers, wxacodes, links, templateMessages, serviceMessages, auth, login } = weixinCatalogue
const { oauth, menus, userTags } = weixinCatalogue

describe('every interface', () => {
  test.each(all)('%s names its page, its credential and codes that are explained', (_name, endpoint) => {
    expect(endpoint.doc).toMatch(/^https:\/\/developers\.weixin\.qq\.com\//)
    expect(endpoint.credential.length).toBeGreaterThan(0)
    expect(endpoint.errors.filter((code) => weixinErrors[code] === undefined)).toEqual([])
    expect(new Set(endpoint.errors).size).toBe(endpoint.errors.length)
  })

  test('is found by its route, and only by it', () => {
    for (const [, endpoint] of all) expect(findWeixinEndpoint(endpoint.method, endpoint.path)?.endpoint).toBe(endpoint)
    expect(findWeixinEndpoint('POST', followers.list.path)).toBeUndefined()
    expect(findWeixinEndpointByPath(followers.list.path)?.name).toBe('list')
    expect(new Set(all.map(([, endpoint]) => endpoint.path)).size).toBe(all.length)
  })

  test('that spends a code or sends is never repeated', () => {
    const never = all.filter(([, endpoint]) => endpoint.repeat === 'never').map(([name]) => name)
    const spent = [
      ...['templateMessages.send', 'serviceMessages.send', 'login.code2Session', 'subscribeMessages.send'],
      ...['subscribeMessages.notify', 'oauth.exchange', 'menus.addConditional'],
    ]
    expect(never).toEqual(spent)
  })
})

const leaf = { type: 'click', name: '今日水果', key: 'FRUIT' }
const menu = (...button: object[]) => ({ button })
const sub = (over: object) => menu({ name: '更多', sub_button: [{ ...leaf, ...over }] })
const view = (url?: string) => ({ type: 'view', name: '商城', ...(url === undefined ? {} : { url }) })
const scene = (over: object) => ({ action_name: 'QR_STR_SCENE', action_info: { scene: { scene_str: 'a' } }, ...over })

describe('a request that does not fit is refused with the platform’s own code', () => {
  test.each<[number, Endpoint, unknown]>([
    [41002, auth.getToken, { grant_type: 'client_credential', secret: 's' }],
    [41004, auth.getStableToken, { grant_type: 'client_credential', appid: 'wx1' }],
    [40002, auth.getToken, { grant_type: 'x', appid: 'wx1', secret: 's' }],
    [41008, login.code2Session, { appid: 'wx1', secret: 's', grant_type: 'authorization_code' }],
    [40003, followers.get, {}],
    [40035, followers.batchGet, { user_list: Array.from({ length: 101 }, () => ({ openid: 'o' })) }],
    [40053, qrcodes.create, scene({ action_name: 'QR' })],
    [40129, qrcodes.create, scene({ action_info: { scene: { scene_str: 'x'.repeat(65) } } })],
    [40129, qrcodes.create, scene({ action_name: 'QR_SCENE' })],
    [40035, qrcodes.create, scene({ expire_seconds: 2_592_001 })],
    [40037, templateMessages.send, { touser: 'o', template_id: '', data: {} }],
    [47003, templateMessages.send, { touser: 'o', template_id: 't', data: { first: 'x' } }],
    [40008, serviceMessages.send, { touser: 'o', msgtype: 'song' }],
    [44004, serviceMessages.send, { touser: 'o', msgtype: 'text', text: { content: '' } }],
    [40097, wxacodes.getUnlimited, { scene: 'a%b' }],
    [40097, wxacodes.getUnlimited, { scene: 'a'.repeat(33) }],
    [40097, wxacodes.getUnlimited, { scene: 'a', page: '/pages/index' }],
    [40097, wxacodes.getUnlimited, { scene: 'a', width: 279 }],
    [85401, links.generateUrlLink, { expire_type: 1, expire_interval: 31 }],
    [85401, links.generateUrlLink, { expire_type: 1 }],
    [40212, links.generateUrlLink, { query: 'q'.repeat(1025) }],
    [40212, links.generateUrlLink, { query: 'name=榴莲' }],
    [41008, oauth.exchange, { appid: 'wx1', secret: 's', grant_type: 'authorization_code' }],
    [41003, oauth.refresh, { appid: 'wx1', grant_type: 'refresh_token' }],
    [41001, oauth.userInfo, { openid: 'o' }],
    [40003, oauth.check, { access_token: 't' }],
    [40016, menus.create, menu()],
    [40016, menus.create, menu(leaf, leaf, leaf, leaf)],
    [40017, menus.create, menu({ ...leaf, type: 'jump' })],
    [40017, menus.create, menu({ name: '没有动作' })],
    [40018, menus.create, menu({ ...leaf, name: '六个字的名称' })],
    [40019, menus.create, menu({ ...leaf, key: 'k'.repeat(129) })],
    [40020, menus.create, menu(view())],
    [40020, menus.create, menu(view(`https://a.cn/${'u'.repeat(1024)}`))],
    [40055, menus.create, menu(view('a.cn'))],
    [40017, menus.create, menu({ ...view('https://a.cn'), type: 'miniprogram' })],
    [40023, menus.create, menu({ name: '更多', sub_button: Array.from({ length: 6 }, () => leaf) })],
    [40024, menus.create, sub({ type: 'jump' })],
    [40025, menus.create, sub({ name: '字'.repeat(21) })],
    [40026, menus.create, sub({ key: '' })],
    [40027, menus.create, sub(view())],
    [40054, menus.create, sub(view('ftp://a.cn'))],
    [65307, menus.addConditional, menu(leaf)],
    [65304, menus.addConditional, { ...menu(leaf), matchrule: {} }],
    [65320, menus.addConditional, { ...menu(leaf), matchrule: { tag_id: 2, sex: 1 } }],
    [45158, userTags.create, { tag: { name: '签'.repeat(11) } }],
    [40032, userTags.tag, { tagid: 1, openid_list: Array.from({ length: 51 }, () => 'o') }],
  ])('%i', (errcode, endpoint, request) => {
    const checked = checkRequest(endpoint, request)
    expect(checked.ok).toBe(false)
    // data that is no record of values has no code of its own inside
    if (errcode !== 47003) expect(checked).toMatchObject({ errcode })
  })
})

test('no declaration holds a platform number: bounds name their limit', () => {
  const folder = new URL('./endpoints/', import.meta.url)
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    const source = readFileSync(new URL(file, folder), 'utf8')
    expect([file, source.match(/\.(max|length|lte?)\(\d+/g)]).toEqual([file, null])
  }
})
