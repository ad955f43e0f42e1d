import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testSite } from '../../../infra/http/testing.ts'
import { operationOver, workingOperations } from '../../../infra/operations/testing.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { staffRoutes } from '../staff/staff.routes.ts'
import { makeDemoStores } from './stores.demo.store.ts'
import { defineStoreOperations } from './stores.operations.ts'
import { storesRoutes } from './stores.routes.ts'
import { storeView } from './stores.schema.ts'
import { mapStaffToStores } from './stores.store.ts'
import { storesTableRoutes } from './stores.table.routes.ts'

const database = await testDatabase()
const operations = await workingOperations(database)
const site = await testSite({
  routes: (services) => [storesTableRoutes(services), storesRoutes(services), staffRoutes(services)],
  database,
  services: { operations },
})
const { db, corpId } = site
defineStoreOperations(site.services)
const operator = await site.as('operator')
const page = z.object({ items: z.array(storeView), next_cursor: z.string().nullable() })

beforeAll(async () => {
  const seen_at = site.clock.now()
  const tree = [
    [1, '鲜果连锁', 0],
    [10, '华东大区', 1],
    [100, '上海人民广场店', 10],
    [101, '杭州万达店', 10],
    [1000, '水果组', 100],
  ] as const
  await db
    .insertInto('departments')
    .values(
      tree.map(([department_id, name, parent_id]) => ({ corp_id: corpId, department_id, name, parent_id, seen_at })),
    )
    .execute()
  const people = [
    ['lina', '李娜', 'li na', '店长', [100]],
    ['wangwei', '王伟', 'wang wei', '导购', [1000]],
    ['zhaolei', '赵磊', 'zhao lei', '导购', [101, 10]],
    ['boss', '老板', 'lao ban', '总监', [10]],
  ] as const
  await db
    .insertInto('staff')
    .values(
      people.map(([userid, name, name_pinyin, position, departments]) => ({
        corp_id: corpId,
        userid,
        name,
        name_pinyin,
        position,
        department_ids: [...departments],
        main_department: departments[0],
        status: 1,
        follows: true,
        first_seen_at: seen_at,
        seen_at,
      })),
    )
    .execute()
})

async function upload(text: string, dryRun: boolean) {
  const form = new FormData()
  form.set('file', new File([text], 'stores.csv', { type: 'text/csv' }))
  const reply = await operator.post(`/api/stores/import?dry_run=${dryRun}`, form)
  if (reply.status !== 202) return reply
  const { operation_id: id } = reply.as(z.object({ operation_id: z.string(), rows: z.int() }))
  const view = await operationOver(operations, corpId, id)
  return { status: 202, id, body: view.result, view }
}
const storeOf = async (userid: string) =>
  (
    await db
      .selectFrom('staff')
      .leftJoin('stores', 'stores.id', 'staff.store_id')
      .select('stores.code')
      .where('userid', '=', userid)
      .executeTakeFirst()
  )?.code

const table = `门店编码,门店名称,城市,纬度,经度,店长账号,部门ID
SH001,上海人民广场店,上海,31.23,121.47,lina,100
HZ001,杭州万达店,杭州,,,,101
BAD1,没有部门店,上海,,,,999
SH001,重复的店,上海,,,,
=cmd,公式店,上海,,,,
`

describe('stores from a table', () => {
  it('a wrong header begins nothing and names the column', async () => {
    const reply = await upload('店号,名字\n1,2', false)
    expect([reply.status, reply.body]).toMatchObject([400, { message: expect.stringContaining('门店编码') }])
    expect(await operations.recent(corpId, 10)).toEqual([])
  })

  it('a dry run says what would happen and writes nothing', async () => {
    const run = await upload(table, true)
    expect(run.body).toMatchObject({ dry_run: true, made: 2, changed: 0, moved: 0 })
    expect((await operator.get('/api/stores')).as(page).items).toEqual([])
  })

  it('an import makes stores, puts members into them by department, and lists wrong rows with the reason', async () => {
    const run = await upload(table, false)
    expect(run.body).toMatchObject({ made: 2, moved: 3 })
    const { items } = (await operator.get('/api/stores')).as(page)
    expect(items.map((one) => [one.code, one.staff, one.manager_name, one.department_name])).toEqual([
      ['HZ001', 1, null, '杭州万达店'],
      ['SH001', 2, '李娜', '上海人民广场店'],
    ])
    // a group below the store's department belongs to the store; the region above does not
    expect([await storeOf('wangwei'), await storeOf('zhaolei'), await storeOf('boss')]).toEqual([
      'SH001',
      'HZ001',
      null,
    ])
    const errors = await (await operator.send(`/api/stores/import/${'id' in run ? run.id : ''}/errors`)).text()
    expect(errors).toContain('4,BAD1,没有 ID 为「999」的部门')
    expect(errors).toContain('5,SH001,门店编码「SH001」在本文件里出现了两次')
    expect(errors).toContain("6,'=cmd,")
  })

  it('the same table again changes nothing; a changed cell is shown from what to what', async () => {
    expect((await upload(table, false)).body).toMatchObject({ made: 0, changed: 0, same: 2, moved: 0 })
    expect((await upload('code,name\nHZ001,杭州银泰店\n', true)).body).toMatchObject({
      changed: 1,
      changes: [{ code: 'HZ001', new: false, changed: [{ field: 'name', from: '杭州万达店', to: '杭州银泰店' }] }],
    })
  })

  it('3,000 stores are one operation, and the export of them is read back without a change', async () => {
    const many = Array.from({ length: 3_000 }, (_, i) => `N${String(i).padStart(4, '0')},第 ${i} 店,成都`).join('\n')
    expect((await upload(`code,name,city\n${many}\n`, false)).body).toMatchObject({ made: 3_000, errors: [] })
    const exported = await (await operator.send('/api/stores/export?city=成都')).text()
    expect((await upload(exported, false)).body).toMatchObject({ made: 0, changed: 0, same: 3_000 })
  })
})

describe('one store', () => {
  it('is made, changed with its difference in the audit log, closed and opened again', async () => {
    const made = await operator.post('/api/stores', { code: 'NEW', name: '新店', department_id: 10 })
    expect(made.status).toBe(201)
    const { id } = made.as(storeView)
    expect(await storeOf('boss')).toBe('NEW')
    expect((await operator.post('/api/stores', { code: 'NEW', name: '又一家' })).status).toBe(409)
    const refused = await operator.put(`/api/stores/${id}`, { name: '新店', department_id: 100 })
    expect([refused.status, refused.body]).toMatchObject([
      422,
      { message: expect.stringContaining('已属于门店「SH001」') },
    ])
    site.audited.length = 0
    expect((await operator.put(`/api/stores/${id}`, { name: '新店二', department_id: 10 })).status).toBe(200)
    expect(site.audited).toMatchObject([
      { action: 'store.update', before: { name: '新店' }, after: { name: '新店二' } },
    ])
    expect((await operator.post(`/api/stores/${id}/close`)).as(storeView).closed_at).not.toBeNull()
    expect(await storeOf('boss')).toBeNull()
    expect((await operator.put(`/api/stores/${id}`, { name: 'x' })).status).toBe(409)
    expect((await operator.post(`/api/stores/${id}/reopen`)).as(storeView).closed_at).toBeNull()
    expect(await storeOf('boss')).toBe('NEW')
  })

  it('outside the data scope looks as if it were not there, and the list leaves it out', async () => {
    const { items } = (await operator.get('/api/stores?q=SH001')).as(page)
    const own = items[0]?.id ?? ''
    const manager = await site.as('store_manager', { kind: 'store', storeIds: [own] })
    expect((await manager.get('/api/stores')).as(page).items.map((one) => one.code)).toEqual(['SH001'])
    const other = (await operator.get('/api/stores?q=HZ001')).as(page).items[0]?.id
    expect((await manager.get(`/api/stores/${other}`)).status).toBe(404)
    expect((await manager.get('/api/staff/zhaolei')).status).toBe(404)
    const staff = z.object({ items: z.array(z.object({ userid: z.string() })) })
    expect((await manager.get('/api/staff')).as(staff).items.map((one) => one.userid)).toEqual(['lina', 'wangwei'])
  })

  it('pages by key without losing or repeating one', async () => {
    const codes: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const answer: z.output<typeof page> = (
        await operator.get(`/api/stores?city=成都&limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ).as(page)
      codes.push(...answer.items.map((one) => one.code))
      cursor = answer.next_cursor
    }
    expect([codes.length, new Set(codes).size, codes]).toEqual([3_000, 3_000, codes.toSorted()])
  })
})

describe('the demo brand', () => {
  it('has a store for each of its departments, once', async () => {
    await db.deleteFrom('stores').where('corp_id', '=', corpId).execute()
    expect(await makeDemoStores(db, corpId, site.clock.now())).toBe(2)
    expect(await makeDemoStores(db, corpId, site.clock.now())).toBe(0)
    await mapStaffToStores(db, corpId)
    expect(await storeOf('lina')).toBe('S100')
    expect(await makeDemoStores(db, 999, site.clock.now())).toBeUndefined()
  })
})
