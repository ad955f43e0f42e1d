import { expect, test } from 'vitest'
import type { Rule } from '../audiences/rules/rule.schema.ts'
import { computeNow } from '../audiences/saved/compute.jobs.ts'
import { keepLive } from '../audiences/saved/live.jobs.ts'
import { membersAfter, peopleOf } from '../audiences/saved/member.store.ts'
import { addAudience, lockRules } from '../audiences/saved/saved.store.ts'
import { takeMembers, takeOrders } from '../commerce/index.ts'
import { at, order } from '../commerce/testing.ts'
import { importSite } from './testing.ts'

// who comes by a table, or as another system tells of him, reaches audiences that are live without the nightly look
const site = await importSite()
const { db, corpId, services, clock, whole } = site
const field = '00000000-0000-7000-8000-0000000000f1'
await db
  .insertInto('custom_fields')
  .values({
    ...{ id: field, corp_id: corpId, name: '状态', kind: 'choice', position: 0, created_at: clock.now() },
    choices: JSON.stringify(['正常', '停用'].map((value) => ({ value, archived: false }))),
  })
  .execute()

async function live(rule: Rule): Promise<string> {
  const input = { description: '', kind: 'live', everyHours: 24, atMinute: 180, driftPercent: null } as const
  const id = await db.transaction().execute(async (tx) => {
    await lockRules(tx, corpId)
    const by = { corpId, by: null, at: clock.now(), note: '' }
    return addAudience(tx, { ...input, name: JSON.stringify(rule), rule }, by)
  })
  await computeNow(services, corpId, id, 'start', 'test')
  return id
}

/** What those who are in it are known by, once everybody who was touched is looked at. */
async function inside(id: string): Promise<readonly string[]> {
  while ((await keepLive(services)) > 0);
  const people = await peopleOf(db, corpId, await membersAfter(db, corpId, id, -1, 10_000))
  const known = await db
    .selectFrom('identities as i')
    .innerJoin('customers as c', 'c.id', 'i.customer_id')
    .select(['i.value', 'c.id', 'c.merged_into'])
    .orderBy('i.value')
    .execute()
  const ids = new Set(people.map((one) => one.id))
  return known.filter((one) => ids.has(one.merged_into ?? one.id)).map(({ value }) => value)
}

test('people of a table join as it is taken, and leave when a later one says otherwise', async () => {
  const active = await live({
    all: [{ is: 'identity', any: ['member_no'] }, { not: { is: 'choice', field, any: ['停用'] } }],
  })
  await whole('customers', '会员号,姓名\nL1,张三\nL2,李四\nL3,王五\n')
  expect(await inside(active)).toEqual(['L1', 'L2', 'L3'])
  await whole('customers', '会员号,状态\nL2,停用\n')
  expect(await inside(active)).toEqual(['L1', 'L3'])
  await whole('customers', '会员号,状态\nL2,正常\n')
  expect(await inside(active)).toEqual(['L1', 'L2', 'L3'])
  const joins = await db.selectFrom('events').select('kind').where('kind', 'like', 'audience.%').execute()
  expect(joins.map(({ kind }) => kind).filter((kind) => kind !== 'audience.computed')).toHaveLength(5)
})

test('who is told of by an order or a membership joins; one whom it finds to be a member leaves those who are none', async () => {
  const unionids = await live({ is: 'identity', any: ['unionid'] })
  const strangers = await live({
    all: [{ is: 'identity', any: ['unionid'] }, { not: { is: 'identity', any: ['member_no'] } }],
  })
  const teller = { corpId, cause: 'test' }
  await takeOrders(services, teller, [order('O1', { unionid: 'oBuys' })])
  // nothing was paid yet: it is no purchase, and its person is one all the same
  await takeOrders(services, teller, [order('O2', { unionid: 'oLooks' }, { paid_at: null })])
  expect(await inside(unionids)).toEqual(['oBuys', 'oLooks'])
  expect(await inside(strangers)).toEqual(['oBuys', 'oLooks'])
  await takeMembers(services, teller, [
    { source: 'crm', number: 'V1', customer: { unionid: 'oBuys' }, updated_at: at(1) },
  ])
  expect(await inside(unionids)).toEqual(['V1', 'oBuys', 'oLooks'])
  expect(await inside(strangers)).toEqual(['oLooks'])
})
