import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { heldOperations } from '../../infra/operations/testing.ts'
import { localTime, momentOf } from '../../infra/zone.ts'
import { groupStage } from '../groups/group-stage.ts'
import { campaignRouters } from './campaigns/campaign.routers.ts'
import { sound } from './campaigns/campaign-stage.ts'
import { calendarView, saved } from './campaigns/campaigns.schema.ts'
import { groupsPreview, groupsPreviewRoutes } from './plan/groups-preview.routes.ts'
import { definePlanning } from './plan/plan.jobs.ts'
import { planRoutes } from './plan/plan.routes.ts'
import { planView } from './plan/plan.schema.ts'
import { groupLines, groupParts, groupReport, groupReportRoutes, groupSlots } from './report/groups-report.routes.ts'

const operations = heldOperations(() => stage.db)
const stage = await groupStage({
  ...{ staff: 4, people: 40, relations: 50 },
  site: {
    routes: (services) => [
      ...campaignRouters(services),
      planRoutes(services),
      groupsPreviewRoutes(services),
      groupReportRoutes(services),
    ],
    services: { operations },
  },
})
const { db, clock } = stage
definePlanning(stage.services, async () => undefined)
const author = await stage.as('operator')
const begun = z.object({ run_id: z.int(), operation_id: z.uuid() })
const zone = 'Asia/Shanghai'
const hour = 3_600_000
/** Of three owners: eight, four and two groups. */
const many = [8, 4, 2] as const
let owners: readonly string[] = []
let stores: readonly string[] = []

const spec = (groups: object, more: object = {}) => ({
  ...{
    ...sound,
    kind: 'group_send',
    whom: null,
    holdout_permille: 0,
    canary: null,
    groups,
    reminders: 0,
    window: null,
  },
  ...more,
})
const preview = async (groups: object, more: object = {}) =>
  (await author.post('/api/campaigns/groups-preview', { spec: spec(groups, more) })).as(groupsPreview)
const write = async (name: string, groups: object, more: object = {}) =>
  (await author.post('/api/campaigns', { name, spec: spec(groups, more) })).as(saved).id
const agreed = (id: string) => sql`update campaigns set state = 'approved' where id = ${id}`.execute(db)
const rehearse = async (id: string) => {
  const { run_id, operation_id } = (await author.post(`/api/campaigns/${id}/rehearse`)).as(begun)
  await operations.run(operation_id)
  const run = db.selectFrom('campaign_runs').select(['plan', 'why']).where('id', '=', run_id)
  return { run: run_id, plan: planView.parse((await run.executeTakeFirstOrThrow()).plan) }
}
const planned = async (campaign: string, at: Date, rehearsal: boolean) => {
  const { rows } = await sql<{ id: number }>`
    insert into campaign_runs (corp_id, campaign_id, version, rehearsal, planned_for, created_at)
    values (${stage.corpId}, ${campaign}, 1, ${rehearsal}, ${at}, ${clock.now()}) returning id`.execute(db)
  const run = rows[0]?.id ?? 0
  await operations.begin({ kind: 'campaign.plan', corpId: stage.corpId, input: { runId: run }, startedBy: 'system' })
  await operations.run()
  return run
}
const today = () => localTime(clock.now(), zone).dayNumber
const clockOf = (minute: number, days = 1) => momentOf(today() + days, minute, zone)

beforeAll(async () => {
  await stage.sync()
  const { rows } = await sql<{ userid: string }>`
    select userid from staff where follows and gone_at is null order by userid limit ${many.length}`.execute(db)
  owners = rows.map((row) => row.userid)
  const [first, second] = await Promise.all(
    ['静安店', '徐汇店'].map(async (name, at) => {
      const { rows: made } = await sql<{ id: string }>`
        insert into stores (id, corp_id, code, name, created_at)
        values (gen_random_uuid(), ${stage.corpId}, ${`S${at}`}, ${name}, now()) returning id`.execute(db)
      return made[0]?.id ?? ''
    }),
  )
  stores = [first ?? '', second ?? '']
  for (const [at, userid] of owners.entries())
    await sql`update staff set store_id = ${stores[at === 0 ? 0 : 1]} where userid = ${userid}`.execute(db)
  for (const [at, userid] of owners.entries())
    for (let number = 0; number < (many[at] ?? 0); number += 1)
      await stage.group(`晨光${at === 0 ? '静安' : '徐汇'}群 ${at}-${number}`, [], userid)
  await stage.later(60_000)
  await stage.syncGroups()
})

describe('which groups a send is for', () => {
  it('are chosen by their owners, the stores of these, part of their names, or one by one', async () => {
    const count = async (groups: object) => (await preview(groups)).sent_to
    expect(await count({ name: '晨光', owners: [owners[1]] })).toBe(4)
    expect(await count({ name: '晨光', stores: [stores[0]] })).toBe(8)
    expect(await count({ name: '晨光', stores: [stores[1]] })).toBe(6)
    expect(await count({ name: '晨光', stores: [stores[1]], owners: [owners[2]] })).toBe(2)
    expect(await count({ name: '晨光静安群' })).toBe(8)
    // no pattern, whatever it looks like
    expect(await count({ name: '%' })).toBe(0)
    const { rows } = await sql<{
      id: string
    }>`select chat_id as id from groups where name like '晨光徐汇群%' order by 1`.execute(db)
    expect(await count({ chats: rows.slice(0, 3).map((row) => row.id) })).toBe(3)
    expect(await count({ chats: ['wr-nobody'] })).toBe(0)
  })

  it('cost each owner the taps that the page counts for both ways of asking, and the rehearsal makes so many tasks', async () => {
    const choice = { name: '晨光' }
    const told = await preview(choice)
    expect(told.taps).toEqual({ per_owner: 3, per_group: 14 })
    expect(told.by_owner.map((one) => [one.userid, one.taps.per_owner, one.taps.per_group])).toEqual(
      owners.map((userid, at) => [userid, 1, many[at]]),
    )
    for (const [task_each, taps] of [
      [false, told.taps.per_owner],
      [true, told.taps.per_group],
    ] as const) {
      const { plan } = await rehearse(await write(`各 ${task_each}`, { ...choice, task_each }))
      expect(plan.tasks).toBe(taps)
      expect(plan.loaded.map((one) => one.tasks)).toEqual(task_each ? [...many] : [1, 1, 1])
    }
  })
})

describe('the day of a group', () => {
  it('goes to the send of higher priority, which the other is told, in the preview, the plan and group by group', async () => {
    const day = clockOf(18 * 60, 2).toISOString()
    const morning = clockOf(9 * 60, 2).toISOString()
    const higher = await write(
      '会员日',
      { name: '晨光', owners: [owners[0]] },
      {
        ...{ schedule: { kind: 'at', at: day }, governed: { when_capped: 'drop', wait_hours: 0, priority: 8 } },
      },
    )
    const lower = { schedule: { kind: 'at', at: morning } }
    const untouched = await preview({ name: '晨光' }, lower)
    expect(untouched.sent_to).toBe(14)
    await agreed(higher)
    const told = await preview({ name: '晨光' }, lower)
    expect(told.sent_to).toBe(6)
    expect(told.left_out).toMatchObject([{ fate: 'dropped', reason: 'gave_way', groups: 8 }])
    expect(told.left_out[0]?.words.zh).toContain('会员日')
    const id = await write('早安', { name: '晨光' }, lower)
    const { run, plan } = await rehearse(id)
    expect(plan.gave_way).toEqual([{ id: higher, name: '会员日', priority: 8, groups: 8 }])
    const { items } = (await author.get(`/api/campaigns/${id}/runs/${run}/groups?fate=dropped&limit=50`)).as(groupLines)
    expect(new Set(items.map((one) => one.owner.userid))).toEqual(new Set([owners[0]]))
    expect(items.every((one) => one.words?.zh.includes('会员日'))).toBe(true)
    // once it is no rehearsal, those who run it are told
    const standing = async () => {
      const { rows } = await sql<{ zh: string }>`
        select title->>'zh' as zh from alarms where kind = 'campaign.gave_way' and cleared_at is null`.execute(db)
      return rows.map((row) => row.zh)
    }
    expect(await standing()).toEqual([])
    const real = await planned(id, clockOf(9 * 60, 2), false)
    expect(await standing()).toEqual(['「早安」有 8 个客户群让给了优先级更高的「会员日」'])
    await sql`delete from campaign_tasks where run_id = ${real}`.execute(db)
    await sql`delete from campaign_runs where id = ${real}`.execute(db)
    // where a group may have two, or on another day, nobody gives way
    expect((await preview({ name: '晨光', most_a_day: 2 }, lower)).sent_to).toBe(14)
    const next = { schedule: { kind: 'at', at: clockOf(9 * 60, 3).toISOString() } }
    expect((await preview({ name: '晨光' }, next)).sent_to).toBe(14)
    // the higher gives way to nobody
    expect((await rehearse(higher)).plan.fates.sent_to).toBe(8)
    const { conflicts, entries } = (
      await author.get(`/api/campaigns/calendar?from=${day.slice(0, 10)}&to=${day.slice(0, 10)}`)
    ).as(calendarView)
    expect(conflicts).toHaveLength(1)
    expect(conflicts[0]).toMatchObject({ groups: 8, first: higher })
    expect(entries.map((one) => one.priority).toSorted()).toEqual([5, 8])
    await sql`update campaigns set state = 'cancelled' where id = ${higher}`.execute(db)
  })

  it('is shared by the times of a campaign: each group takes part once a day, and in another time every day', async () => {
    const minutes = [510, 690, 870, 1050]
    const schedule = { kind: 'recurring', weekdays: [0, 1, 2, 3, 4, 5, 6], minutes, until: '2027-12-31' }
    const id = await write('四个时段', { name: '晨光' }, { schedule })
    const parts = new Map<string, number[]>()
    for (const days of [1, 2, 3, 4])
      for (const [place, minute] of minutes.entries()) {
        const run = await planned(id, clockOf(minute, days), true)
        const { items } = (await author.get(`/api/campaigns/${id}/runs/${run}/groups?fate=sent_to&limit=50`)).as(
          groupLines,
        )
        for (const { chat_id: chat } of items)
          parts.set(`${chat} ${days}`, [...(parts.get(`${chat} ${days}`) ?? []), place])
      }
    expect(parts.size).toBe(14 * 4)
    expect([...parts.values()].every((places) => places.length === 1)).toBe(true)
    const chats = Map.groupBy(parts, ([key]) => key.split(' ')[0])
    for (const list of chats.values())
      expect(list.flatMap(([, places]) => places).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3])
  })
})

describe('what a send to groups woke', () => {
  /** A run of that campaign with a task for each of two groups and a link each, as its launch leaves it. */
  const aRun = async (name: string, at: Date, kind: 'group_send' | 'customer_send' = 'group_send') => {
    const id = await write(
      name,
      { name: '晨光' },
      kind === 'group_send' ? {} : { kind, whom: { rule: { all: [] } }, groups: undefined },
    )
    const { rows } = await sql<{ id: number }>`
      insert into campaign_runs (corp_id, campaign_id, version, state, planned_for, started_at, created_at)
      values (${stage.corpId}, ${id}, 1, 'running', ${at}, ${at}, ${at}) returning id`.execute(db)
    const run = rows[0]?.id ?? 0
    const { rows: groups } = await sql<{ chatId: string; owner: string }>`
      select chat_id as "chatId", owner from groups where name like '晨光%' and owner = any(array[${owners[0]}, ${owners[1]}]) order by owner, chat_id`.execute(
      db,
    )
    const two = [groups[0], groups.at(-1)].flatMap((one) => one ?? [])
    for (const [place, { chatId, owner }] of two.entries()) {
      const number = place + 1
      await sql`insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients, state, asked_at, confirmed_at, sent)
        values (${run}, ${number}, ${stage.corpId}, 0, ${owner}, 1, ${place === 0 ? 'confirmed' : 'asked'}, ${at},
          ${place === 0 ? new Date(at.getTime() + 600_000) : null}, ${place === 0 ? 1 : 0})`.execute(db)
      await sql`insert into links (corp_id, run_id, task, place, target) values (${stage.corpId}, ${run}, ${number}, 0, 'https://shop.example.com')`.execute(
        db,
      )
      if (kind === 'group_send')
        await sql`insert into campaign_groups (run_id, chat_id, corp_id, planned_for, owner, customers, fate, task, status, sent_at)
          values (${run}, ${chatId}, ${stage.corpId}, ${at}, ${owner}, 80, 0, ${number}, ${place === 0 ? 1 : 0}, ${at})`.execute(
          db,
        )
    }
    return { id, run }
  }
  const click = async ({ run }: { run: number }, customer: number, at: Date, task = 1) =>
    sql`insert into link_opens (link_id, id, at, corp_id, run_id, task, customer_id)
      select id, gen_random_uuid(), ${at}, ${stage.corpId}, run_id, task, ${customer} from links where run_id = ${run} and task = ${task}`.execute(
      db,
    )
  let order = 0
  const pay = async (customer: number, at: Date) => {
    order += 1
    await sql`insert into orders (customer_id, id, corp_id, source, number, status, amount, refunded, ordered_at, paid_at, lines, version_at, learnt_at)
      values (${customer}, ${9_000 + order}, ${stage.corpId}, 'shop', ${`w${order}`}, 'paid', 100, 0, ${at}, ${at}, '[]', ${at}, ${at})`.execute(
      db,
    )
  }
  const reportOf = async ({ id, run }: { id: string; run: number }) =>
    (await author.get(`/api/campaigns/${id}/runs/${run}/group-report`)).as(groupReport)

  it('is owed to the last click, so a private send and another send to groups count no order that it counts', async () => {
    const { rows } = await sql<{
      id: number
    }>`select id from customers where merged_into is null order by id limit 5`.execute(db)
    const [woken, toPrivate, back, toOther, busy] = rows.map((row) => row.id)
    if (!woken || !toPrivate || !back || !toOther || !busy) throw new Error('too few customers')
    const at = clockOf(8 * 60 + 30, 0)
    const after = (hours: number) => new Date(at.getTime() + hours * hour)
    const groups = await aRun('早咖啡', at)
    const other = await aRun('下午茶', after(6))
    const own = await aRun('私聊券', after(1), 'customer_send')
    await click(groups, woken, after(1))
    await pay(woken, after(2))
    // the second order of the same day is woken too
    await pay(woken, after(5))
    // clicked in the group, then in the chat
    await click(groups, toPrivate, after(1))
    await click(own, toPrivate, after(2))
    await pay(toPrivate, after(3))
    // in the chat first, then in the group
    await click(own, back, after(1))
    await click(groups, back, after(2))
    await pay(back, after(3))
    // in another group send later that day
    await click(groups, toOther, after(1))
    await click(other, toOther, after(7))
    await pay(toOther, after(8))
    // bought five days before
    await pay(busy, after(-5 * 24))
    await click(groups, busy, after(1))
    await pay(busy, after(2))
    expect((await reportOf(groups)).woken).toMatchObject({ orders: 3, persons: 2 })
    expect((await reportOf(other)).woken).toMatchObject({ orders: 1, persons: 1 })

    const parts = async (by: string) =>
      (await author.get(`/api/campaigns/${groups.id}/runs/${groups.run}/group-parts?by=${by}`)).as(groupParts).items
    expect((await parts('owner')).map((one) => [one.key, one.tasks, one.confirmed, one.woken_orders])).toEqual([
      [owners[0], 1, 1, 3],
      [owners[1], 1, 0, 0],
    ])
    expect((await parts('store')).map((one) => one.name).toSorted()).toEqual(['徐汇店', '静安店'].toSorted())
    expect(await parts('hour')).toMatchObject([{ key: '08', asked: 2, confirmed: 1, minutes: 10, woken_persons: 2 }])
    const found = await author.get(`/api/campaigns/${groups.id}/runs/${groups.run}/group-parts?by=owner&q=${owners[1]}`)
    expect(found.as(groupParts).items.map((one) => one.key)).toEqual([owners[1]])

    // by time of day over all sends, each order once
    const slots = (await author.get('/api/group-send-slots?days=3')).as(groupSlots)
    expect(slots.items.map((one) => [one.minute, one.asked, one.confirmed, one.woken_orders])).toEqual([
      [510, 2, 1, 3],
      [870, 2, 1, 1],
    ])
    // what the report of another run has been credited with is not told here
    const { rows: paid } = await sql<{
      id: number
    }>`select id from orders where customer_id = ${woken} order by id limit 1`.execute(db)
    await sql`insert into order_credits (customer_id, order_id, corp_id, paid_at, net, by, run_id, at, first_run, earner_kind, earner)
      values (${woken}, ${paid[0]?.id}, ${stage.corpId}, ${after(2)}, 100, 'send', ${own.run}, ${after(1)}, ${own.run}, 'none', '')`.execute(
      db,
    )
    expect((await reportOf(groups)).woken).toMatchObject({ orders: 2, persons: 2 })
  })

  it('counts who redeemed the coupon of a group that he is in, though he opened no link', async () => {
    const at = clockOf(8 * 60, 0)
    const run = await aRun('券', at)
    await sql`update campaign_versions set spec = spec || '{"coupon":{"issued":null,"claimed":null,"redeemed":"coupon.redeemed","batch":{"property":"batch","value":"B1"}}}'
      where campaign_id = ${run.id}`.execute(db)
    const { rows } = await sql<{
      id: number
    }>`select id from customers where merged_into is null order by id desc limit 2`.execute(db)
    const [inside, outside] = rows.map((row) => row.id)
    if (!inside || !outside) throw new Error('too few customers')
    await sql`insert into group_members (chat_id, corp_id, kind, member_id, customer_id, joined_at)
      select chat_id, corp_id, 'external', 'wm-inside', ${inside}, ${at} from campaign_groups where run_id = ${run.run} and task = 1`.execute(
      db,
    )
    const later = new Date(at.getTime() + hour)
    for (const [customer, batch] of [
      [inside, 'B1'],
      [outside, 'B1'],
    ] as const) {
      await sql`insert into behaviours (customer_id, corp_id, name, at, properties, source)
        values (${customer}, ${stage.corpId}, 'coupon.redeemed', ${later}, ${JSON.stringify({ batch })}::jsonb, 'shop')`.execute(
        db,
      )
      await pay(customer, new Date(later.getTime() + 1_000))
    }
    const { woken, clicks } = await reportOf(run)
    expect(woken).toMatchObject({ orders: 1, persons: 1 })
    // who redeemed it at the till is nobody who clicked
    expect(clicks).toEqual({ all: 0, persons: 0 })
  })
})
