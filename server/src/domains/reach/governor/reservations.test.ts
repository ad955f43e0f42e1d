import { sql } from 'kysely'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { decisions } from './decide.store.ts'
import type { Policy } from './policy.schema.ts'
import { type Ask, openPolicy } from './policy.ts'
import { confirmTouches, lockReserving, releaseTouches, reserveTouches } from './reservations.store.ts'
import { addTask, plannedRun, someHomes } from './runs-stage.ts'
import { recordTouches } from './touches.store.ts'
import { noteVerdicts } from './verdicts.store.ts'

const { db } = await testDatabase()
const corpId = 1
const persons = 60
const all = Array.from({ length: persons }, (_, place) => place + 1)
const at = new Date('2026-11-20T02:00:00Z')
const later = (hours: number) => new Date(at.getTime() + hours * 3_600_000)
const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.transaction().execute(work)

beforeAll(() => someHomes(db, corpId, persons))
afterEach(() => sql`truncate touches, recent_touches, touch_reservations, quota_fulls, events`.execute(db))

async function told(runId: number, status: number, customerIds: readonly number[], sentAt: Date | null): Promise<void> {
  await sql`update campaign_recipients set status = ${status}, sent_at = ${sentAt}
    where run_id = ${runId} and customer_id = any(${numberArray(customerIds)}::bigint[])`.execute(db)
}

const ledger = () => db.selectFrom('touches').select(['customer_id', 'at', 'effect', 'kind', 'sender']).execute()
const reserved = async () => (await db.selectFrom('touch_reservations').select('customer_id').execute()).length

it('a touch is reserved from the plan until the platform says what became of it', async () => {
  const { campaignId, runId } = await plannedRun(db, corpId, at)
  await addTask(db, corpId, runId, 1, [1, 2, 3, 4])
  expect(await inTx((tx) => reserveTouches(tx, runId))).toBe(4)
  expect(await inTx((tx) => reserveTouches(tx, runId))).toBe(0)
  const taken = db.selectFrom('touch_reservations').select(['at', 'channel', 'weight']).where('customer_id', '=', 1)
  expect(await taken.execute()).toEqual([{ at, channel: 'customer_send', weight: 100 }])
  await told(runId, 1, [1], later(2))
  await told(runId, 2, [2], null)
  await told(runId, 3, [3], null)
  await sql`update campaign_tasks set confirmed_at = ${later(2)} where run_id = ${runId}`.execute(db)
  for (const hours of [3, 4]) await inTx((tx) => confirmTouches(tx, runId, 1, later(hours)))
  expect(await ledger()).toEqual([
    { customer_id: 1, at: later(2), effect: `campaign:${runId}`, kind: 'marketing', sender: 'u1' },
  ])
  expect(await db.selectFrom('touches').select('campaign_id').execute()).toEqual([{ campaign_id: campaignId }])
  // whom nobody has sent to yet keeps his
  expect(await db.selectFrom('touch_reservations').select('customer_id').execute()).toEqual([{ customer_id: 4 }])
  expect(await db.selectFrom('quota_fulls').select(['customer_id', 'at']).execute()).toEqual([
    { customer_id: 3, at: later(2) },
  ])
})

it('a task that ends unconfirmed gives the touches of its people back, and of nobody else', async () => {
  const { runId } = await plannedRun(db, corpId, at)
  await addTask(db, corpId, runId, 1, [1, 2])
  await addTask(db, corpId, runId, 2, [3])
  await inTx((tx) => reserveTouches(tx, runId))
  await inTx((tx) => releaseTouches(tx, runId, [1]))
  expect(await db.selectFrom('touch_reservations').select('customer_id').execute()).toEqual([{ customer_id: 3 }])
  // confirmed in the second of the cancel: it reached them, and is in the ledger
  await told(runId, 1, [1], later(1))
  await inTx((tx) => confirmTouches(tx, runId, 1, later(2)))
  expect(await ledger()).toHaveLength(1)
})

it('a rehearsal takes nothing and tells nothing; what is no marketing takes nothing and is in the ledger as service', async () => {
  const rehearsal = await plannedRun(db, corpId, at, { rehearsal: true })
  await addTask(db, corpId, rehearsal.runId, 1, [1])
  const service = await plannedRun(db, corpId, at, { marketing: false })
  await addTask(db, corpId, service.runId, 1, [2])
  for (const { runId } of [rehearsal, service]) expect(await inTx((tx) => reserveTouches(tx, runId))).toBe(0)
  await inTx((tx) => noteVerdicts(tx, rehearsal.runId, at))
  expect(await db.selectFrom('events').select('kind').execute()).toEqual([])
  await told(service.runId, 1, [2], later(1))
  await inTx((tx) => confirmTouches(tx, service.runId, 1, later(1)))
  expect((await ledger()).map(({ kind }) => kind)).toEqual(['service'])
  expect(await db.selectFrom('recent_touches').select('customer_id').execute()).toEqual([])
})

it('who is held or dropped is told so in the log, with the reason and until when', async () => {
  const { campaignId, runId } = await plannedRun(db, corpId, at)
  await sql`insert into campaign_recipients (run_id, customer_id, corp_id, fate, reason, held_until, bucket) values
    (${runId}, 1, ${corpId}, 1, 5, ${later(14)}, 0), (${runId}, 2, ${corpId}, 2, 0, null, 0), (${runId}, 3, ${corpId}, 3, 0, null, 0)`.execute(
    db,
  )
  await inTx((tx) => noteVerdicts(tx, runId, later(1)))
  const events = await db
    .selectFrom('events')
    .select(['customer_id', 'kind', 'occurred_at', 'cause', 'payload'])
    .orderBy('customer_id')
    .execute()
  const of = { campaign: campaignId, name: 'c', run: runId }
  expect(events).toEqual([
    {
      ...{ customer_id: 1, kind: 'touch.held', occurred_at: at, cause: `campaign:${runId}` },
      payload: { ...of, reason: 'day_cap', until: '2026-11-20T16:00:00Z' },
    },
    {
      ...{ customer_id: 2, kind: 'touch.dropped', occurred_at: at, cause: `campaign:${runId}` },
      payload: { ...of, reason: 'opted_out' },
    },
  ])
})

/** As a plan does it: decides on everybody, then takes the touches of those who may be sent to. */
async function planned(runId: number, policy: Policy, ask: Ask): Promise<readonly number[]> {
  return inTx(async (tx) => {
    await lockReserving(tx, corpId)
    await sql`create temporary table governed (class text, customer_id bigint) on commit drop`.execute(tx)
    await sql`insert into governed select '0', id from unnest(${numberArray(all)}::bigint[]) as id`.execute(tx)
    const { rows } = await decisions(corpId, [policy], ask, 'Asia/Shanghai', null).execute(tx)
    const sent = rows.filter(({ verdict }) => verdict === 'send').map(({ customerId }) => customerId)
    await addTask(tx, corpId, runId, 1, sent)
    await reserveTouches(tx, runId)
    return sent
  })
}

const capped: Policy = {
  ...openPolicy,
  caps: [
    { channel: null, per: 'day', most: 1, kept: 0 },
    { channel: null, per: 'week', most: 2, kept: 0 },
  ],
}

it('five campaigns that are planned at once give nobody more than the caps allow, whenever members confirm', async () => {
  // some were touched in the days before, so that people have 0, 1 or 2 left of their week
  await inTx((tx) =>
    recordTouches(
      tx,
      all.flatMap((customerId) =>
        Array.from({ length: customerId % 3 }, (_, place) => ({
          ...{ customerId, at: later(-48 - place * 30), effect: `before:${place}`, corpId },
          ...({ channel: 'customer_send', kind: 'marketing' } as const),
        })),
      ),
    ),
  )
  const ask = (hours: number): Ask => ({
    channel: 'customer_send',
    ...{ priority: 5, at: later(hours), waitUntil: null },
  })
  // on three days five each, all of a day at the same moment
  for (const day of [0, 1, 2]) {
    const runs = await Promise.all(Array.from({ length: 5 }, () => plannedRun(db, corpId, later(day * 24))))
    const sent = await Promise.all(runs.map(({ runId }) => planned(runId, capped, ask(day * 24))))
    // on the first day everybody who has anything left of his week is taken by one of the five
    if (day === 0) expect(sent.flat().sort((a, b) => a - b)).toEqual(all.filter((id) => id % 3 < 2))
    // one is confirmed the same day and one the next, one expires, the others stay open
    const [now, tomorrow, never] = runs
    for (const [run, hours] of [
      [now, day * 24 + 3],
      [tomorrow, day * 24 + 23],
    ] as const) {
      if (run === undefined) throw new Error('there are five')
      await told(run.runId, 1, all, later(hours))
      await inTx((tx) => confirmTouches(tx, run.runId, 1, later(hours)))
    }
    await inTx((tx) => releaseTouches(tx, never?.runId ?? 0, [1]))
  }
  const { rows } = await sql<{ worst_day: number; worst_week: number }>`
    with felt as (
      select customer_id, at from touches where kind = 'marketing'
      union all select customer_id, ${later(72)}::timestamptz from touch_reservations
    )
    select max((select count(*) from felt o where o.customer_id = felt.customer_id
        and (o.at at time zone 'Asia/Shanghai')::date = (felt.at at time zone 'Asia/Shanghai')::date))::int as worst_day,
      max((select count(*) from felt o where o.customer_id = felt.customer_id
        and o.at <= felt.at and o.at > felt.at - interval '7 days'))::int as worst_week
    from felt`.execute(db)
  expect(rows).toEqual([{ worst_day: 1, worst_week: 2 }])
})

it('the last touch that is kept back goes to the campaign of greater priority, whichever is planned first', async () => {
  const keeps: Policy = { ...openPolicy, caps: [{ channel: null, per: 'day', most: 1, kept: 1 }], kept_from: 8 }
  const ask = (priority: number): Ask => ({ channel: 'customer_send', priority, at, waitUntil: null })
  const [usual, important, second] = [
    await plannedRun(db, corpId, at),
    await plannedRun(db, corpId, at),
    await plannedRun(db, corpId, at),
  ]
  expect(await planned(usual.runId, keeps, ask(5))).toEqual([])
  expect(await planned(important.runId, keeps, ask(8))).toHaveLength(persons)
  // what is taken is taken: another as important comes too late
  expect(await planned(second.runId, keeps, ask(9))).toEqual([])
  expect(await reserved()).toBe(persons)
})
