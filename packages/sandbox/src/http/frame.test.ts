import { expect, test } from 'vitest'
import { type Answer, stage } from '../testing/stage.ts'

const HOUR_MS = 3_600_000

const raw = async (url: string, init?: RequestInit): Promise<Answer> => await (await fetch(url, init)).json()

test('no token is 41001, an invented one 40014, an old one 42001', async () => {
  const { url, token, advance } = await stage()
  expect((await raw(`${url}/cgi-bin/getcallbackip`)).errcode).toBe(41001)
  expect((await raw(`${url}/cgi-bin/getcallbackip?access_token=garbled`)).errcode).toBe(40014)
  const old = await token()
  await advance(2 * HOUR_MS)
  expect((await raw(`${url}/cgi-bin/getcallbackip?access_token=${old}`)).errcode).toBe(42001)
  expect(old.length).toBeLessThanOrEqual(512)
})

test('gettoken gives the same token with its remaining life until it expires', async () => {
  const { url, sandbox, advance } = await stage()
  const secret = sandbox.platform.apps.get('nuanyu')?.secret
  const path = `${url}/cgi-bin/gettoken?corpid=${sandbox.world.corpId}&corpsecret=${secret}`
  const first = await raw(path)
  expect(first).toMatchObject({ errcode: 0, expires_in: 7200 })
  await advance(HOUR_MS)
  expect(await raw(path)).toMatchObject({ access_token: first.access_token, expires_in: 3600 })
  await advance(HOUR_MS)
  expect((await raw(path)).access_token).not.toBe(first.access_token)
})

test('wrong secrets, repeated, ban the address for an hour whatever it calls', async () => {
  const { url, sandbox, token, get, advance } = await stage()
  await token()
  const path = `${url}/cgi-bin/gettoken?corpid=${sandbox.world.corpId}&corpsecret=wrong`
  for (let n = 0; n < 5; n++) expect((await raw(path)).errcode).toBe(40001)
  expect((await raw(path)).errcode).toBe(45009)
  expect((await get('getcallbackip')).errcode).toBe(45009)
  await advance(HOUR_MS)
  expect((await get('getcallbackip')).errcode).toBe(0)
  expect((await raw(`${url}/cgi-bin/gettoken?corpid=ww0&corpsecret=x`)).errcode).toBe(40013)
})

test('an address that is not trusted is 60020, before any parameter is looked at', async () => {
  const { settings, call, get } = await stage()
  await get('getcallbackip')
  await settings({ apps: { nuanyu: { trustedIps: ['203.0.113.5'] } } })
  expect((await call('externalcontact/add_contact_way', {})).errcode).toBe(60020)
})

test('an app that is not among the callable ones is 48002, a disabled one 50003', async () => {
  const { settings, call } = await stage()
  await settings({ apps: { nuanyu: { callable: false } } })
  expect((await call('externalcontact/add_contact_way', {})).errcode).toBe(48002)
  await settings({ apps: { nuanyu: { callable: true, enabled: false } } })
  expect((await call('externalcontact/add_contact_way', {})).errcode).toBe(50003)
})

test('contacts-sync reads ids but neither names nor customers', async () => {
  const { get, call } = await stage()
  expect((await get('department/simplelist', {}, 'contacts')).department_id.length).toBeGreaterThan(5)
  expect((await call('user/list_id', {}, 'contacts')).dept_user.length).toBeGreaterThanOrEqual(12)
  expect((await get('user/get', { userid: 'chenxiaoyu' }, 'contacts')).errcode).toBe(48009)
  expect((await get('externalcontact/get_follow_user_list', {}, 'contacts')).errcode).toBe(48002)
  expect((await call('user/list_id', {}, 'nuanyu')).errcode).toBe(48002)
})

test('a body that is no JSON object says so, and the wrong method is 40058', async () => {
  const { url, token, get } = await stage()
  const path = `${url}/cgi-bin/externalcontact/add_contact_way?access_token=${await token()}`
  for (const body of ['{"type":', '[1]', '"x"', 'null']) {
    const answer = await raw(path, { method: 'POST', body })
    expect(answer.errcode).toBe(40058)
    expect(answer.errmsg).toContain('Warning: wrong json format.')
  }
  expect((await get('externalcontact/add_contact_way')).errcode).toBe(40058)
  const big = await raw(path, { method: 'POST', body: `{"remark":"${'x'.repeat(3_000_000)}"}` })
  expect(big.errcode).toBe(40206)
})

test('an error carries a hint, the address of the caller and where to read more', async () => {
  const { url } = await stage()
  const { errmsg } = await raw(`${url}/cgi-bin/getcallbackip`)
  expect(errmsg).toMatch(
    /^access_token missing, hint: \[\d+_\d+_[0-9a-f]{8}\], from ip: 127\.0\.0\.1, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=41001$/,
  )
})

test('a path that is not declared is not found, and says what to do', async () => {
  const { url } = await stage()
  const answer = await fetch(`${url}/cgi-bin/nothing`)
  expect(answer.status).toBe(404)
  expect(((await answer.json()) as Answer).errmsg).toContain('--endpoints')
})

test('debug mode is five calls a minute', async () => {
  const { get } = await stage()
  for (let n = 0; n < 5; n++) expect((await get('getcallbackip', { debug: '1' })).errcode).toBe(0)
  expect((await get('getcallbackip', { debug: '1' })).errcode).toBe(45009)
  expect((await get('getcallbackip')).errcode).toBe(0)
})
