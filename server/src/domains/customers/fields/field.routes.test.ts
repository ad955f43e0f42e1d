import { beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { testSite } from '../../../infra/http/testing.ts'
import { countMembers, noteChanges } from '../../audiences/index.ts'
import { fieldRoutes } from './field.routes.ts'
import { customerFields, customField } from './field.schema.ts'
import { noteFieldsOf, valuesOf } from './field-values.store.ts'

const site = await testSite({ routes: (services) => [fieldRoutes(services)] })
const { db, corpId, clock, services } = site
const administrator = await site.as('administrator')
const operator = await site.as('operator')
const made = z.object({ id: z.uuid() })
const listed = z.object({ items: z.array(customField) })

beforeAll(async () => {
  for (const id of [1, 2]) {
    await db.insertInto('customers').values({ id, corp_id: corpId, created_at: clock.now() }).execute()
    await db
      .insertInto('relations')
      .values({ customer_id: id, corp_id: corpId, userid: `u${id}`, external_userid: `wm${id}`, added_at: clock.now() })
      .execute()
  }
  await db.transaction().execute((tx) =>
    noteChanges(
      tx,
      corpId,
      [1, 2].map((customerId) => ({ customerId, kind: 'person', present: true }) as const),
    ),
  )
})

const create = async (body: object) => (await administrator.post('/api/custom-fields', body)).as(made).id
const skin = await create({ name: '肤质', kind: 'choices', choices: [{ value: '干性' }, { value: '油性' }] })
const realName = await create({ name: '真实姓名', kind: 'text', personal: true })
const height = await create({ name: '身高', kind: 'number', bounds: { least: 50, greatest: 250 } })
const write = (who: typeof administrator, id: number, values: object) =>
  who.put(`/api/customers/${id}/fields`, { values })
const read = async (who: typeof administrator, id: number) =>
  new Map((await who.get(`/api/customers/${id}/fields`)).as(customerFields).items.map((one) => [one.name, one]))
const having = async (rule: Parameters<typeof countMembers>[2]) => (await countMembers(db, corpId, rule, 20_000)).count

it('values are checked, kept, shown, told to audiences, and their change is audited without what they say', async () => {
  expect((await write(operator, 1, { [skin]: ['油性'], [height]: 172 })).status).toBe(204)
  const values = await read(operator, 1)
  expect(values.get('肤质')).toMatchObject({ value: ['油性'], masked: false, source: 'person' })
  expect(values.get('身高')?.value).toBe(172)
  expect(values.get('真实姓名')?.value).toBeNull()
  expect(await having({ is: 'choice', field: skin, any: ['油性'] })).toBe(1)
  expect(await having({ is: 'number', field: height, from: 170, to: 175 })).toBe(1)
  expect(JSON.stringify(site.audited.at(-1))).not.toContain('油性')
  const refused = await write(operator, 1, { [height]: 20 })
  expect([refused.status, refused.body]).toMatchObject([
    422,
    { message: '“身高”不能小于 50。', details: { field: height } },
  ])
  // null takes a value away, from audiences too
  await write(operator, 1, { [height]: null })
  expect((await read(operator, 1)).get('身高')?.value).toBeNull()
  expect(await having({ is: 'known', field: height })).toBe(0)
})

it('personal data are sealed, masked for those who may not see them, and not theirs to change', async () => {
  expect((await write(administrator, 1, { [realName]: '欧阳娜娜' })).status).toBe(204)
  const row = await db
    .selectFrom('customer_fields')
    .selectAll()
    .where('field_id', '=', realName)
    .executeTakeFirstOrThrow()
  expect(row.value).toBeNull()
  expect(row.sealed?.includes(Buffer.from('欧阳'))).toBe(false)
  expect((await read(administrator, 1)).get('真实姓名')).toMatchObject({
    value: '欧阳娜娜',
    masked: false,
    editable: true,
  })
  expect((await read(operator, 1)).get('真实姓名')).toMatchObject({ value: '欧**娜', masked: true, editable: false })
  expect((await write(operator, 1, { [realName]: '别人' })).status).toBe(403)
  expect(await having({ is: 'known', field: realName })).toBe(1)
  // with the person's key goes what was sealed with it
  const key = await db.selectFrom('customers').select('person_key').where('id', '=', 1).executeTakeFirstOrThrow()
  await db.updateTable('customers').set({ person_key: null }).where('id', '=', 1).execute()
  expect((await valuesOf(db, corpId, 1, services.vault)).get(realName)?.value).toBeNull()
  await db.updateTable('customers').set(key).where('id', '=', 1).execute()
})

it('values follow the person: of several homes the latest counts, and each keeps its own when they part', async () => {
  await write(operator, 1, { [skin]: ['油性'] })
  clock.set(new Date(clock.now().getTime() + 60_000))
  await write(operator, 2, { [skin]: ['干性'] })
  await write(administrator, 2, { [realName]: '李雷' })
  const merge = (root: number | null) =>
    db.transaction().execute(async (tx) => {
      await tx.updateTable('customers').set({ merged_into: root }).where('id', '=', 2).execute()
      await noteChanges(tx, corpId, [{ customerId: 2, kind: 'person', present: root === null }])
      await noteFieldsOf(tx, corpId, [1, 2])
    })
  await merge(1)
  expect((await read(administrator, 1)).get('肤质')?.value).toEqual(['干性'])
  expect((await read(administrator, 2)).get('真实姓名')?.value).toBe('李雷')
  expect(await having({ is: 'choice', field: skin, any: ['干性'] })).toBe(1)
  expect(await having({ is: 'choice', field: skin, any: ['油性'] })).toBe(0)
  await merge(null)
  expect((await read(administrator, 1)).get('肤质')?.value).toEqual(['油性'])
  expect((await read(administrator, 1)).get('真实姓名')?.value).toBe('欧阳娜娜')
  expect(await having({ is: 'choice', field: skin, any: ['油性'] })).toBe(1)
})

it('fields are ordered, changed and archived instead of deleted; a name is used once', async () => {
  await administrator.put('/api/custom-fields/order', { ids: [height, realName, skin] })
  const names = async () => (await operator.get('/api/custom-fields')).as(listed).items
  expect((await names()).map((one) => one.name)).toEqual(['身高', '真实姓名', '肤质'])
  const changed = { name: '皮肤', choices: [{ value: '油性' }, { value: '混合' }], bounds: {} }
  expect((await administrator.put(`/api/custom-fields/${skin}`, changed)).status).toBe(204)
  expect((await names()).at(-1)).toMatchObject({
    name: '皮肤',
    choices: [
      { value: '油性', archived: false },
      { value: '混合', archived: false },
      { value: '干性', archived: true },
    ],
  })
  expect((await administrator.post('/api/custom-fields', { name: '皮肤', kind: 'text' })).status).toBe(409)
  await administrator.post(`/api/custom-fields/${skin}/archive`)
  expect((await read(operator, 1)).has('皮肤')).toBe(false)
  expect((await write(operator, 1, { [skin]: ['油性'] })).status).toBe(404)
  await create({ name: '皮肤', kind: 'text' })
  expect((await administrator.post(`/api/custom-fields/${skin}/restore`)).status).toBe(409)
  expect((await valuesOf(db, corpId, 1, services.vault)).get(skin)?.value).toEqual(['油性'])
  expect((await administrator.post('/api/custom-fields', { name: '空', kind: 'choice' })).status).toBe(422)
})

it('only who may define defines, only who may write writes, and nobody another’s customer', async () => {
  const auditor = await site.as('auditor')
  expect((await auditor.post('/api/custom-fields', { name: '年龄', kind: 'number' })).status).toBe(403)
  expect((await auditor.put('/api/customers/1/fields', { values: {} })).status).toBe(403)
  const guide = await site.as('guide', { kind: 'self', userid: 'u1' })
  expect((await guide.get('/api/customers/1/fields')).status).toBe(200)
  expect((await guide.get('/api/customers/2/fields')).status).toBe(404)
  expect((await write(guide, 2, { [height]: 100 })).status).toBe(404)
  expect((await site.anonymous.get('/api/custom-fields')).status).toBe(401)
})
