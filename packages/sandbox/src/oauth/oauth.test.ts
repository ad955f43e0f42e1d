import { expect, test } from 'vitest'
import { type Stage, stage } from '../testing/stage.ts'

const authorize = ({ url, sandbox }: Stage, fields: Record<string, string> = {}) => {
  const query = {
    appid: sandbox.world.corpId,
    redirect_uri: 'https://app.example/back?x=1',
    response_type: 'code',
    scope: 'snsapi_base',
    state: 'abc123',
    agentid: '1000002',
    ...fields,
  }
  return fetch(`${url}/connect/oauth2/authorize?${new URLSearchParams(query)}`, { redirect: 'manual' })
}
const codeOf = async (at: Stage, fields: Record<string, string>): Promise<string> => {
  const location = new URL((await authorize(at, fields)).headers.get('location') ?? '')
  expect(location.searchParams.get('state')).toBe('abc123')
  expect(location.searchParams.get('x')).toBe('1')
  return location.searchParams.get('code') ?? ''
}

test('a visitor says who he is and comes back with a code that works once, for five minutes', async () => {
  const at = await stage()
  expect(await (await authorize(at)).text()).toContain('陈晓雨')
  const code = await codeOf(at, { visitor: 'chenxiaoyu' })
  expect(await at.get('auth/getuserinfo', { code })).toEqual({ errcode: 0, errmsg: 'ok', userid: 'chenxiaoyu' })
  expect((await at.get('auth/getuserinfo', { code })).errcode).toBe(40029)
  const old = await codeOf(at, { visitor: 'chenxiaoyu' })
  await at.advance(300_000)
  expect((await at.get('auth/getuserinfo', { code: old })).errcode).toBe(40029)
  expect((await at.get('auth/getuserinfo', { code: 'made-up' })).errcode).toBe(40029)
  expect((await at.get('auth/getuserinfo')).errcode).toBe(41008)
})

test('a customer of a visible member comes with his external_userid, a stranger without, a member outside the range still by userid', async () => {
  const at = await stage()
  const { person } = await at.add()
  const stranger = await at.customer()
  const info = async (visitor: string) => at.get('auth/getuserinfo', { code: await codeOf(at, { visitor }) })
  expect(await info(person.id)).toMatchObject({
    external_userid: person.externalUserId,
    openid: expect.stringMatching(/^o/),
  })
  expect(await info(stranger.id)).not.toHaveProperty('external_userid')
  await at.settings({ apps: { nuanyu: { visible: { users: ['nobody'], departments: [] } } } })
  expect(await info(person.id)).not.toHaveProperty('external_userid')
  expect(await info('chenxiaoyu')).toMatchObject({ userid: 'chenxiaoyu' })
})

test('a code is for the app it was asked for', async () => {
  const at = await stage()
  const code = await codeOf(at, { visitor: 'chenxiaoyu' })
  expect((await at.get('auth/getuserinfo', { code }, 'crm')).errcode).toBe(40029)
})

test('private fields need the scope, its agentid and a ticket that lives half an hour', async () => {
  const at = await stage()
  expect((await authorize(at, { scope: 'snsapi_privateinfo', agentid: '' })).status).toBe(400)
  const code = await codeOf(at, { visitor: 'chenxiaoyu', scope: 'snsapi_privateinfo' })
  const { user_ticket } = await at.get('auth/getuserinfo', { code })
  expect(await at.call('auth/getuserdetail', { user_ticket })).toMatchObject({
    userid: 'chenxiaoyu',
    mobile: expect.stringMatching(/^138\d{8}$/),
  })
  expect((await at.call('auth/getuserdetail', { user_ticket }, 'crm')).errcode).toBe(84015)
  await at.advance(1_800_000)
  expect((await at.call('auth/getuserdetail', { user_ticket })).errcode).toBe(84014)
})

test('only the registered domain is led back to, exact and with its port', async () => {
  const at = await stage()
  await at.settings({ apps: { nuanyu: { redirectDomains: ['app.example:8443'] } } })
  const visitor = 'chenxiaoyu'
  expect((await authorize(at, { visitor })).status).toBe(400)
  expect((await authorize(at, { visitor, redirect_uri: 'https://x.app.example:8443/' })).status).toBe(400)
  expect((await authorize(at, { visitor, redirect_uri: 'https://app.example:8443/back' })).status).toBe(302)
  expect((await authorize(at, { visitor, redirect_uri: 'javascript:alert(1)' })).status).toBe(400)
  expect((await authorize(at, { visitor, state: 'a-b' })).status).toBe(400)
  expect((await authorize(at, { appid: 'ww0' })).status).toBe(400)
})

test('web log-in leads back with code and state as well', async () => {
  const at = await stage()
  const query = new URLSearchParams({
    login_type: 'CorpApp',
    appid: at.sandbox.world.corpId,
    agentid: '1000002',
    redirect_uri: 'http://127.0.0.1:3000/api/session/wecom',
    state: 's1',
    visitor: 'chenxiaoyu',
  })
  const answer = await fetch(`${at.url}/wwlogin/sso/login?${query}`, { redirect: 'manual' })
  const back = new URL(answer.headers.get('location') ?? '')
  expect(back.searchParams.get('state')).toBe('s1')
  expect((await at.get('auth/getuserinfo', { code: back.searchParams.get('code') ?? '' })).userid).toBe('chenxiaoyu')
})

test('names cannot put markup into the page', async () => {
  const at = await stage()
  await at.admin('POST', '/people', { role: 'staff', name: '<script>alert(1)</script>', userid: 'evil' })
  const page = await (await authorize(at, { q: 'script' })).text()
  expect(page).toContain('&lt;script&gt;')
  expect(page).not.toContain('<script>')
})
