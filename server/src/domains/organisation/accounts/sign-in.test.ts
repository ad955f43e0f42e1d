import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { hashPassword } from '../../../infra/auth/passwords.ts'
import { sessionLife } from '../../../infra/auth/sessions.store.ts'
import { manualClock } from '../../../infra/clock.ts'
import { testSite } from '../../../infra/http/testing.ts'
import { search } from '../../compliance/audit.store.ts'
import { accountsRoutes } from './accounts.routes.ts'
import { insertAccount } from './accounts.store.ts'

const machine = manualClock('2026-11-11T10:00:00Z')
const site = await testSite({ routes: (services) => [accountsRoutes(services, { machine })], machine })
const { db, corpId } = site
const password = '很长的密码 correct'
const passwordHash = await hashPassword(password)
const id = '00000000-0000-7000-8000-00000000000a'
const home = site.services.config.publicUrl
const minute = 60_000

beforeEach(async () => {
  await db.deleteFrom('accounts').execute()
  await db.deleteFrom('login_locks').execute()
  await insertAccount(db, {
    id,
    corpId,
    username: 'lin',
    name: '林',
    role: 'operator',
    scope: { kind: 'corp' },
    wecomUserid: undefined,
    locale: 'zh',
    passwordHash,
    createdAt: site.clock.now(),
    createdBy: 'test',
  })
})

const login = (username: string, typed: string, headers: Record<string, string> = {}) =>
  site.anonymous.send('/api/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: home, ...headers },
    body: JSON.stringify({ username, password: typed }),
  })

async function loggedIn() {
  const response = await login('lin', password)
  expect(response.status).toBe(200)
  const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const me = await site.anonymous.send('/api/auth/me', { headers: { cookie } })
  const { csrf } = z.object({ csrf: z.string() }).parse(await me.json())
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    site.anonymous.send(path, {
      method,
      headers: { cookie, 'x-csrf-token': csrf, origin: home, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return { cookie, csrf, send }
}

describe('logging in by password', () => {
  it('gives a session in an HttpOnly, same-site cookie, and never the account’s hash or token', async () => {
    const response = await login(' LIN ', password)
    expect(response.status).toBe(200)
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^nuanyu_session=[\w-]{43};/)
    expect(cookie).toContain('HttpOnly')
    expect(cookie).toContain('SameSite=Lax')
    expect(await response.json()).toEqual({ ok: true })
    const token = /=([\w-]+);/.exec(cookie)?.[1] ?? ''
    const rows = await db.selectFrom('sessions').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  it('says who is logged in, what he may do, and hands out the CSRF token', async () => {
    const { send, csrf } = await loggedIn()
    const me: unknown = await (await send('GET', '/api/auth/me')).json()
    expect(me).toMatchObject({
      account: { id, name: '林', role: 'operator', locale: 'zh', scope: { kind: 'corp' } },
      corp: { id: 'wwtestcorp', name: '测试品牌' },
      csrf,
      sandbox: true,
    })
    expect(me).toHaveProperty('permissions', expect.arrayContaining(['channels.write']))
    expect(me).toHaveProperty('permissions', expect.not.arrayContaining(['accounts.write']))
  })

  it('answers an unknown name and a wrong password with the same words', async () => {
    const [unknown, wrong] = [await login('nobody', password), await login('lin', 'wrong wrong wrong')]
    expect([unknown.status, wrong.status]).toEqual([401, 401])
    expect(await unknown.json()).toEqual(await wrong.json())
  })

  it('locks after five failures for a minute, tells how long, refuses even the right password, then lets in again', async () => {
    for (let n = 0; n < 5; n += 1) await login('lin', 'wrong wrong wrong')
    const locked = await login('lin', password)
    expect(locked.status).toBe(429)
    expect(locked.headers.get('retry-after')).toBe('60')
    expect(await locked.json()).toMatchObject({ code: 'too_many', details: { retry_after_s: 60 } })
    machine.advance(minute + 1)
    expect((await login('lin', password)).status).toBe(200)
  })

  it('locks names that do not exist just the same', async () => {
    for (let n = 0; n < 5; n += 1) await login('nobody', 'wrong wrong wrong')
    expect((await login('nobody', 'wrong wrong wrong')).status).toBe(429)
  })

  it('refuses a disabled account only to who knows its password', async () => {
    await db.updateTable('accounts').set({ disabled_at: machine.now() }).where('id', '=', id).execute()
    expect((await login('lin', 'wrong wrong wrong')).status).toBe(401)
    expect((await login('lin', password)).status).toBe(403)
  })

  it('refuses a log-in that another site sends', async () => {
    expect((await login('lin', password, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await login('lin', password, { origin: 'null' })).status).toBe(403)
    expect((await login('lin', password, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  })

  it('is recorded with its failures, but never what was typed as a name that does not exist', async () => {
    await login('lin', 'wrong wrong wrong')
    await login('my-password-in-the-wrong-field', 'x')
    await login('lin', password)
    const entries = await search(db, corpId, { action: 'account.login' }, { beforeSeq: undefined, limit: 2 })
    expect(entries.map((entry) => entry.outcome)).toEqual(['done', 'refused'])
    const all = await db.selectFrom('audit_entries').selectAll().execute()
    expect(JSON.stringify(all)).not.toContain('wrong-field')
  })
})

describe('a session', () => {
  it('ends after twelve idle hours, and after seven days however busy', async () => {
    const { send } = await loggedIn()
    machine.advance(sessionLife.idleMs - minute)
    expect((await send('GET', '/api/auth/me')).status).toBe(200)
    machine.advance(sessionLife.idleMs - minute)
    expect((await send('GET', '/api/auth/me')).status).toBe(200)
    machine.advance(sessionLife.idleMs + minute)
    expect((await send('GET', '/api/auth/me')).status).toBe(401)
    const busy = await loggedIn()
    for (let passed = 0; passed <= sessionLife.absoluteMs; passed += sessionLife.idleMs / 2) {
      expect((await busy.send('GET', '/api/auth/me')).status).toBe(passed < sessionLife.absoluteMs ? 200 : 401)
      machine.advance(sessionLife.idleMs / 2)
    }
  })

  it('ends at once when it is logged out, or its account is disabled or removed', async () => {
    const first = await loggedIn()
    expect((await first.send('POST', '/api/auth/logout')).status).toBe(200)
    expect((await first.send('GET', '/api/auth/me')).status).toBe(401)
    const second = await loggedIn()
    await db.updateTable('accounts').set({ disabled_at: machine.now() }).where('id', '=', id).execute()
    expect((await second.send('GET', '/api/auth/me')).status).toBe(401)
  })

  it('can be seen and ended from another one, but not by another person', async () => {
    const [here, there] = [await loggedIn(), await loggedIn()]
    const { items } = z
      .object({ items: z.array(z.object({ id: z.string(), current: z.boolean() })) })
      .parse(await (await here.send('GET', '/api/auth/sessions')).json())
    expect(items).toHaveLength(2)
    const other = items.find((item) => !item.current)
    const stranger = await site.as('administrator')
    expect((await stranger.delete(`/api/auth/sessions/${other?.id}`)).status).toBe(404)
    expect((await here.send('DELETE', `/api/auth/sessions/${other?.id}`)).status).toBe(200)
    expect((await there.send('GET', '/api/auth/me')).status).toBe(401)
    expect((await here.send('GET', '/api/auth/me')).status).toBe(200)
  })

  it('needs its own token for every write: none, another session’s and a foreign origin are refused', async () => {
    const [here, there] = [await loggedIn(), await loggedIn()]
    const prefer = (headers: Record<string, string>) => here.send('PATCH', '/api/auth/me', { locale: 'en' }, headers)
    expect((await prefer({ 'x-csrf-token': '' })).status).toBe(403)
    expect((await prefer({ 'x-csrf-token': there.csrf })).status).toBe(403)
    expect((await prefer({ origin: 'http://localhost:3001' })).status).toBe(403)
    expect((await prefer({})).status).toBe(200)
  })
})

describe('changing one’s own password', () => {
  it('asks for the present one, ends all other sessions and keeps this one', async () => {
    const [here, there] = [await loggedIn(), await loggedIn()]
    const fresh = '另一个很长的密码 12'
    const wrong = await here.send('POST', '/api/auth/password', { current: 'wrong wrong', password: fresh })
    expect([wrong.status, await wrong.json()]).toMatchObject([422, { code: 'rule' }])
    const changed = await here.send('POST', '/api/auth/password', { current: password, password: fresh })
    expect(await changed.json()).toEqual({ ended: 1 })
    expect((await there.send('GET', '/api/auth/me')).status).toBe(401)
    expect((await here.send('GET', '/api/auth/me')).status).toBe(200)
    expect((await login('lin', password)).status).toBe(401)
    expect((await login('lin', fresh)).status).toBe(200)
  })

  it.each([
    ['short', 'aB3$5678'],
    ['repeating', 'aaaaaaaaaaaaa'],
    ['with the user name', 'i am lin, let me in'],
  ])('refuses one that is %s', async (_why, bad) => {
    const { send } = await loggedIn()
    expect((await send('POST', '/api/auth/password', { current: password, password: bad })).status).toBe(422)
  })
})
