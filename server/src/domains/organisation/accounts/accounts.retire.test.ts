import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { demoPassword, hashPassword } from '../../../infra/auth/passwords.ts'
import { testSite } from '../../../infra/http/testing.ts'
import { retireDemoPassword } from './accounts.retire.ts'
import { accountsRoutes } from './accounts.routes.ts'
import { ensureFirstAccount, seedDemoAccounts } from './accounts.seed.ts'
import { findForLogin, setPassword } from './accounts.store.ts'

const site = await testSite({ routes: (services) => [accountsRoutes(services)] })
const { db, corpId, services, app } = site
const newPassword = 'a password of my own'

beforeEach(async () => {
  await db.deleteFrom('accounts').execute()
  await ensureFirstAccount(services)
  await seedDemoAccounts(services, corpId)
})

async function logIn(username: string, password: string) {
  const headers = { 'content-type': 'application/json' }
  const response = await app.request('/api/auth/login', {
    method: 'POST',
    headers,
    body: JSON.stringify({ username, password }),
  })
  return { status: response.status, cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '' }
}
async function ask(cookie: string, method: string, path: string, csrf = '', body?: unknown) {
  const response = await app.request(path, {
    method,
    headers: { cookie, 'x-csrf-token': csrf, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as unknown }
}
const me = z.object({ csrf: z.string(), account: z.object({ must_change_password: z.boolean() }) })

describe('when a real corp is connected', () => {
  it('demo accounts are disabled, and the administrator can do nothing but change the demo password', async () => {
    const before = await logIn('admin', demoPassword)
    expect(await retireDemoPassword(services)).toEqual({ disabled: ['operator', 'auditor'], mustChange: ['admin'] })
    expect((await logIn('operator', demoPassword)).status).toBe(403)
    const fresh = await logIn('admin', demoPassword)
    // a session from before is held as well: it may be anybody's
    for (const { cookie } of [before, fresh]) {
      const refused = await ask(cookie, 'GET', '/api/accounts')
      expect([refused.status, refused.body]).toMatchObject([403, { code: 'password_change_required' }])
    }
    const { csrf, account } = me.parse((await ask(fresh.cookie, 'GET', '/api/auth/me')).body)
    expect(account.must_change_password).toBe(true)
    const change = (password: string) =>
      ask(fresh.cookie, 'POST', '/api/auth/password', csrf, { current: demoPassword, password })
    expect((await change(demoPassword)).status).toBe(422)
    expect((await change(newPassword)).status).toBe(200)
    expect((await ask(fresh.cookie, 'GET', '/api/accounts')).status).toBe(200)
    expect((await ask(before.cookie, 'GET', '/api/accounts')).status).toBe(401)
    expect((await logIn('admin', newPassword)).status).toBe(200)
  })

  it('a session that must change its password can still leave', async () => {
    await retireDemoPassword(services)
    const { cookie } = await logIn('admin', demoPassword)
    const { csrf } = me.parse((await ask(cookie, 'GET', '/api/auth/me')).body)
    expect((await ask(cookie, 'POST', '/api/auth/logout', csrf)).status).toBe(200)
  })

  it('accounts whose password a person changed stay as they are, and repeating it changes nothing', async () => {
    for (const username of ['admin', 'operator']) {
      const found = await findForLogin(db, username)
      await setPassword(db, found?.account.id ?? '', await hashPassword(newPassword))
    }
    expect(await retireDemoPassword(services)).toEqual({ disabled: ['auditor'], mustChange: [] })
    expect(await retireDemoPassword(services)).toEqual({ disabled: [], mustChange: [] })
    for (const username of ['admin', 'operator']) {
      const { status, cookie } = await logIn(username, newPassword)
      expect([status, (await ask(cookie, 'GET', '/api/auth/me')).status]).toEqual([200, 200])
    }
  })

  it('demo accounts do not come back with the sandbox', async () => {
    await retireDemoPassword(services)
    await seedDemoAccounts(services, corpId)
    expect((await logIn('operator', demoPassword)).status).toBe(403)
  })
})
