import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { saveCorp } from '../../organisation/index.ts'
import { toldOf } from './managers.store.ts'

const { db } = await testDatabase()
const at = new Date('2026-03-02T04:00:00Z')
const { id: corpId } = await saveCorp(db, { corpid: 'ww1', name: '鲜果' }, at)
const [set, store, campaignId] = [uuid(), uuid(), uuid()]

/** Below the whole corp a region, in it a shop and the desk of its messages. */
const [shop, desk, region] = [100, 200, 10]
await sql`insert into departments (corp_id, department_id, name, parent_id, seen_at) values (${corpId}, 1, '鲜果', 0, ${at}),
  (${corpId}, ${region}, '华东', 1, ${at}), (${corpId}, ${shop}, '一店', ${region}, ${at}), (${corpId}, ${desk}, '客服', ${region}, ${at})`.execute(
  db,
)
const member = (userid: string, departments: readonly number[], leads: readonly number[] = []) =>
  sql`insert into staff (corp_id, userid, name, department_ids, main_department, leads, follows, status, first_seen_at, seen_at)
    values (${corpId}, ${userid}, ${`${userid}的姓名`}, ${[...departments]}, ${departments[0]}, ${[...leads]}, true, 1, ${at}, ${at})`.execute(
    db,
  )
await member('seller', [shop, desk])
await member('setHead', [desk])
await member('manager', [shop])
await member('shopHead', [shop], [shop])
await member('shopHead2', [shop], [shop])
await member('deskHead', [desk], [desk])
await member('regionHead', [region], [region])
await member('boss', [1], [1])
await sql`update staff set store_id = ${store} where userid = 'seller'`.execute(db)
await sql`insert into stores (id, corp_id, code, name, manager_userid, created_at)
  values (${store}, ${corpId}, 's1', '一店', 'manager', ${at})`.execute(db)
await sql`insert into sender_sets (id, corp_id, name, userids, manager_userid, created_at, changed_at)
  values (${set}, ${corpId}, '新人组', '{seller}', 'setHead', ${at}, ${at})`.execute(db)
const author = uuid()
await sql`insert into accounts (id, corp_id, username, name, role, scope_kind, wecom_userid, created_at, created_by)
  values (${author}, ${corpId}, 'author', '作者', 'operator', 'corp', 'writer', ${at}, 'test')`.execute(db)
await sql`insert into campaigns (id, corp_id, name, created_at, changed_at) values (${campaignId}, ${corpId}, '上新', ${at}, ${at})`.execute(
  db,
)
await sql`insert into campaign_versions (campaign_id, version, spec, changed_at, submitted_by)
  values (${campaignId}, 1, '{}', ${at}, ${author})`.execute(db)

const run = (senders: string | null) => ({
  ...{ corpId, campaignId, version: 1 },
  spec: { senders: { set: senders, most: null } },
})
const told = async (userid: string, senders: string | null = set) => {
  const one = (await toldOf(db, run(senders), [userid], at)).get(userid)
  return [one?.as, one?.told]
}
const gone = (userid: string) => sql`update staff set gone_at = ${at} where userid = ${userid}`.execute(db)

it('each who is there in turn: of the set, the store, the department, those above it, else who submitted it; never nobody', async () => {
  expect(await told('seller', null)).toEqual(['store', 'manager'])
  expect(await told('seller')).toEqual(['set', 'setHead'])
  await sql`update staff set status = 2 where userid = 'setHead'`.execute(db)
  expect(await told('seller')).toEqual(['store', 'manager'])
  await sql`insert into staff_leaves (id, corp_id, userid, from_at, until_at, set_by, set_at)
    values (${uuid()}, ${corpId}, 'manager', ${at}, ${new Date(at.getTime() + 60_000)}, 'test', ${at})`.execute(db)
  // his main department first, of two who lead it always the same
  expect(await told('seller')).toEqual(['department', 'shopHead'])
  await gone('shopHead')
  expect(await told('seller')).toEqual(['department', 'shopHead2'])
  await gone('shopHead2')
  expect(await told('seller')).toEqual(['department', 'deskHead'])
  await gone('deskHead')
  expect(await told('seller')).toEqual(['department', 'regionHead'])
  await gone('regionHead')
  // who leads all is not told of every shop
  expect(await told('seller')).toEqual(['submitter', 'writer'])
  await sql`update accounts set disabled_at = ${at}`.execute(db)
  expect(await told('seller')).toEqual(['nobody', null])
})

it('nobody of himself, and of whoever is in no department but the whole corp, who leads that', async () => {
  await sql`update accounts set disabled_at = null`.execute(db)
  await member('lead', [region], [region])
  expect(await told('lead')).toEqual(['submitter', 'writer'])
  await member('alone', [1])
  expect(await told('alone')).toEqual(['department', 'boss'])
  expect(await told('boss')).toEqual(['submitter', 'writer'])
  // whom no sync ever met
  expect((await toldOf(db, run(null), ['stranger'], at)).get('stranger')).toMatchObject({
    ...{ name: 'stranger', as: 'submitter', told: 'writer' },
  })
})
