import { describe, expect, it } from 'vitest'
import { testSite } from '../../../infra/http/testing.ts'
import { accountsRoutes } from './accounts.routes.ts'
import { scopeOptions } from './accounts.schema.ts'

const site = await testSite({ routes: (services) => [accountsRoutes(services)] })
const { db, corpId: corp_id } = site
const at = site.clock.now()
const storeId = (n: number) => `00000000-0000-7000-8000-00000000000${n}`

await db
  .insertInto('departments')
  .values([
    { corp_id, department_id: 1, name: '总部', parent_id: 0, seen_at: at },
    { corp_id, department_id: 2, name: '华东', parent_id: 1, seen_at: at },
    { corp_id, department_id: 3, name: '撤销的', parent_id: 1, seen_at: at, gone_at: at },
  ])
  .execute()
await db
  .insertInto('stores')
  .values([1, 2, 3].map((n) => ({ id: storeId(n), corp_id, code: `s${n}`, name: `门店${n}`, created_at: at })))
  .execute()
const member = { corp_id, first_seen_at: at, seen_at: at }
await db
  .insertInto('staff')
  .values([
    { ...member, userid: 'chenxiaoyu', name: '陈晓雨', name_pinyin: 'chenxiaoyu', department_ids: [2] },
    { ...member, userid: 'lifang', name: '李芳', name_pinyin: 'lifang', department_ids: [1] },
    { ...member, userid: 'left', name: '李走', name_pinyin: 'lizou', gone_at: at },
    { ...member, corp_id: corp_id + 1, userid: 'other', name: '李别', name_pinyin: 'libie' },
  ])
  .execute()
await site.as('guide', { kind: 'self', userid: 'lifang' })
const admin = await site.as('administrator')
const ask = async (query: string) => (await admin.get(`/api/account-options?${query}`)).as(scopeOptions)

describe('what an account can be given', () => {
  it('is the corp’s present departments, stores and members, with who has an account already', async () => {
    const found = await ask('')
    expect(found.departments.map((one) => one.name)).toEqual(['总部', '华东'])
    expect(found.stores).toHaveLength(3)
    expect(found.staff).toEqual([
      { userid: 'chenxiaoyu', name: '陈晓雨', has_account: false },
      { userid: 'lifang', name: '李芳', has_account: true },
    ])
  })

  it('is found by name, pinyin, code and department', async () => {
    expect((await ask('q=xiaoyu')).staff.map((one) => one.userid)).toEqual(['chenxiaoyu'])
    expect((await ask(`q=${encodeURIComponent('李')}`)).staff.map((one) => one.userid)).toEqual(['lifang'])
    expect((await ask('q=S2')).stores.map((one) => one.code)).toEqual(['s2'])
    expect((await ask('department=1')).staff.map((one) => one.userid)).toEqual(['lifang'])
    expect((await ask('q=%25')).staff).toEqual([])
  })

  it('always has what is chosen already', async () => {
    const found = await ask(`q=s2&store_ids=${storeId(3)}&userid=chenxiaoyu`)
    expect(found.stores.map((one) => one.code)).toEqual(['s3', 's2'])
    expect(found.staff.map((one) => one.userid)).toEqual(['chenxiaoyu'])
  })
})
