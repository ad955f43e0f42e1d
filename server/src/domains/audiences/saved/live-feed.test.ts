import { expect, it } from 'vitest'
import { z } from 'zod'
import { appendEvents } from '../../../infra/events/events.store.ts'
import type { EventKind } from '../../../infra/events/events.ts'
import { untilFollowed } from '../../../infra/events/testing.ts'
import { customerStage } from '../../customers/customer-stage.ts'
import { createCustomerUpkeep, resolveIdentities } from '../../customers/index.ts'
import { keepApart } from '../../customers/persons/person-decisions.store.ts'
import { applyRelationFacts } from '../../customers/relations/relation-facts.store.ts'
import { factKey } from '../../intake/index.ts'
import { feedHomes, feedSubscriber, followFeeds } from '../kept/feed.jobs.ts'
import type { Rule } from '../rules/rule.schema.ts'
import { computeNow } from './compute.jobs.ts'
import { keepLive } from './live.jobs.ts'
import { membersAfter, peopleOf } from './member.store.ts'
import { addAudience, lockRules } from './saved.store.ts'

// what changes of who somebody is, and of how he stands to accounts, into audiences that are live
const stage = await customerStage({ staff: 4, people: 20, relations: 20 })
const { db, corpId, services, clock, sandbox } = stage
await stage.sync()
const upkeep = createCustomerUpkeep(services)
const account = '00000000-0000-7000-8000-0000000000a1'
const sealed = Buffer.from('s')
await db
  .insertInto('weixin_accounts')
  .values({
    ...{ id: account, corp_id: corpId, kind: 'official_account', appid: 'wxA', name: '鲜果', secret_sealed: sealed },
    created_at: clock.now(),
  })
  .execute()
await db
  .insertInto('identity_kinds')
  .values({ corp_id: corpId, kind: 'till_no', name: '收银号', strong: true, exclusive: false })
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
/** What the log says flows in, and whoever it touched is looked at. */
async function caughtUp(): Promise<void> {
  await untilFollowed(db, feedSubscriber, () => followFeeds(db))
  while ((await keepLive(services)) > 0);
}
const inside = async (id: string, home: number) =>
  (await peopleOf(db, corpId, await membersAfter(db, corpId, id, -1, 1_000))).some((one) => one.id === home)
const told = async (id: string, home: number) => {
  const rows = await db
    .selectFrom('events')
    .select(['kind', 'payload'])
    .where('customer_id', '=', home)
    .orderBy('id')
    .execute()
  return rows.filter(({ payload }) => Reflect.get(Object(payload), 'audienceId') === id).map(({ kind }) => kind)
}
const happened = (kind: EventKind, customerId: number) => {
  const event = {
    kind,
    corpId,
    customerId,
    staffUserid: undefined,
    occurredAt: clock.now(),
    cause: 'test',
    payload: {},
  }
  return db.transaction().execute((tx) => appendEvents(tx, [event], clock.now()))
}
const take = async (...identities: { kind: string; value: string }[]) => {
  const fact = { identities, source: 'import', reference: 'r', at: clock.now() }
  const context = { corpId, vault: services.vault, learntAt: clock.now() }
  const [place] = await db.transaction().execute((tx) => resolveIdentities(tx, context, [fact]))
  return place?.home ?? 0
}

/** Somebody adds a member; the add is heard, and nothing of his is read yet. */
async function added(name: string): Promise<{ home: number; external: string }> {
  const { externalUserId: external } = z
    .object({ externalUserId: z.string() })
    .parse(await stage.admin('POST', '/sandbox/people', { name, role: 'customer' }))
  await stage.admin('POST', `/sandbox/people/${external}/add`, { userid: 'chenxiaoyu' })
  clock.set(new Date(sandbox.clock.now()))
  const fact = {
    kind: 'added',
    ...{ corpId, userid: 'chenxiaoyu', externalUserid: external, at: clock.now(), cause: 'test' },
    dedupeKey: factKey(corpId, ['added', external]),
  } as const
  await db.transaction().execute((tx) => applyRelationFacts(tx, services.vault, [fact], clock.now()))
  const { customer_id: home } = await db
    .selectFrom('identities')
    .select('customer_id')
    .where('value', '=', external)
    .executeTakeFirstOrThrow()
  return { home, external }
}

it('who is known by a unionid once his detail is read joins then, though the add flowed in before', async () => {
  const byUnionid = await live({ is: 'identity', any: ['unionid'] })
  const { home } = await added('有微信')
  await caughtUp()
  expect(await inside(byUnionid, home)).toBe(false)
  await untilFollowed(db, 'customers.freshness', () => upkeep.pass())
  await caughtUp()
  expect(await inside(byUnionid, home)).toBe(true)
  expect(await told(byUnionid, home)).toEqual(['audience.joined'])
})

it('an identity that joins a person or parts from him takes him along', async () => {
  const byTill = await live({ is: 'identity', any: ['till_no'] })
  const { home, external } = await added('有收银号')
  const till = await take({ kind: 'till_no', value: '77' })
  await caughtUp()
  expect([await inside(byTill, home), await inside(byTill, till)]).toEqual([false, true])
  await take({ kind: 'till_no', value: '77' }, { kind: 'external_userid', value: external })
  await caughtUp()
  expect(await inside(byTill, home)).toBe(true)
  const decision = { reason: '两个人', by: '00000000-0000-7000-8000-000000000001', at: clock.now() }
  await db.transaction().execute((tx) => keepApart(tx, corpId, [home], [till], decision))
  await caughtUp()
  expect(await inside(byTill, home)).toBe(false)
  expect(await inside(byTill, till)).toBe(true)
  // who is found to be somebody known brings with him what he was in, and is not told of twice
  expect(await told(byTill, till)).toContain('audience.joined')
  expect(await told(byTill, home)).toEqual(['audience.left'])
})

it('who follows an account, leaves it or comes by its mini program joins and leaves as he does', async () => {
  const [followers, left, visitors] = [
    await live({ is: 'account', account, state: 'followed' }),
    await live({ is: 'account', account, state: 'left' }),
    await live({ is: 'account', account, state: 'opened' }),
  ]
  const { home } = await added('粉丝')
  await caughtUp()
  const now = () => clock.now()
  await db
    .insertInto('weixin_people')
    .values({ customer_id: home, account_id: account, corp_id: corpId, openid: 'o1', followed_at: now() })
    .execute()
  await happened('oa.followed', home)
  await caughtUp()
  const standing = () => Promise.all([followers, left, visitors].map((id) => inside(id, home)))
  expect(await standing()).toEqual([true, false, false])
  clock.advance(60_000)
  await db.updateTable('weixin_people').set({ ended_at: now() }).where('customer_id', '=', home).execute()
  await happened('oa.unfollowed', home)
  await caughtUp()
  expect(await standing()).toEqual([false, true, false])
  // a visit is no event of the log: the room tells it by the door
  await db.updateTable('weixin_people').set({ visited_at: now(), visits: 1 }).where('customer_id', '=', home).execute()
  await db.transaction().execute((tx) => feedHomes(tx, corpId, [home]))
  await caughtUp()
  expect(await standing()).toEqual([false, true, true])
  expect(await told(followers, home)).toEqual(['audience.joined', 'audience.left'])
})
