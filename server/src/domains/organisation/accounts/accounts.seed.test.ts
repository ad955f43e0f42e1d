import { beforeEach, describe, expect, it } from 'vitest'
import { demoPassword, hashPassword, verifyPassword } from '../../../infra/auth/passwords.ts'
import { testSite } from '../../../infra/http/testing.ts'
import { accountsRoutes } from './accounts.routes.ts'
import { ensureFirstAccount, seedDemoAccounts } from './accounts.seed.ts'
import { findForLogin, setPassword } from './accounts.store.ts'

const site = await testSite({ routes: (services) => [accountsRoutes(services)] })
const { db, corpId, services } = site
const withConfig = (config: Partial<typeof services.config>) => ({
  ...services,
  config: { ...services.config, ...config },
})

beforeEach(async () => {
  await db.deleteFrom('accounts').execute()
})

describe('the first start', () => {
  it('makes one administrator of the installation, however many processes start at once', async () => {
    const first = await Promise.all(Array.from({ length: 4 }, () => ensureFirstAccount(services)))
    expect(first).toEqual(Array(4).fill({ username: 'admin', password: demoPassword }))
    const rows = await db.selectFrom('accounts').select(['username', 'role', 'corp_id']).execute()
    expect(rows).toEqual([{ username: 'admin', role: 'administrator', corp_id: null }])
  })

  it('uses ADMIN_PASSWORD and prints nothing of it', async () => {
    expect(await ensureFirstAccount(withConfig({ adminPassword: 'my own password' }))).toEqual({ username: 'admin' })
    const found = await findForLogin(db, 'admin')
    expect(await verifyPassword(found?.passwordHash, 'my own password')).toBe(true)
  })

  it('makes up a password for a real corp, once', async () => {
    const real = withConfig({ sandbox: false })
    const { password = '' } = await ensureFirstAccount(real)
    expect(password.length).toBeGreaterThanOrEqual(16)
    expect(password).not.toBe(demoPassword)
    expect(await ensureFirstAccount(real)).toEqual({ username: 'admin' })
  })

  it('stops printing the demo password once a person changed it', async () => {
    await ensureFirstAccount(services)
    const found = await findForLogin(db, 'admin')
    await setPassword(db, found?.account.id ?? '', await hashPassword('no longer the demo’s'))
    await expect(ensureFirstAccount(services)).resolves.toEqual({ username: 'admin' })
  })
})

describe('the demo brand', () => {
  it('has an account for every role; the guide and his manager come when staff are known', async () => {
    expect(await seedDemoAccounts(services, corpId)).toEqual(['operator', 'auditor'])
    const at = site.clock.now()
    const member = { corp_id: corpId, first_seen_at: at, seen_at: at, department_ids: [7] }
    await db
      .insertInto('staff')
      .values([
        { ...member, userid: 'chenxiaoyu', name: '陈晓雨' },
        { ...member, userid: 'lifang', name: '李芳' },
      ])
      .execute()
    expect(await seedDemoAccounts(services, corpId)).toEqual(['operator', 'auditor', 'manager', 'guide'])
    expect((await findForLogin(db, 'manager'))?.account).toMatchObject({
      role: 'store_manager',
      scope: { kind: 'region' },
    })
    const storeId = '00000000-0000-7000-8000-000000000001'
    await db
      .insertInto('stores')
      .values({ id: storeId, corp_id: corpId, code: 's1', name: '一店', manager_userid: 'lifang', created_at: at })
      .execute()
    await db.updateTable('staff').set({ store_id: storeId }).execute()
    await seedDemoAccounts(services, corpId)
    expect((await findForLogin(db, 'manager'))?.account).toMatchObject({
      role: 'store_manager',
      scope: { kind: 'store', storeIds: [storeId] },
      wecomUserid: 'lifang',
    })
    expect((await findForLogin(db, 'guide'))?.account).toMatchObject({
      role: 'guide',
      scope: { kind: 'self', userid: 'chenxiaoyu' },
    })
    expect(await db.selectFrom('accounts').select('id').execute()).toHaveLength(4)
  })
})
