import { v7 as uuid } from 'uuid'
import { expect, it } from 'vitest'
import { createListener } from '../infra/db/listen.ts'
import { createDue } from '../infra/due/due.ts'
import { testSite } from '../infra/http/testing.ts'
import { createLog } from '../infra/log.ts'
import { testDatabase } from '../infra/postgres/testing.ts'
import { defineDemoAccounts, scheduleDemoAccounts } from './accounts.ts'

const database = await testDatabase()
const log = createLog('silent')
const site = await testSite({ routes: () => [], database })
const { db, corpId, clock } = site
const due = createDue({ db, clock, log, listener: createListener(database.pool, log) })
const services = { ...site.services, due }

const usernames = async () =>
  (await db.selectFrom('accounts').select('username').orderBy('username').execute()).map((one) => one.username)

it('the guide and the manager can log in once staff, customers and stores are there, and are made once', async () => {
  defineDemoAccounts(services)
  await scheduleDemoAccounts(services, corpId)
  await due.run()
  expect(await usernames()).toEqual([])
  const at = clock.now()
  const storeId = uuid()
  const store = { id: storeId, corp_id: corpId, code: 'S1', name: '南京西路店', manager_userid: 'lead', created_at: at }
  await db.insertInto('stores').values(store).execute()
  const member = { corp_id: corpId, store_id: storeId, first_seen_at: at, seen_at: at }
  await db
    .insertInto('staff')
    .values([
      { ...member, userid: 'lead', name: '店长' },
      { ...member, userid: 'chen', name: '陈晓雨' },
    ])
    .execute()
  clock.advance(2_000)
  await due.run()
  expect(await usernames()).toEqual([])
  await db.insertInto('customer_syncs').values({ corp_id: corpId, baseline_at: at, first_done_at: at }).execute()
  clock.advance(2_000)
  await due.run()
  expect(await usernames()).toEqual(['auditor', 'guide', 'manager', 'operator'])
  const manager = db.selectFrom('accounts').selectAll().where('username', '=', 'manager')
  expect(await manager.executeTakeFirst()).toMatchObject({ wecom_userid: 'lead', scope_stores: [storeId] })
  expect(await db.selectFrom('due').select('id').where('kind', '=', 'demo.accounts').execute()).toEqual([])
  await scheduleDemoAccounts(services, corpId)
  await due.run()
  expect(await usernames()).toHaveLength(4)
})
