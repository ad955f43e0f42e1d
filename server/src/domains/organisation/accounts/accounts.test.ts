import { v7 as uuid } from 'uuid'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type RoleName, roleNames, type Scope } from '../../../infra/auth/actor.ts'
import { testSite } from '../../../infra/http/testing.ts'
import { accountsRoutes } from './accounts.routes.ts'
import { accountView } from './accounts.schema.ts'
import { type Account, changeProblem, endsSessions, normalUsername, scopesOf, standingProblem } from './accounts.ts'

const site = await testSite({ routes: (services) => [accountsRoutes(services)] })
const { db, corpId } = site
const password = 'a long enough one'
const list = z.object({ items: z.array(accountView), next_cursor: z.string().nullable() })

beforeEach(async () => {
  await db.deleteFrom('accounts').execute()
})

const wish = (more: Record<string, unknown> = {}) => ({
  username: 'chen',
  name: '陈',
  role: 'operator',
  scope: { kind: 'corp' },
  password,
  ...more,
})

/** An administrator of the installation, who has no corp of his own. */
async function installationAdmin() {
  const admin = await site.as('administrator')
  await db.updateTable('accounts').set({ corp_id: null }).where('id', '=', admin.accountId).execute()
  return admin
}

describe('the rules of accounts', () => {
  const account: Account = {
    id: uuid(),
    corpId: 1,
    username: 'chen',
    name: '陈',
    role: 'administrator',
    scope: { kind: 'corp' },
    wecomUserid: undefined,
    hasPassword: true,
    locale: 'zh',
    disabledAt: undefined,
    createdAt: new Date(0),
    createdBy: 'test',
    lastSeenAt: undefined,
  }
  const scopes: Record<Scope['kind'], Scope> = {
    corp: { kind: 'corp' },
    region: { kind: 'region', departmentIds: [1] },
    store: { kind: 'store', storeIds: [uuid()] },
    self: { kind: 'self', userid: 'chen' },
  }

  it.each(roleNames)('give the role %s its scopes and no others', (role: RoleName) => {
    for (const scope of Object.values(scopes)) {
      const problem = standingProblem({ role, scope, wecomUserid: 'chen', hasPassword: true })
      expect(problem === undefined).toBe(scopesOf[role].includes(scope.kind))
    }
  })

  it('refuse a scope without content and an account that nobody can enter', () => {
    const standing = { role: 'operator' as const, wecomUserid: undefined, hasPassword: true }
    expect(standingProblem({ ...standing, scope: { kind: 'store', storeIds: [] } })?.zh).toContain('门店')
    expect(standingProblem({ ...standing, scope: { kind: 'region', departmentIds: [] } })?.zh).toContain('部门')
    expect(standingProblem({ ...standing, hasPassword: false, scope: { kind: 'corp' } })?.zh).toContain('无法登录')
    expect(standingProblem({ ...standing, role: 'guide', scope: { kind: 'self', userid: '' } })?.zh).toContain(
      '企业微信成员',
    )
  })

  it('let nobody shut himself out, and keep one administrator', () => {
    const self = { accountId: account.id }
    const other = { accountId: uuid() }
    expect(changeProblem(self, account, { disabled: true }, 3)).toBeDefined()
    expect(changeProblem(self, account, { role: 'guide' }, 3)).toBeDefined()
    expect(changeProblem(self, account, { role: 'administrator' }, 0)).toBeUndefined()
    expect(changeProblem(other, account, { removed: true }, 0)).toBeDefined()
    expect(changeProblem(other, account, { removed: true }, 1)).toBeUndefined()
    expect(changeProblem(other, { ...account, role: 'guide' }, { removed: true }, 0)).toBeUndefined()
  })

  it('end sessions when rights, member or password change, and not for a new name', () => {
    const same = { ...account, disabled: false, newPassword: false }
    expect(endsSessions(account, same)).toBe(false)
    expect(endsSessions(account, { ...same, newPassword: true })).toBe(true)
    expect(endsSessions(account, { ...same, role: 'operator' })).toBe(true)
    expect(endsSessions(account, { ...same, disabled: true })).toBe(true)
    expect(endsSessions(account, { ...same, wecomUserid: 'x' })).toBe(true)
    expect(
      endsSessions({ ...account, scope: scopes.region }, { ...same, scope: { kind: 'region', departmentIds: [2] } }),
    ).toBe(true)
  })

  it('take user names as the same however they are typed', () => {
    expect(normalUsername('  Ｃｈｅｎ.X ')).toBe('chen.x')
  })
})

describe('managing accounts', () => {
  it('makes, finds, changes, and removes one; each step is recorded without the password', async () => {
    const admin = await site.as('administrator')
    const made = (await admin.post('/api/accounts', wish())).as(accountView)
    expect(made).toMatchObject({ username: 'chen', role: 'operator', has_password: true, manageable: true })
    expect((await admin.get('/api/accounts?q=CHE&role=operator&status=active')).as(list).items).toHaveLength(1)
    expect((await admin.get('/api/accounts?q=%25')).as(list).items).toEqual([])
    const changed = await admin.patch(`/api/accounts/${made.id}`, {
      role: 'store_manager',
      scope: { kind: 'store', store_ids: [uuid()] },
      password: 'another long one',
    })
    expect(changed.as(accountView)).toMatchObject({ role: 'store_manager', scope: { kind: 'store' } })
    expect((await admin.delete(`/api/accounts/${made.id}`)).status).toBe(200)
    expect((await admin.get(`/api/accounts/${made.id}`)).status).toBe(404)
    const recorded = site.audited.slice(-3)
    expect(recorded.map((entry) => entry.action)).toEqual(['account.create', 'account.update', 'account.delete'])
    expect(recorded[1]).toMatchObject({
      objectId: made.id,
      before: { role: 'operator' },
      after: { role: 'store_manager' },
    })
    expect(JSON.stringify(recorded)).not.toContain('long')
  })

  it('pages by key through accounts of one moment', async () => {
    const admin = await site.as('administrator')
    for (let n = 0; n < 5; n += 1) await admin.post('/api/accounts', wish({ username: `user${n}` }))
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: z.output<typeof list> = (
        await admin.get(`/api/accounts?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ).as(list)
      seen.push(...page.items.map((item) => item.username))
      cursor = page.next_cursor
    }
    expect(new Set(seen).size).toBe(6)
    expect(seen).toHaveLength(6)
  })

  it('refuses a taken name, a member who has an account, a bad password and a scope that does not fit', async () => {
    const admin = await site.as('administrator')
    await admin.post('/api/accounts', wish({ wecom_userid: 'chenxiaoyu' }))
    expect((await admin.post('/api/accounts', wish({ username: 'Chen' }))).status).toBe(409)
    expect((await admin.post('/api/accounts', wish({ username: 'other', wecom_userid: 'chenxiaoyu' }))).status).toBe(
      409,
    )
    expect((await admin.post('/api/accounts', wish({ username: 'b1', password: 'short' }))).status).toBe(422)
    expect((await admin.post('/api/accounts', wish({ username: 'b2', role: 'guide' }))).status).toBe(422)
    expect((await admin.post('/api/accounts', wish({ username: 'no spaces' }))).status).toBe(400)
  })

  it('ends the sessions of who loses rights at once', async () => {
    const admin = await site.as('administrator')
    const operator = await site.as('operator')
    const change = { role: 'auditor', wecom_userid: 'x' }
    expect((await operator.get('/api/auth/me')).status).toBe(200)
    expect((await admin.patch(`/api/accounts/${operator.accountId}`, change)).status).toBe(200)
    expect((await operator.get('/api/auth/me')).status).toBe(401)
  })

  it('ends all sessions of an account on demand', async () => {
    const [admin, operator] = [await site.as('administrator'), await site.as('operator')]
    expect((await admin.post(`/api/accounts/${operator.accountId}/end-sessions`)).body).toEqual({ ended: 1 })
    expect((await operator.get('/api/auth/me')).status).toBe(401)
  })

  it('keeps the last administrator when two try to remove each other at once', async () => {
    const [one, two] = [await site.as('administrator'), await site.as('administrator')]
    const answers = await Promise.all([
      one.delete(`/api/accounts/${two.accountId}`),
      two.delete(`/api/accounts/${one.accountId}`),
    ])
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
    const left = await db.selectFrom('accounts').select('id').where('role', '=', 'administrator').execute()
    expect(left).toHaveLength(1)
  })
})

describe('several corps in one installation', () => {
  const otherCorp = async () =>
    await db
      .insertInto('corps')
      .values({ corpid: `ww${uuid()}`, name: '另一品牌', created_at: new Date(0) })
      .returning(['id', 'corpid'])
      .executeTakeFirstOrThrow()

  it('an administrator of one sees and touches no account of another, nor of the installation', async () => {
    const other = await otherCorp()
    const [here, there] = [await site.as('administrator'), await site.as('administrator', { kind: 'corp' }, other.id)]
    const installation = await installationAdmin()
    for (const target of [there, installation]) {
      expect((await here.get(`/api/accounts/${target.accountId}`)).status).toBe(404)
      expect((await here.patch(`/api/accounts/${target.accountId}`, { password })).status).toBe(404)
      expect((await here.delete(`/api/accounts/${target.accountId}`)).status).toBe(404)
      expect((await here.post(`/api/accounts/${target.accountId}/end-sessions`)).status).toBe(404)
    }
    const shown = (await here.get('/api/accounts')).as(list).items.map((item) => item.id)
    expect(shown).toEqual([here.accountId])
    expect((await here.post('/api/accounts', wish({ role: 'administrator', installation: true }))).status).toBe(422)
  })

  it('an administrator of the installation changes the corp he works in; others cannot', async () => {
    const other = await otherCorp()
    const admin = await installationAdmin()
    expect((await admin.get('/api/auth/me')).body).toMatchObject({
      corp: { id: 'wwtestcorp' },
      account: { installation: true },
    })
    expect((await admin.post('/api/auth/corp', { corp: other.corpid })).status).toBe(200)
    expect((await admin.get('/api/auth/me')).body).toMatchObject({ corp: { id: other.corpid } })
    const made = (await admin.post('/api/accounts', wish())).as(accountView)
    const here = await site.as('administrator')
    expect((await here.get(`/api/accounts/${made.id}`)).status).toBe(404)
    expect((await here.post('/api/auth/corp', { corp: other.corpid })).status).toBe(404)
    expect(corpId).not.toBe(other.id)
  })
})
