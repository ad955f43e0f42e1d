import { createClient, limitProfile, memoryBudget, memoryTokenStore } from '@nuanyu/wecom'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { manualClock } from '../../../infra/clock.ts'
import { testSite } from '../../../infra/http/testing.ts'
import type { Platform } from '../../../infra/platform/platform.ts'
import { testSandbox } from '../../../infra/platform/testing.ts'
import { createVault } from '../../../infra/secrets/vault.ts'
import { testDay } from '../../../infra/testing-time.ts'
import { accountsRoutes } from './accounts.routes.ts'
import { insertAccount } from './accounts.store.ts'
import { newTrip, openTrip, scanLifeMs, scanSite, sealTrip } from './scan.ts'
import { ownPath } from './sign-in.ts'

const sandbox = testSandbox({ people: 20 })
const { url } = await sandbox.listen({ port: 0, host: '127.0.0.1' })
afterAll(() => sandbox.close())
const app = sandbox.platform.apps.get('nuanyu')
if (app === undefined) throw new Error('the sandbox has no app nuanyu')
const client = createClient({
  baseUrl: url,
  corpId: sandbox.world.corpId,
  appKey: app.appKey,
  secret: app.secret,
  tokens: memoryTokenStore(),
  budget: memoryBudget(limitProfile()),
  limits: limitProfile(),
})
const machine = manualClock(testDay)
const platform = { forApp: async () => client } as Partial<Platform> as Platform
const site = await testSite({
  routes: (services) => [accountsRoutes(services, { machine, scanSite: url })],
  services: { platform },
  machine,
})
const { db, corpId } = site
const [scanner, stranger] = sandbox.world.staff.all().map((member) => member.userid)
if (scanner === undefined || stranger === undefined) throw new Error('the sandbox has no staff')
const accountId = uuid()

/** Goes to the platform's page and scans as somebody; answers where the platform sends him, and his cookie. */
async function scan(visitor: string, next = '/customers?page=2') {
  const start = await site.anonymous.send(`/api/auth/wecom/start?return_to=${encodeURIComponent(next)}`)
  expect(start.status).toBe(302)
  const cookie = (start.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const page = start.headers.get('location') ?? ''
  const back = await fetch(`${page}&visitor=${visitor}`, { redirect: 'manual' })
  const target = new URL(back.headers.get('location') ?? 'about:blank')
  return { cookie, page: new URL(page), start, target, path: `${target.pathname}${target.search}` }
}
const comeBack = (path: string, cookie: string) => site.anonymous.send(path, { headers: { cookie } })

async function problem(response: Promise<Response>, status: number): Promise<string> {
  const { status: seen, headers } = await response
  expect(seen).toBe(status)
  expect(headers.get('content-type')).toContain('text/html')
  expect(headers.get('set-cookie') ?? '').not.toContain('nuanyu_session')
  return (await response).text()
}

beforeEach(async () => {
  sandbox.platform.faults.clear()
  await db.deleteFrom('accounts').execute()
  await db.deleteFrom('apps').execute()
  await db.updateTable('corps').set({ corpid: sandbox.world.corpId }).where('id', '=', corpId).execute()
  await db
    .insertInto('apps')
    .values({
      id: uuid(),
      corp_id: corpId,
      app_key: app.appKey,
      kind: 'app',
      name: app.name,
      agent_id: app.agentId,
      secret_sealed: site.services.vault.seal(app.secret),
      created_at: site.clock.now(),
    })
    .execute()
  await insertAccount(db, {
    id: accountId,
    corpId,
    username: 'scanner',
    name: '扫码人',
    role: 'guide',
    scope: { kind: 'self', userid: scanner },
    wecomUserid: scanner,
    locale: 'zh',
    passwordHash: undefined,
    createdAt: site.clock.now(),
    createdBy: 'test',
  })
})

describe('logging in by scan', () => {
  it('goes to the platform’s page with app, address and state, and comes back to where the person wanted', async () => {
    const trip = await scan(scanner)
    expect(trip.page.pathname).toBe('/wwlogin/sso/login')
    expect(Object.fromEntries(trip.page.searchParams)).toMatchObject({
      login_type: 'CorpApp',
      appid: sandbox.world.corpId,
      agentid: String(app.agentId),
      redirect_uri: `${site.services.config.publicUrl}/api/auth/wecom/callback`,
      state: expect.stringMatching(/^[a-zA-Z0-9]{48}$/),
    })
    const back = await comeBack(trip.path, trip.cookie)
    expect([back.status, back.headers.get('location')]).toEqual([302, '/customers?page=2'])
    const session = /nuanyu_session=([\w-]+)/.exec(back.headers.get('set-cookie') ?? '')?.[0] ?? ''
    const me: unknown = await (await comeBack('/api/auth/me', session)).json()
    expect(me).toMatchObject({
      account: { id: accountId, role: 'guide', scope: { kind: 'self' }, has_password: false },
    })
    const { items } = (await (await comeBack('/api/auth/sessions', session)).json()) as { items: unknown[] }
    expect(items).toMatchObject([{ method: 'wecom', current: true }])
  })

  it('is offered where an app is connected', async () => {
    expect((await site.anonymous.get('/api/auth/methods')).body).toEqual({
      password: true,
      wecom: [{ corp: sandbox.world.corpId, name: '测试品牌' }],
    })
    await db.deleteFrom('apps').execute()
    expect((await site.anonymous.get('/api/auth/methods')).body).toMatchObject({ wecom: [] })
    expect(await problem(site.anonymous.send('/api/auth/wecom/start'), 400)).toContain('接入向导')
  })

  it('lets only registered accounts in: being a member of the corp proves no right', async () => {
    const trip = await scan(stranger)
    const page = await problem(comeBack(trip.path, trip.cookie), 403)
    expect(page).toContain(stranger)
    expect(page).toContain('管理员')
  })

  it('refuses a customer, and a disabled account', async () => {
    const customer = sandbox.world.customers.externalUserId(0)
    const asCustomer = await scan(customer)
    expect(await problem(comeBack(asCustomer.path, asCustomer.cookie), 403)).toContain('不是这个企业的成员')
    await db.updateTable('accounts').set({ disabled_at: machine.now() }).execute()
    const disabled = await scan(scanner)
    expect(await problem(comeBack(disabled.path, disabled.cookie), 403)).toContain('停用')
  })

  it('refuses a code that came to another browser, with another state, or too late', async () => {
    const [mine, other] = [await scan(scanner), await scan(scanner)]
    await problem(comeBack(mine.path, ''), 400)
    await problem(comeBack(mine.path, other.cookie), 400)
    await problem(comeBack(mine.path, 'nuanyu_scan=made-up'), 400)
    machine.advance(scanLifeMs + 1)
    expect(await problem(comeBack(mine.path, mine.cookie), 400)).toContain('10 分钟')
  })

  it('explains a code that was used already (40029)', async () => {
    const trip = await scan(scanner)
    expect((await comeBack(trip.path, trip.cookie)).status).toBe(302)
    expect(await problem(comeBack(trip.path, trip.cookie), 502)).toContain('40029')
  })

  it('explains what else the platform may answer, and a platform that cannot be reached', async () => {
    const trip = await scan(scanner)
    const path = '/cgi-bin/auth/getuserinfo'
    sandbox.platform.faults.add({ match: { path }, kind: 'errcode', errcode: 60020 })
    expect(await problem(comeBack(trip.path, trip.cookie), 502)).toContain('可信 IP')
    sandbox.platform.faults.clear()
    sandbox.platform.faults.add({ match: { path }, kind: 'lost_answer' })
    expect(await problem(comeBack(trip.path, trip.cookie), 502)).toContain('稍后重试')
  })

  it('explains a person who cancelled', async () => {
    const trip = await scan(scanner)
    const state = trip.page.searchParams.get('state')
    expect(await problem(comeBack(`/api/auth/wecom/callback?state=${state}`, trip.cookie), 400)).toContain('取消')
  })
})

describe('the way back', () => {
  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/api/auth/logout',
    '',
    '/a b',
  ])('never leads to %j', (wanted) => expect(ownPath(wanted)).toBe('/'))

  it('cannot be forged, nor read, in the browser', () => {
    const [ours, theirs] = [createVault('one'), createVault('two')]
    const trip = newTrip({ corpId: 1, corpid: 'ww1', corpName: '', appKey: 'nuanyu', agentId: 1 }, '/x', machine.now())
    const sealed = sealTrip(ours, trip)
    expect(openTrip(ours, sealed, trip.state, machine.now())).toEqual(trip)
    expect(openTrip(theirs, sealed, trip.state, machine.now())).toBeUndefined()
    expect(openTrip(ours, sealed, 'another', machine.now())).toBeUndefined()
    expect(Buffer.from(sealed, 'base64url').toString()).not.toContain(trip.state)
  })

  it('starts at the platform, at a sandbox elsewhere, or at the one beside us', () => {
    const config = { ...site.services.config, publicUrl: 'https://crm.example', sandboxPort: 3001 }
    expect(scanSite({ ...config, sandbox: false })).toBe('https://login.work.weixin.qq.com')
    expect(scanSite({ ...config, sandboxUrl: 'http://sandbox:9000' })).toBe('http://sandbox:9000')
    expect(scanSite(config)).toBe('http://crm.example:3001')
  })
})
