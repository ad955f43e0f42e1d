import { weixinAuthorizeUrl } from '@nuanyu/wecom'
import { expect, test } from 'vitest'
import { type WeixinStage, weixinStage } from './testing.ts'

const back = 'https://brand.example/page?x=1'
async function authorize(at: WeixinStage, over: Record<string, string> = {}): Promise<Response> {
  const { appId } = await at.account('service')
  const page = new URL(weixinAuthorizeUrl(at.url, { appId, back, scope: 'snsapi_base', state: 'abc123' }))
  for (const [name, value] of Object.entries(over)) page.searchParams.set(name, value)
  page.hash = ''
  return fetch(page, { redirect: 'manual' })
}
async function codeOf(at: WeixinStage, over: Record<string, string>): Promise<string> {
  const location = new URL((await authorize(at, over)).headers.get('location') ?? '')
  expect([location.searchParams.get('state'), location.searchParams.get('x')]).toEqual(['abc123', '1'])
  return location.searchParams.get('code') ?? ''
}

test('a page learns silently who opens it: the openid of this account, by a code that works once, for five minutes', async () => {
  const at = await weixinStage()
  const service = await at.client('service')
  const { id } = await at.customer()
  const { accounts } = await at.admin('GET', `/people/${id}/weixin`)
  const code = await codeOf(at, { visitor: id })
  const visit = await service.openVisit(code)
  expect(visit).toMatchObject({ openid: accounts[0].openId, scope: 'snsapi_base', expires_in: 7200 })
  // the unionid is told of the whole scope only
  expect(visit).not.toHaveProperty('unionid')
  await expect(service.openVisit(code)).rejects.toMatchObject({ errcode: 40163 })
  await expect(service.openVisit('made-up')).rejects.toMatchObject({ errcode: 40029 })
  const late = await codeOf(at, { visitor: id })
  await at.advance(300_000)
  await expect(service.openVisit(late)).rejects.toMatchObject({ errcode: 42003 })
  const asked = { access_token: visit.access_token, openid: visit.openid }
  await expect(service.oauth.userInfo(asked)).rejects.toMatchObject({ errcode: 48001 })
  await service.oauth.check(asked)
  await expect(service.oauth.check({ ...asked, openid: accounts[1].openId })).rejects.toMatchObject({ errcode: 40003 })
})

test('name and unionid need the whole scope: silent for a follower, asked of everybody else, who may refuse', async () => {
  const at = await weixinStage()
  const service = await at.client('service')
  const { id, unionId } = await at.customer()
  const whole = { visitor: id, scope: 'snsapi_userinfo' }
  expect(await (await authorize(at, whole)).text()).toContain('申请获取你的昵称')
  expect(await codeOf(at, { ...whole, agree: '0' })).toBe('')
  const visit = await service.openVisit(await codeOf(at, { ...whole, agree: '1' }))
  expect(visit).toMatchObject({ unionid: unionId, scope: 'snsapi_userinfo' })
  const shown = await service.oauth.userInfo({ access_token: visit.access_token, openid: visit.openid })
  expect(shown).toMatchObject({ unionid: unionId, nickname: expect.any(String), sex: 0, city: '' })
  await at.act(id, 'oa/follow')
  await service.openVisit(await codeOf(at, whole))
  await at.settings({ weixin: { bound: { service: false } } })
  expect(await service.openVisit(await codeOf(at, whole))).not.toHaveProperty('unionid')
})

test('a token lives two hours and is lengthened or renewed by its refresh token, which lives thirty days', async () => {
  const at = await weixinStage()
  const service = await at.client('service')
  const { appId } = await at.account('service')
  const { id } = await at.customer()
  const { access_token, refresh_token, openid } = await service.openVisit(await codeOf(at, { visitor: id }))
  const renew = (token: string) =>
    service.oauth.refresh({ appid: appId, grant_type: 'refresh_token', refresh_token: token })
  await at.advance(3_600_000)
  expect((await renew(refresh_token)).access_token).toBe(access_token)
  await at.advance(7_000_000)
  await service.oauth.check({ access_token, openid })
  await at.advance(300_000)
  await expect(service.oauth.check({ access_token, openid })).rejects.toMatchObject({ errcode: 42001 })
  const renewed = await renew(refresh_token)
  expect(renewed.access_token).not.toBe(access_token)
  await service.oauth.check({ access_token: renewed.access_token, openid })
  await expect(renew('made-up')).rejects.toMatchObject({ errcode: 40030 })
  await at.advance(30 * 86_400_000)
  await expect(renew(refresh_token)).rejects.toMatchObject({ errcode: 42002 })
  // what is said of a person's token ends nothing of the account's
  expect((await service.followers.list({})).total).toBeGreaterThan(0)
})

test('a page that WeChat shows as a snapshot meets a virtual person, who is nobody', async () => {
  const at = await weixinStage()
  const service = await at.client('service')
  await at.settings({ weixin: { snapshotPages: true } })
  const { id } = await at.customer()
  const { accounts } = await at.admin('GET', `/people/${id}/weixin`)
  const visit = await service.openVisit(await codeOf(at, { visitor: id, scope: 'snsapi_userinfo', agree: '1' }))
  expect(visit).toMatchObject({ is_snapshotuser: 1 })
  expect(visit.openid).not.toBe(accounts[0].openId)
  expect(visit).not.toHaveProperty('unionid')
})

test('only the registered domain is led back to, with the right scope and state, and never for a mini program', async () => {
  const at = await weixinStage()
  const { id } = await at.customer()
  await at.settings({ weixin: { redirectDomains: ['brand.example'] } })
  const status = async (over: Record<string, string>) => (await authorize(at, { visitor: id, ...over })).status
  expect(await status({})).toBe(302)
  expect(await status({ redirect_uri: 'https://x.brand.example/' })).toBe(400)
  expect(await status({ redirect_uri: 'javascript:alert(1)' })).toBe(400)
  expect(await status({ scope: 'snsapi_privateinfo' })).toBe(400)
  expect(await status({ state: 'a-b' })).toBe(400)
  expect(await status({ state: 'a'.repeat(129) })).toBe(400)
  expect(await status({ appid: (await at.account('shop')).appId })).toBe(400)
  const shop = await at.client('shop')
  await expect(shop.openVisit(await codeOf(at, { visitor: id }))).rejects.toMatchObject({ errcode: 48001 })
  expect(await (await authorize(at)).text()).toContain('以谁的身份继续')
})

test('inside WeChat his own browser lets a page know him without a word, and refuses pages that are not the brand’s', async () => {
  const at = await weixinStage()
  const { id } = await at.customer()
  const { appId } = await at.account('service')
  const home = `${at.url}/sandbox/weixin`
  const url = weixinAuthorizeUrl(at.url, { appId, back: home, scope: 'snsapi_base', state: 's' })
  const answer = await at.admin('POST', `/people/${id}/open`, { url })
  // it came back to the page with a code: that one is JSON and no page
  expect(answer.error.code).toBe('no_page')
  expect((await at.admin('POST', `/people/${id}/open`, { url: 'https://elsewhere.example/' })).error.code).toBe(
    'foreign_page',
  )
})
