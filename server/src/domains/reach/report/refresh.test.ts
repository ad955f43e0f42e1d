import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { refreshReport } from './refresh.jobs.ts'
import { runById } from './runs.store.ts'
import { partSums, partsOf } from './snapshots.store.ts'
import { differencesOf } from './sums.ts'
import { plantDelete, plantOpen, plantOrders, plantPersons, plantRun, specWith } from './testing.ts'

const { db } = await testDatabase()
const start = Date.parse('2026-11-11T02:00:00Z')
const at = (hours: number) => new Date(start + hours * 3_600_000)
let corpId = 0
const storeId = '0199a0a0-0000-7000-8000-0000000000a1'

beforeAll(async () => {
  const { rows } = await sql<{ id: number }>`
    insert into corps (corpid, name, created_at) values ('wwreport', '品牌', ${at(-999)}) returning id`.execute(db)
  corpId = rows[0]?.id ?? 0
  await sql`insert into stores (id, corp_id, code, name, created_at) values (${storeId}, ${corpId}, 'S1', '一店', ${at(-999)})`.execute(
    db,
  )
  await sql`insert into staff (corp_id, userid, name, store_id, first_seen_at, seen_at) values
    (${corpId}, 'u1', '小红', ${storeId}, ${at(-999)}, ${at(-999)}), (${corpId}, 'u2', '小明', null, ${at(-999)}, ${at(-999)})`.execute(
    db,
  )
  await plantPersons(
    db,
    corpId,
    Array.from({ length: 40 }, (_, place) => place + 1),
    at(-999),
  )
})

async function report(runId: number, asOf = at(1_000)) {
  const run = await runById(db, corpId, runId)
  if (run === undefined) throw new Error('the run was planted')
  const snapshot = await refreshReport(db, run, asOf)
  return { ...snapshot, differences: differencesOf(snapshot.figures, await partSums(db, runId)) }
}

it('counts the funnel, what was left out and why, and everything adds up', async () => {
  const tasks = [
    { number: 1, sender: 'u1', askedAt: at(0), confirmedAt: at(1), expiresAt: at(24) },
    { number: 2, sender: 'u2', askedAt: at(0), expiresAt: at(24) },
  ]
  const sent = { sender: 'u1', task: 1, status: 1, sentAt: at(1) }
  const { runId } = await plantRun(db, corpId, {
    at: at(0),
    tasks,
    recipients: [
      ...[1, 2, 3, 4].map((customerId) => ({ customerId, ...sent })),
      { customerId: 5, sender: 'u1', task: 1, status: 2 },
      { customerId: 6, sender: 'u1', task: 1, status: 3 },
      { customerId: 7, sender: 'u1', task: 1 },
      ...[8, 9].map((customerId) => ({ customerId, sender: 'u2', task: 2 })),
      { customerId: 10, fate: 'excluded', reason: 0, hits: 1, variant: null },
      { customerId: 11, fate: 'dropped', reason: 4, hits: 16 << 16, sender: 'u1' },
      { customerId: 12, fate: 'held', reason: 4, hits: 16 << 16, sender: 'u1' },
      { customerId: 13, fate: 'no_sender', reason: 0 },
      // every content is for others: nobody would have sent it to him
      { customerId: 25, fate: 'no_sender', reason: 5, sender: 'u1', variant: null },
      { customerId: 14, fate: 'no_sender', reason: 6, sender: 'u1' },
      ...[15, 16].map((customerId) => ({
        customerId,
        fate: 'holdout' as const,
        bucket: 3,
        sender: 'u1',
        variant: null,
      })),
      // would have been capped, and would have had nobody to send it: neither is compared
      { customerId: 17, fate: 'holdout', bucket: 3, hits: 1 << 16, sender: 'u1', variant: null },
      { customerId: 18, fate: 'holdout', bucket: 3, sender: null, variant: null },
      { customerId: 19, fate: 'global_holdout', bucket: 3, sender: 'u2', variant: null },
    ],
  })
  await plantOrders(db, corpId, [
    { customerId: 1, at: at(2), amount: 20_000, refunded: 5_000 },
    { customerId: 2, at: at(1 + 72), amount: 70_000 }, // a moment too late
    { customerId: 3, at: at(0.5), amount: 70_000 }, // before he got it
    { customerId: 4, at: at(5), amount: 70_000, status: 'refunded' },
    { customerId: 8, at: at(3), amount: 3_000 }, // not delivered: planned all the same
    { customerId: 15, at: at(3), amount: 4_000 },
    { customerId: 17, at: at(3), amount: 4_000 },
  ])
  await plantDelete(db, corpId, 2, at(2))
  await plantDelete(db, corpId, 3, at(2), 'staff')
  await plantOpen(db, corpId, runId, 1, at(1.5))
  await plantOpen(db, corpId, runId, 0, at(1.6))
  const { figures, differences, closesAt } = await report(runId)
  expect(differences).toEqual([])
  expect(figures.fates).toEqual({
    sent_to: 9,
    held: 1,
    dropped: 1,
    excluded: 1,
    holdout: 4,
    global_holdout: 1,
    no_sender: 3,
    elsewhere: 0,
  })
  expect(figures.sends).toEqual({
    ...{ to_send: 9, asked: 9, confirmed: 7, delivered: 4, no_friend: 1, over_cap: 1, not_confirmed: 2, other: 1 },
  })
  expect(figures.tasks).toEqual({ issued: 2, in_time: 1, senders_asked: 2, senders_confirmed: 1 })
  expect(figures.reached).toEqual({ opened: 1, converted: 1, deleted: 1, gmv: 15_000 })
  expect(figures.opens).toEqual({ persons: 1, known: 1, unknown: 1 })
  expect(figures.sides.treated).toEqual({ persons: 10, delivered: 4, converted: 2, deleted: 1, gmv: 18_000 })
  expect(figures.sides.holdout).toEqual({ persons: 2, delivered: 0, converted: 1, deleted: 0, gmv: 4_000 })
  expect(figures.sides.global).toMatchObject({ persons: 1, converted: 0 })
  expect(figures.sides.undelivered).toEqual({ persons: 6, delivered: 0, converted: 1, deleted: 0, gmv: 3_000 })
  expect(figures.credited).toMatchObject({ orders: 1, net: 15_000, by_click: 15_000, by_send: 0 })
  expect(closesAt).toEqual(new Date(at(1 + 72).getTime() + 60_000))
  const stores = await partsOf(db, runId, 'store', { after: undefined, limit: 10 })
  expect(stores).toMatchObject([
    { key: storeId, name: '一店', planned: 7, delivered: 4, converted: 1, credited: 15_000, orders: 1 },
    { key: '', planned: 2, delivered: 0 },
  ])
})

it('a goal of a category counts orders of it, and all orders of who is compared as what he spent', async () => {
  const { runId } = await plantRun(db, corpId, {
    at: at(200),
    spec: specWith({ goal: { metric: 'order', category: '护肤', window_hours: 24, baseline: null } }),
    recipients: [20, 21].map((customerId) => ({ customerId, sender: 'u1', task: 1, status: 1, sentAt: at(201) })),
    tasks: [{ number: 1, sender: 'u1', askedAt: at(200), confirmedAt: at(201) }],
  })
  await plantOrders(db, corpId, [
    { customerId: 20, at: at(202), amount: 100, category: '护肤' },
    { customerId: 21, at: at(202), amount: 1_000, category: '彩妆' },
  ])
  expect((await report(runId)).figures.reached).toMatchObject({ converted: 1, gmv: 1_100 })
})

it('a person who was merged after the plan counts once, with what he did under any of his homes', async () => {
  await sql`update customers set merged_into = 22 where id in (23, 24)`.execute(db)
  const { runId } = await plantRun(db, corpId, {
    at: at(400),
    recipients: [
      { customerId: 22, sender: 'u2', task: 1, status: 0 },
      { customerId: 23, sender: 'u1', task: 1, status: 1, sentAt: at(401) },
    ],
    tasks: [{ number: 1, sender: 'u1', askedAt: at(400), confirmedAt: at(401) }],
  })
  await plantOrders(db, corpId, [{ customerId: 24, at: at(402), amount: 700 }])
  const { figures, differences } = await report(runId)
  expect(figures.reached).toMatchObject({ converted: 1, gmv: 700 })
  expect(figures.sides.treated).toMatchObject({ persons: 2, converted: 1, gmv: 700 })
  expect(figures.credited).toMatchObject({ orders: 1, net: 700 })
  expect(differences).toEqual([])
})

it('who is held out is measured from when his member would have sent it to him', async () => {
  const delivered = (customerId: number, sender: string, hours: number) => ({
    ...{ customerId, sender, task: 1, status: 1, sentAt: at(hours) },
  })
  const held = (customerId: number, sender: string) => ({
    customerId,
    sender,
    fate: 'holdout' as const,
    bucket: 50,
    variant: null,
  })
  const { runId } = await plantRun(db, corpId, {
    at: at(600),
    spec: specWith({ goal: { metric: 'order', window_hours: 2, baseline: null } }),
    recipients: [delivered(25, 'u1', 601), delivered(26, 'u2', 610), held(27, 'u1'), held(28, 'u2'), held(29, 'u3')],
    tasks: [{ number: 1, sender: 'u1', askedAt: at(600), confirmedAt: at(601) }],
  })
  await plantOrders(db, corpId, [
    { customerId: 27, at: at(602) },
    { customerId: 28, at: at(602) }, // his member sent eight hours later
    { customerId: 29, at: at(611) }, // bucket 50 of a hundred: the second of two deliveries
  ])
  expect((await report(runId)).figures.sides.holdout).toMatchObject({ persons: 3, converted: 2 })
})

it('a run that reached nobody yet has a report, and an older report is replaced by a newer', async () => {
  const { runId } = await plantRun(db, corpId, { at: at(800), recipients: [{ customerId: 30, sender: 'u1', task: 1 }] })
  const first = await report(runId, at(801))
  expect(first).toMatchObject({
    closesAt: null,
    differences: [],
    figures: { sends: { to_send: 1, delivered: 0 }, gmv_person: null },
  })
  await sql`update campaign_recipients set status = 1, sent_at = ${at(802)} where run_id = ${runId}`.execute(db)
  const second = await report(runId, at(803))
  expect(second).toMatchObject({ differences: [], figures: { sends: { to_send: 1, delivered: 1 } } })
})

it('an order that is told late counts as soon as the report is worked out again', async () => {
  const { runId } = await plantRun(db, corpId, {
    at: at(1_200),
    recipients: [{ customerId: 31, sender: 'u1', task: 1, status: 1, sentAt: at(1_201) }],
  })
  expect((await report(runId, at(1_300))).figures.reached.converted).toBe(0)
  await plantOrders(db, corpId, [{ customerId: 31, at: at(1_202), amount: 900 }])
  expect((await report(runId, at(1_200 + 60 * 24))).figures).toMatchObject({
    reached: { converted: 1 },
    credited: { net: 900 },
  })
})

it('orders credited to a run are earned by the member on the order, else the only one who had the customer, else the store', async () => {
  const had = (customerId: number, userid: string, until: number | null) =>
    sql`insert into relations (customer_id, corp_id, userid, external_userid, first_added_at, added_at, ended_at)
      values (${customerId}, ${corpId}, ${userid}, 'wm', ${at(-500)}, ${at(-500)}, ${until === null ? null : at(until)})`.execute(
      db,
    )
  await had(32, 'u1', null)
  await had(33, 'u1', null)
  await had(34, 'u1', null)
  await had(34, 'u2', null)
  await had(35, 'u2', 2_900)
  const persons = [32, 33, 34, 35]
  const { runId } = await plantRun(db, corpId, {
    at: at(3_000),
    recipients: persons.map((customerId) => ({ customerId, sender: 'u1', task: 1, status: 1, sentAt: at(3_001) })),
    tasks: [{ number: 1, sender: 'u1', askedAt: at(3_000), confirmedAt: at(3_001) }],
  })
  const later = await plantRun(db, corpId, {
    at: at(3_002),
    recipients: [{ customerId: 32, sender: 'u2', task: 1, status: 1, sentAt: at(3_002) }],
    tasks: [{ number: 1, sender: 'u2', askedAt: at(3_002), confirmedAt: at(3_002) }],
  })
  await plantOrders(db, corpId, [
    { customerId: 32, at: at(3_003), amount: 1, seller: 'u2' },
    { customerId: 33, at: at(3_003), amount: 10, store: 'S1' },
    { customerId: 34, at: at(3_003), amount: 100, store: 'S1' },
    { customerId: 35, at: at(3_003), amount: 1_000 },
  ])
  const first = await report(runId, at(4_000))
  const second = await report(later.runId, at(4_000))
  // the first order went to the run that sent last; the run that sent first still sees it from its end
  expect(first.figures.credited).toMatchObject({ orders: 3, net: 1_110, first_orders: 4, first_net: 1_111 })
  expect(second.figures.credited).toMatchObject({ orders: 1, net: 1, first_orders: 0 })
  const earned = await partsOf(db, runId, 'earner', { after: undefined, limit: 10 })
  expect(earned.map(({ key, name, credited }) => [key, name, credited])).toEqual([
    ['', '', 1_000],
    ['store:S1', '一店', 100],
    ['owner:u1', '小红', 10],
  ])
  expect((await partsOf(db, later.runId, 'earner', { after: undefined, limit: 10 }))[0]?.key).toBe('seller:u2')
  expect([...first.differences, ...second.differences]).toEqual([])
  // M33: only persons whom somebody had when they paid
  expect(first.figures.scope_gmv).toBe(111)
})

it('a run that its canary stopped is compared by the customers of the members who were asked, on both sides (SC18)', async () => {
  const persons = Array.from({ length: 400 }, (_, place) => 1_001 + place)
  await plantPersons(db, corpId, persons, at(-999))
  const { runId } = await plantRun(db, corpId, {
    at: at(5_000),
    state: 'stopped',
    recipients: persons.map((customerId, place) => {
      // u1 was asked first and confirmed; u2 was never asked
      const sender = place % 4 === 0 ? 'u1' : 'u2'
      if (place % 10 === 3 || place % 40 === 0) return { customerId, fate: 'holdout', bucket: 1, sender, variant: null }
      // the platform gave him nothing, as it would have given nothing to his like who were held out
      if (place === 4 || place === 5) return { customerId, fate: 'no_sender', reason: 6, sender }
      if (sender === 'u1') return { customerId, sender, task: 1, status: 1, sentAt: at(5_001) }
      return { customerId, sender, task: 2 }
    }),
    tasks: [
      { number: 1, sender: 'u1', askedAt: at(5_000), confirmedAt: at(5_001), expiresAt: at(5_024) },
      { number: 2, sender: 'u2' },
    ],
  })
  for (const customerId of persons.filter((_, place) => place % 16 === 4))
    await plantDelete(db, corpId, customerId, at(5_003))
  const { figures, differences } = await report(runId, at(5_200))
  expect(differences).toEqual([])
  expect(figures.sends).toMatchObject({ to_send: 348, asked: 89, confirmed: 89, delivered: 89 })
  expect(figures.sides.treated).toMatchObject({ persons: 90, delivered: 89 })
  expect(figures.sides.holdout).toMatchObject({ persons: 10, deleted: 0 })
  expect(figures.sides.treated.deleted).toBe(figures.reached.deleted + 1)
  expect(figures.reached.deleted).toBeGreaterThan(15)
})

it('a goal of another system’s events, and one of an opened link, count whoever did that within the window', async () => {
  const sent = [36, 37].map((customerId) => ({ customerId, sender: 'u1', task: 1, status: 1, sentAt: at(6_001) }))
  const tasks = [{ number: 1, sender: 'u1', askedAt: at(6_000), confirmedAt: at(6_001) }]
  const signed = await plantRun(db, corpId, {
    ...{ at: at(6_000), recipients: sent, tasks },
    spec: specWith({ goal: { metric: 'event', event: '报名', window_hours: 24, baseline: null } }),
  })
  const opened = await plantRun(db, corpId, {
    ...{ at: at(6_000), recipients: sent, tasks },
    spec: specWith({ goal: { metric: 'open', window_hours: 24, baseline: null } }),
  })
  for (const [customerId, name, hours] of [
    [36, '报名', 6_002],
    [36, '报名', 6_003],
    [37, '浏览', 6_002],
    [37, '报名', 6_026],
  ] as const)
    await sql`insert into behaviours (customer_id, at, corp_id, name, source)
      values (${customerId}, ${at(hours)}, ${corpId}, ${name}, 'shop')`.execute(db)
  await plantOpen(db, corpId, opened.runId, 37, at(6_004))
  await plantOpen(db, corpId, opened.runId, 36, at(6_040))
  expect((await report(signed.runId, at(7_000))).figures.reached).toMatchObject({ converted: 1, opened: 0 })
  // of opens the share of M30 has 72 hours, the goal its own
  expect((await report(opened.runId, at(7_000))).figures.reached).toMatchObject({ converted: 1, opened: 2 })
})

it('who earns an order goes by the order that held when the run was made, not by the one of today', async () => {
  await sql`insert into relations (customer_id, corp_id, userid, external_userid, first_added_at, added_at)
    values (38, ${corpId}, 'u1', 'wm38', ${at(-500)}, ${at(-500)})`.execute(db)
  const { runId } = await plantRun(db, corpId, {
    at: at(8_000),
    recipients: [{ customerId: 38, sender: 'u1', task: 1, status: 1, sentAt: at(8_001) }],
  })
  await plantOrders(db, corpId, [{ customerId: 38, at: at(8_002), amount: 50, seller: 'u2', store: 'S1' }])
  const earner = async () => {
    await report(runId, at(8_100))
    return (await partsOf(db, runId, 'earner', { after: undefined, limit: 10 }))[0]?.key
  }
  expect(await earner()).toBe('seller:u2')
  const order = (names: readonly string[]) =>
    sql`update campaign_runs set earner_order = ${[...names]}::text[] where id = ${runId}`.execute(db)
  await order(['owner', 'seller', 'store'])
  expect(await earner()).toBe('owner:u1')
  await order(['store'])
  expect(await earner()).toBe('store:S1')
})

it('of several members the customer’s exclusive owner earns the order, if he was it at payment', async () => {
  for (const userid of ['u1', 'u2'])
    await sql`insert into relations (customer_id, corp_id, userid, external_userid, first_added_at, added_at, owned_at)
      values (30, ${corpId}, ${userid}, 'wm30', ${at(-500)}, ${at(-500)}, ${userid === 'u2' ? at(8_203) : null})`.execute(
      db,
    )
  const { runId } = await plantRun(db, corpId, {
    at: at(8_200),
    recipients: [{ customerId: 30, sender: 'u1', task: 1, status: 1, sentAt: at(8_201) }],
  })
  await plantOrders(db, corpId, [
    { customerId: 30, at: at(8_202), amount: 7 },
    { customerId: 30, at: at(8_204), amount: 50 },
  ])
  await report(runId, at(8_300))
  const earned = await partsOf(db, runId, 'earner', { after: undefined, limit: 10 })
  expect(earned.map(({ key, credited }) => [key, credited])).toEqual([
    ['owner:u2', 50],
    ['', 7],
  ])
})

it('a task that nobody took over from a member who was away does not count as one that was not confirmed (M27)', async () => {
  const task = { askedAt: at(8_400), expiresAt: at(8_424) }
  const { runId } = await plantRun(db, corpId, {
    at: at(8_400),
    recipients: [{ customerId: 31, sender: 'u1', task: 1, status: 1, sentAt: at(8_401) }],
    tasks: [
      { number: 1, sender: 'u1', ...task, confirmedAt: at(8_401) },
      { number: 2, sender: 'u2', ...task },
    ],
  })
  expect((await report(runId, at(8_500))).figures.tasks).toMatchObject({ issued: 2, in_time: 1 })
  await sql`update campaign_tasks set state = 'failed', why = 'absent' where run_id = ${runId} and number = 2`.execute(
    db,
  )
  expect((await report(runId, at(8_500))).figures.tasks).toMatchObject({ issued: 1, in_time: 1 })
})

it('every order of the run’s days stands once: owed to this run, to another, to the code that brought the customer, or to nothing', async () => {
  await sql`insert into relations (customer_id, corp_id, userid, external_userid, first_added_at, added_at, channel_id, source_at)
    values (39, ${corpId}, 'u1', 'wm39', ${at(8_999)}, ${at(8_999)}, ${storeId}, ${at(8_999)}),
      (40, ${corpId}, 'u1', 'wm40', ${at(1)}, ${at(1)}, ${storeId}, ${at(1)})`.execute(db)
  const sent = (customerId: number, hours: number) => ({
    ...{ customerId, sender: 'u1', task: 1, status: 1, sentAt: at(hours) },
  })
  const { runId } = await plantRun(db, corpId, { at: at(9_000), recipients: [sent(1, 9_001), sent(2, 9_001)] })
  await plantRun(db, corpId, { at: at(9_000), recipients: [sent(3, 9_001)] })
  await plantOpen(db, corpId, runId, 2, at(9_002))
  await plantOrders(db, corpId, [
    ...[1, 2, 3, 39, 40, 4].map((customerId) => ({ customerId, at: at(9_003), amount: customerId })),
    { customerId: 1, at: at(9_100), amount: 77 },
  ])
  const { figures, differences } = await report(runId, at(9_500))
  expect(differences).toEqual([])
  expect(figures.sources.toSorted((a, b) => a.net - b.net)).toEqual([
    { source: 'send', orders: 1, net: 1 },
    { source: 'click', orders: 1, net: 2 },
    { source: 'other_run', orders: 1, net: 3 },
    { source: 'code', orders: 1, net: 39 },
    // 40 came by a code, but so long before that it counts no more
    { source: 'none', orders: 2, net: 44 },
  ])
  expect(figures.period).toEqual({ orders: 6, net: 89 })
})
