import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { pageOf } from '../../../infra/http/api.ts'
import { declaredRoutes, testSite } from '../../../infra/http/testing.ts'
import { heldOperations } from '../../../infra/operations/testing.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { partitionOf } from './draft.store.ts'
import { definePlanning } from './plan.jobs.ts'
import { planRoutes } from './plan.routes.ts'
import { planAnswer, recipientView, rehearsalBegun, whyAnswer } from './plan.schema.ts'
import { aRun, smallBrand } from './plan-stage.ts'

const database = await testDatabase()
const { db } = database
const operations = heldOperations(() => db)
const site = await testSite({ routes: (services) => [planRoutes(services)], services: { operations }, database })
const { corpId, clock } = site
definePlanning(site.services, async () => undefined)
await sql`insert into reach_settings (corp_id, global_holdout_permille, changed_at) values (${corpId}, 0, now())`.execute(
  db,
)
await smallBrand(
  db,
  corpId,
  ['ann'],
  [
    { id: 1, senders: ['ann'], marks: ['tag:vip'] },
    { id: 2, senders: ['ann'] },
    { id: 3, senders: ['ann'], marks: ['tag:out'] },
    { id: 4 },
    { id: 5, mergedInto: 2 },
  ],
)
const operator = await site.as('operator')
const auditor = await site.as('auditor')
const { campaignId } = await aRun(
  db,
  corpId,
  { exclusions: [{ name: '售后中', whom: { rule: { is: 'tags', mode: 'any', tags: ['out'] } } }] },
  { at: clock.now() },
)
const at = `/api/campaigns/${campaignId}`
const rehearse = async () => {
  const begun = (await operator.post(`${at}/rehearse`)).as(rehearsalBegun)
  await operations.run(begun.operation_id)
  return begun.run_id
}

it('a rehearsal says who would get it, who would not and why, and nothing is sent', async () => {
  const run = await rehearse()
  const { plan, ...rest } = (await operator.get(`${at}/runs/${run}/plan`)).as(planAnswer)
  expect(rest).toMatchObject({ run_id: run, rehearsal: true, state: 'planned', version: 1 })
  expect(plan).toMatchObject({
    candidates: 4,
    fates: { sent_to: 2, excluded: 1, no_sender: 1 },
    exclusions: [{ name: '售后中', first: 1, hit: 1, words: { zh: '售后中' } }],
    no_sender: [{ reason: 'no_relation', persons: 1, words: { zh: '没有员工是他的好友' } }],
    variants: [{ name: 'A', persons: 2 }],
    ...{ senders: 1, tasks: 1, largest_task: 2 },
    loaded: [{ sender: 'ann', name: 'ann', persons: 2, tasks: 1, open: 0 }],
    overloaded: { most: 3, members: 0 },
    stores: [{ id: null, persons: 2, senders: 1 }],
    calls: { count: 1, minutes: 1 },
    quota: { mode: 'monthly_days', most: 30, spent: 0 },
    forecast: { basis: 'assumption', runs: 0, deletes: null },
  })
  const { rows } = await sql`select from campaign_tasks where run_id = ${run}
    union all select from touch_reservations where run_id = ${run}`.execute(db)
  expect(rows).toEqual([])
})

it('people of a run are listed by key, by fate, by reason and by name, masked for those who may not see names', async () => {
  const run = await rehearse()
  const list = async (query: string, visitor = operator) =>
    (await visitor.get(`${at}/runs/${run}/recipients?${query}`)).as(pageOf(recipientView))
  const first = await list('limit=3')
  expect(first.items.map((one) => one.customer_id)).toEqual([1, 2, 3])
  expect((await list(`limit=3&cursor=${first.next_cursor}`)).items.map((one) => one.customer_id)).toEqual([4])
  const excluded = await list('fate=excluded&reason=0')
  expect(excluded.items).toMatchObject([{ customer_id: 3, words: [{ zh: '符合排除条件「售后中」' }] }])
  expect((await list('fate=no_sender&reason=sender_gone')).items).toEqual([])
  expect((await list('fate=no_sender&reason=no_relation')).items).toMatchObject([{ customer_id: 4, sender: null }])
  expect((await list('fate=sent_to', auditor)).items[0]?.name).toBe('客*1')
})

it('of any person is answered why he gets it or does not, by whichever of his homes he is asked for', async () => {
  const why = async (customer: number) => (await operator.get(`${at}/why?customer_id=${customer}`)).as(whyAnswer)
  await rehearse()
  expect((await why(3)).words).toEqual([{ zh: '符合排除条件「售后中」', en: 'Excluded by “售后中”' }])
  expect((await why(5)).recipient).toMatchObject({ customer_id: 2, fate: 'sent_to', sender: 'ann' })
  expect((await operator.get(`${at}/why?customer_id=99`)).status).toBe(404)
  // a number that no column holds names nothing, and breaks nothing
  for (const path of ['runs/2147483648/plan', 'why?customer_id=3&run=2147483648', 'runs/1/recipients?task=2147483648'])
    expect((await operator.get(`${at}/${path}`)).status).toBe(400)
  const run = await rehearse()
  await sql`drop table ${sql.table(partitionOf(run))}`.execute(db)
  expect((await why(3)).words).toMatchObject([{ zh: '这次发送的名单已超过保存期限，只保留汇总数据' }])
})

it('of whom it was to be sent to is answered why he has not got it, as long as he has not', async () => {
  const run = await rehearse()
  await sql`update campaign_recipients set task = 1 where run_id = ${run} and customer_id = 1`.execute(db)
  await sql`insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients, state)
    values (${run}, 1, ${corpId}, 0, 'ann', 1, 'planned')`.execute(db)
  const why = async (taskState: string, status: number | null, state = 'running') => {
    await sql`update campaign_tasks set state = ${taskState} where run_id = ${run}`.execute(db)
    await sql`update campaign_recipients set status = ${status} where run_id = ${run} and customer_id = 1`.execute(db)
    await sql`update campaign_runs set state = ${state} where id = ${run}`.execute(db)
    const { words, recipient } = (await operator.get(`${at}/why?customer_id=1&run=${run}`)).as(whyAnswer)
    const { items } = (await operator.get(`${at}/runs/${run}/recipients?limit=1`)).as(pageOf(recipientView))
    expect(items[0]).toEqual(recipient)
    return [...words.map(({ zh }) => zh), recipient?.over]
  }
  expect(await why('planned', null)).toEqual(['还没有请员工确认', false])
  expect(await why('planned', null, 'paused')).toEqual(['这次发送已暂停，还没有发出', false])
  expect(await why('asked', 0)).toEqual(['员工还没有确认发送', false])
  expect(await why('expired', 0)).toEqual(['员工没有在期限内确认，任务已收回', true])
  expect(await why('cancelled', null, 'cancelled')).toEqual(['这次发送已取消，没有发出', true])
  expect(await why('cancelled', 0, 'stopped')).toEqual(['灰度里删除好友的人太多，其余的已经停发', true])
  expect(await why('confirmed', 0)).toEqual(['员工已确认，企业微信没有说发给了他', false])
  expect(await why('confirmed', 2)).toEqual(['已不是好友，没有发出', false])
  expect(await why('confirmed', 3)).toEqual(['他收到的群发已到企业微信的上限', false])
  expect(await why('confirmed', 1)).toEqual(['发送', false])
  // who is held waits for nothing any more when it is called off
  await sql`update campaign_recipients set fate = 1, reason = 4, hits = ${1 << 20}, held_until = ${clock.now()}
    where run_id = ${run} and customer_id = 1`.execute(db)
  expect(await why('planned', null)).toEqual(['7 天内的次数已到上限', false])
  expect(await why('cancelled', null, 'cancelled')).toEqual(['这次发送已取消，没有发出', '7 天内的次数已到上限', true])
})

it('a rehearsal takes the place of those before it, and their people go', async () => {
  const [old, latest] = [await rehearse(), await rehearse()]
  const kept = async (run: number) => {
    const { rows } = await sql<{
      there: boolean
    }>`select to_regclass(${partitionOf(run)}) is not null as there`.execute(db)
    return rows[0]?.there
  }
  expect([await kept(old), await kept(latest)]).toEqual([false, true])
  expect((await operator.get(`${at}/runs/${old}/recipients`)).as(pageOf(recipientView)).items).toEqual([])
})

it('nobody without the right, or of a part of the corp, sees or rehearses campaigns', async () => {
  const guide = await site.as('guide', { kind: 'self', userid: 'ann' })
  const part = await site.as('operator', { kind: 'region', departmentIds: [1] })
  for (const visitor of [guide, part]) {
    expect((await visitor.post(`${at}/rehearse`)).status).toBe(403)
    for (const path of ['runs/1/plan', 'runs/1/recipients', 'why?customer_id=1'])
      expect((await visitor.get(`${at}/${path}`)).status).toBe(403)
  }
  expect((await auditor.post(`${at}/rehearse`)).status).toBe(403)
  expect(declaredRoutes(site.app)).toHaveLength(4)
})

it('of a send to groups is answered group by group in which the person was, by any of his homes', async () => {
  const { campaignId: id, runId } = await aRun(db, corpId, { kind: 'group_send', groups: {} }, { at: clock.now() })
  const groups = [
    { chat: 'wr1', name: '水果群', fate: 0, reason: null, status: 1, of: 5 },
    { chat: 'wr2', name: '福利群', fate: 2, reason: 'quota', status: null, of: 2 },
    { chat: 'wr3', name: '', fate: 0, reason: null, status: null, of: 2, task: 'asked' },
    { chat: 'wr6', name: '老客群', fate: 0, reason: null, status: null, of: 2, task: 'expired' },
    { chat: 'wr4', name: '他退出的群', fate: 0, reason: null, status: 1, of: 2, left: true },
    { chat: 'wr5', name: '别人的群', fate: 0, reason: null, status: 1, of: 1 },
  ]
  for (const [place, { chat, name, fate, reason, status, of, left = false, task }] of groups.entries()) {
    await sql`insert into groups (chat_id, corp_id, name) values (${chat}, ${corpId}, ${name})`.execute(db)
    await sql`insert into group_members (chat_id, corp_id, kind, member_id, customer_id, left_at)
      values (${chat}, ${corpId}, 'external', ${`wm${of}`}, ${of}, ${left ? new Date(0) : null})`.execute(db)
    await sql`insert into campaign_groups (run_id, chat_id, corp_id, planned_for, owner, customers, fate, reason, status)
      values (${runId}, ${chat}, ${corpId}, ${clock.now()}, 'ann', 1, ${fate}, ${reason}, ${status})`.execute(db)
    if (task === undefined) continue
    await sql`insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients, state)
      values (${runId}, ${place}, ${corpId}, 0, 'ann', 1, ${task})`.execute(db)
    await sql`update campaign_groups set task = ${place} where run_id = ${runId} and chat_id = ${chat}`.execute(db)
  }
  await sql`update campaign_runs set state = 'running', plan = '{"at": "2026-11-11T02:00:00Z", "exclusions": [], "policies": []}'::jsonb
    where id = ${runId}`.execute(db)
  const why = async (customer: number) =>
    (await operator.get(`/api/campaigns/${id}/why?customer_id=${customer}`)).as(whyAnswer).words.map(({ zh }) => zh)
  expect(await why(5)).toEqual([
    '已发到他所在的「水果群」',
    '未命名的群没有发：等群主确认发送',
    '「老客群」没有发：群主没有在期限内确认，任务已收回',
    '「福利群」没有发：平台的接收次数已用完',
  ])
  expect(await why(2)).toHaveLength(4)
  expect(await why(4)).toEqual(['那时他不在这次发送的任何客户群里'])
})

it('a rehearsal that began before the first sync of customers had ended says that its audience is not known', async () => {
  const known = async (run: number) => (await operator.get(`${at}/runs/${run}/plan`)).as(planAnswer).audience_known
  expect((await operator.post(`${at}/rehearse`)).as(rehearsalBegun).audience_known).toBe(false)
  const early = await rehearse()
  expect(await known(early)).toBe(false)
  const ended = new Date(clock.now().getTime() + 1000)
  await sql`insert into customer_syncs (corp_id, baseline_at, first_done_at) values (${corpId}, ${ended}, ${ended})
    on conflict (corp_id) do update set first_done_at = excluded.first_done_at`.execute(db)
  expect(await known(early)).toBe(false)
  clock.set(new Date(ended.getTime() + 1000))
  const late = await rehearse()
  expect(await known(late)).toBe(true)
})
