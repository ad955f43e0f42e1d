import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testSite } from '../../../infra/http/testing.ts'
import { operationOver, workingOperations } from '../../../infra/operations/testing.ts'
import { sandboxPlatform } from '../../../infra/platform/testing.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { noteChanges } from '../../audiences/index.ts'
import { aRun } from '../plan/plan-stage.ts'
import { decisionRoutes } from './decisions.routes.ts'
import { seedPolicy } from './policies.store.ts'
import { policyRoutes } from './policy.routes.ts'
import { decisionView, type Policy, policyVersion, policyView, previewAnswer, touchView } from './policy.schema.ts'
import { openPolicy } from './policy.ts'
import { definePreview } from './preview.jobs.ts'
import { previewRoutes } from './preview.routes.ts'
import { quotaRoutes } from './quota.routes.ts'
import { quotaView } from './quota.schema.ts'
import type { Touch } from './touch.ts'
import { recordTouches } from './touches.store.ts'

const database = await testDatabase()
const operations = await workingOperations(database)
const site = await testSite({
  routes: (services) => [policyRoutes, decisionRoutes, previewRoutes, quotaRoutes].map((routes) => routes(services)),
  services: { operations, platform: (await sandboxPlatform({ people: 1, staff: 1 })).platform },
  database,
})
definePreview(site.services)
const { db, corpId, clock } = site
const operator = await site.as('operator')
const auditor = await site.as('auditor')
const list = z.object({ items: z.array(policyView) })
const campaignId = '01a207d2-5079-71dd-9e95-0a3960474d67'
const hoursAgo = (hours: number) => new Date(clock.now().getTime() - hours * 3_600_000)

beforeAll(async () => {
  for (const id of [1, 2, 3]) {
    await db.insertInto('customers').values({ id, corp_id: corpId, name: '张三', created_at: clock.now() }).execute()
    await db
      .insertInto('relations')
      .values({ customer_id: id, corp_id: corpId, userid: `u${id}`, external_userid: `wm${id}`, added_at: clock.now() })
      .execute()
  }
  // the third is a home of the first
  await db.updateTable('customers').set({ merged_into: 1 }).where('id', '=', 3).execute()
  for (const userid of ['u1', 'u3'])
    await db
      .insertInto('staff')
      .values({ corp_id: corpId, userid, name: `员工${userid}`, first_seen_at: clock.now(), seen_at: clock.now() })
      .execute()
  await sql`insert into campaigns (id, corp_id, name, created_at, changed_at)
    values (${campaignId}, ${corpId}, '双十一', ${clock.now()}, ${clock.now()})`.execute(db)
  const touch = { corpId, channel: 'customer_send', kind: 'marketing' } as const
  const touches: Touch[] = [
    { ...touch, customerId: 1, at: hoursAgo(30), effect: 'send:1', sender: 'u1' },
    { ...touch, customerId: 3, at: hoursAgo(3), effect: 'send:2', sender: 'u3', campaignId },
    {
      ...touch,
      customerId: 3,
      at: hoursAgo(2),
      effect: 'welcome:wm3',
      channel: 'welcome',
      kind: 'service',
      sender: 'u3',
    },
  ]
  await db.transaction().execute(async (tx) => {
    await recordTouches(tx, touches)
    await noteChanges(tx, corpId, [
      { customerId: 1, kind: 'person', present: true },
      { customerId: 2, kind: 'person', present: true },
      { customerId: 2, kind: 'mark', key: 'tier:vip', present: true },
    ])
  })
})

const rules = (more: Partial<Policy>): Policy => ({ ...openPolicy, ...more })
const twoAWeek = rules({ caps: [{ channel: null, per: 'week', most: 2, kept: 0 }] })
const create = (name: string, given: Policy, place = 10) =>
  operator.post('/api/governor/policies', { name, place, rules: given, note: '' })

describe('touch policies', () => {
  it('are made, changed and taken back to an older version, each recorded, and a policy that ended counts no more', async () => {
    const [made] = (await create('全部客户', twoAWeek)).as(list).items
    expect(made).toMatchObject({ name: '全部客户', version: 1, rules: twoAWeek })
    const path = `/api/governor/policies/${made?.id}`
    const tighter = { ...twoAWeek, gap_minutes: 600 }
    const changed = await operator.post(`${path}/versions`, { after: 1, place: 10, rules: tighter, note: '加间隔' })
    expect(changed.as(list).items).toMatchObject([{ version: 2, rules: { gap_minutes: 600 } }])
    // who edited the first version meanwhile is told
    expect((await operator.post(`${path}/versions`, { after: 1, place: 10, rules: twoAWeek, note: '' })).status).toBe(
      409,
    )
    expect((await operator.post(`${path}/return`, { version: 1 })).as(list).items).toMatchObject([{ version: 1 }])
    const versions = (await operator.get(`${path}/versions`)).as(z.object({ items: z.array(policyVersion) }))
    expect(versions.items.map((one) => [one.version, one.note])).toEqual([
      [2, '加间隔'],
      [1, ''],
    ])
    expect((await operator.post(`${path}/return`, { version: 7 })).status).toBe(404)
    expect((await operator.post(`${path}/close`)).as(list).items).toEqual([])
    expect(site.audited.map((entry) => entry.action)).toEqual([
      'touch_policy.create',
      'touch_policy.update',
      'touch_policy.return',
      'touch_policy.close',
    ])
    // and can be taken up again, but not beside another that has its name meanwhile
    const vip = rules({ whom: { is: 'tier', any: ['vip'] } })
    const [namesake] = (await create('全部客户', vip)).as(list).items
    expect((await operator.post(`${path}/return`, { version: 1 })).body).toMatchObject({
      code: 'conflict',
      message: '已有名为「全部客户」的策略。',
    })
    await operator.post(`/api/governor/policies/${namesake?.id}/close`)
    expect((await operator.post(`${path}/return`, { version: 1 })).as(list).items).toHaveLength(1)
  })

  it('are one for everybody, of one name each, and what contradicts itself is refused with why', async () => {
    expect((await create('另一条', twoAWeek)).body).toMatchObject({
      code: 'rule',
      message: '已有面向全部客户的策略「全部客户」。',
    })
    const vip = rules({ whom: { is: 'tier', any: ['vip'] } })
    expect((await create('全部客户', vip)).status).toBe(409)
    const twice = { channel: null, per: 'day', most: 1, kept: 0 } as const
    expect((await create('重复', { ...vip, caps: [twice, twice] })).status).toBe(422)
    const gone = { is: 'audience', id: '0199a0a0-0000-7000-8000-000000000001' } as const
    expect((await create('分群', rules({ whom: gone }))).status).toBe(422)
  })
})

describe('a person', () => {
  it('has every touch of all his homes in the ledger, page by page', async () => {
    const shape = z.object({ items: z.array(touchView), next_cursor: z.string().nullable() })
    const first = (await operator.get('/api/customers/1/touches?limit=2')).as(shape)
    expect(first.items.map((one) => [one.channel, one.kind, one.sender_name, one.campaign])).toEqual([
      ['welcome', 'service', '员工u3', null],
      ['customer_send', 'marketing', '员工u3', '双十一'],
    ])
    const next = (await operator.get(`/api/customers/1/touches?limit=2&cursor=${first.next_cursor}`)).as(shape)
    expect(next.items.map((one) => one.sender)).toEqual(['u1'])
    expect(next.next_cursor).toBeNull()
    // the effect's key names the person at the platform
    expect(JSON.stringify([first, next])).not.toContain('wm3')
  })

  it('is told of a touch whose answer was lost that nobody is sure of it', async () => {
    const shape = z.object({ items: z.array(touchView) })
    const certain = async () =>
      (await operator.get('/api/customers/1/touches')).as(shape).items.map((one) => one.certain)
    expect(await certain()).toEqual([true, true, true])
    const effect = { key: 'welcome:wm3', corp_id: corpId, kind: 'welcome', claimed_at: clock.now() }
    await db
      .insertInto('effects')
      .values({ ...effect, state: 'unknown' })
      .execute()
    expect(await certain()).toEqual([false, true, true])
  })

  it('is decided by the policy that speaks of him, with why in words and until when', async () => {
    const path = '/api/customers/1/touch-decision?wait_hours=200'
    const held = (await operator.get(path)).as(decisionView)
    expect(held).toMatchObject({
      verdict: 'hold',
      policy: { name: '全部客户', version: 1 },
      counted: { day: 1, week: 2, month: 2 },
    })
    expect(held.reasons.map((one) => one.words.zh)).toEqual([
      '7 天内的次数已到上限（全部渠道合计，7×24 小时内最多 2 次）',
    ])
    expect(held.until).toBe(new Date(hoursAgo(30).getTime() + 7 * 86_400_000).toISOString())
    const earlier = encodeURIComponent(hoursAgo(4).toISOString())
    const then = (await operator.get(`${path}&at=${earlier}`)).as(decisionView)
    // of then: one touch, and no policy had been made yet
    expect(then).toMatchObject({ verdict: 'send', policy: null, counted: { month: 1 } })
  })

  it('of a tier falls under its policy before everybody’s', async () => {
    await create('VIP 不打扰', rules({ whom: { is: 'tier', any: ['vip'] }, marketing: 'never' }))
    const vip = (await operator.get('/api/customers/2/touch-decision')).as(decisionView)
    expect(vip).toMatchObject({
      verdict: 'drop',
      policy: { name: 'VIP 不打扰' },
      reasons: [{ reason: 'no_marketing' }],
    })
  })

  it('who asked for nothing gets nothing from that moment, and is counted so among all', async () => {
    const wish = { wish: 'none', reason: '客户在聊天里说不要再发' }
    expect((await operator.put('/api/customers/3/touch-wish', wish)).status).toBe(204)
    expect(site.audited.at(-1)).toMatchObject({ action: 'customer.touch_wish', objectId: '1', after: { wish: 'none' } })
    const gone = (await operator.get('/api/customers/1/touch-decision?wait_hours=200')).as(decisionView)
    expect(gone).toMatchObject({ verdict: 'drop', wish: 'none', until: null })
    expect(gone.reasons.map((one) => one.reason)).toEqual(['opted_out', 'week_cap'])
    const begun = (await operator.post('/api/governor/previews', {})).as(z.object({ operation_id: z.uuid() }))
    const over = await operationOver(operations, corpId, begun.operation_id)
    expect(over).toMatchObject({ state: 'done', error: null })
    const preview = (await operator.get(`/api/governor/previews/${begun.operation_id}`)).as(previewAnswer)
    expect(preview).toMatchObject({
      persons: 2,
      groups: [
        { policy: 'VIP 不打扰', verdict: 'drop', reason: 'no_marketing', persons: 1 },
        { policy: '全部客户', verdict: 'drop', reason: 'opted_out', persons: 1 },
      ],
    })
  })
})

it('what the platform leaves somebody is told with what we know of and what only its refusals tell of', async () => {
  // all of it in this month: the welcome is no mass send
  const quota = (await operator.get('/api/customers/3/touch-quota')).as(quotaView)
  expect(quota).toMatchObject({ mode: 'monthly_days', most: 30, known: 2, reserved: 0, unknown: 0, left: 28 })
  expect((await operator.get('/api/governor/quota')).body).toMatchObject({ mode: 'monthly_days', most: 30 })
})

it('what the platform leaves a group is told less its open tasks, to who may see the group', async () => {
  await sql`insert into groups (chat_id, corp_id, name, owner) values ('wr1', ${corpId}, '水果群', 'u1')`.execute(db)
  const path = '/api/governor/groups/wr1/quota'
  expect((await operator.get(path)).as(quotaView)).toMatchObject({ known: 0, reserved: 0, left: 30 })
  for (const state of ['asked', 'expired', 'confirmed']) {
    const { runId: run } = await aRun(db, corpId, { kind: 'group_send', groups: {} }, { at: clock.now() })
    await sql`insert into campaign_groups (run_id, chat_id, corp_id, planned_for, owner, customers, fate, task)
      values (${run}, 'wr1', ${corpId}, ${clock.now()}, 'u1', 1, 0, 1)`.execute(db)
    await sql`insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients, state, confirmed_at)
      values (${run}, 1, ${corpId}, 0, 'u1', 1, ${state}, ${state === 'confirmed' ? clock.now() : null})`.execute(db)
  }
  expect((await operator.get(path)).as(quotaView)).toMatchObject({ known: 0, reserved: 2, left: 28 })
  expect((await operator.get('/api/governor/groups/wrUnknown/quota')).status).toBe(404)
  const regional = await site.as('operator', { kind: 'region', departmentIds: [1] })
  expect((await regional.get(path)).status).toBe(404)
})

describe('not allowed', () => {
  it('to change policies without the permission, or for a part of the customers', async () => {
    expect((await auditor.post('/api/governor/policies', {})).status).toBe(403)
    const regional = await site.as('operator', { kind: 'region', departmentIds: [1] })
    const body = { name: '区域', place: 1, rules: twoAWeek, note: '' }
    expect((await regional.post('/api/governor/policies', body)).status).toBe(403)
    expect((await regional.post('/api/governor/previews', {})).status).toBe(403)
    expect((await auditor.get(`/api/governor/previews/${crypto.randomUUID()}`)).status).toBe(404)
  })

  it('to look up or speak for somebody else’s customer, nor to read whose touches those were', async () => {
    const guide = await site.as('guide', { kind: 'self', userid: 'u1' })
    expect((await guide.get('/api/governor/policies')).status).toBe(403)
    for (const path of ['touches', 'touch-decision', 'touch-quota'])
      expect((await guide.get(`/api/customers/2/${path}`)).status).toBe(404)
    expect((await guide.put('/api/customers/2/touch-wish', { wish: 'less', reason: '他说的' })).status).toBe(404)
    expect((await auditor.put('/api/customers/1/touch-wish', { wish: 'all', reason: '试试' })).status).toBe(403)
    const own = (await guide.get('/api/customers/1/touches')).as(z.object({ items: z.array(touchView) }))
    expect(own.items.map((one) => one.sender)).toEqual([null, null, 'u1'])
  })
})

it('the policy of a demo brand is given once, and to nobody who has or had one', async () => {
  const { rows } = await sql<{
    id: number
  }>`insert into corps (corpid, name, created_at) values ('ww2', 'c', now()) returning id`.execute(db)
  const other = rows[0]?.id ?? 0
  for (const of of [other, other, corpId])
    await seedPolicy(db, of, '日常', { place: 1, rules: twoAWeek, note: '' }, clock.now())
  const seeded = db.selectFrom('touch_policies').select('corp_id').where('name', '=', '日常')
  expect(await seeded.execute()).toEqual([{ corp_id: other }])
})
