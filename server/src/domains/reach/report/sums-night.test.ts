import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { manualClock } from '../../../infra/clock.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { refreshReport } from './refresh.jobs.ts'
import { runById, runsOf } from './runs.store.ts'
import { snapshotOf } from './snapshots.store.ts'
import { type PlantedRecipient, plantOpen, plantOrders, plantPersons, plantRecipients, plantRun } from './testing.ts'
import { totalOfRuns } from './total.jobs.ts'
import { checkReports } from './upkeep.jobs.ts'

const { db } = await testDatabase()
const start = Date.parse('2026-11-11T02:00:00Z')
const at = (hours: number) => new Date(start + hours * 3_600_000)
const clock = manualClock(at(0).toISOString())
const night = () => checkReports({ db, clock }, corpId)
let corpId = 0

beforeAll(async () => {
  const { rows } = await sql<{ id: number }>`
    insert into corps (corpid, name, created_at) values ('wwnight', '品牌', ${at(-999)}) returning id`.execute(db)
  corpId = rows[0]?.id ?? 0
  await plantPersons(
    db,
    corpId,
    Array.from({ length: 90 }, (_, place) => place + 1),
    at(-999),
  )
})

const refreshed = async (runId: number) => {
  const run = (await runById(db, corpId, runId)) ?? expect.fail()
  return refreshReport(db, run, clock.now())
}
const figuresOf = async (runId: number) => (await snapshotOf(db, runId))?.figures ?? expect.fail()
const tasks = [{ number: 1, sender: 'u1', askedAt: at(0), confirmedAt: at(0) }]
const waiting = (customerId: number): PlantedRecipient => ({ customerId, sender: 'u1', task: 1 })
const got = (customerId: number, hours: number): PlantedRecipient => ({
  ...waiting(customerId),
  ...{ status: 1, sentAt: at(hours) },
})
/** What the platform tells of the next in a run: he got it. */
const told = (runId: number) => sql`
  with one as (
    update campaign_recipients set status = 1, sent_at = ${sql.lit(at(0).toISOString())}::timestamptz
    where run_id = ${sql.lit(runId)} and customer_id = (
      select min(customer_id) from campaign_recipients where run_id = ${sql.lit(runId)} and fate = 0 and status is distinct from 1)
    returning run_id
  ) update campaign_tasks t set sent = sent + 1 from one where t.run_id = one.run_id`

it('a run whose results come all the time raises no alarm, and is told as of the night; numbers that are wrong do', async () => {
  const recipients = Array.from({ length: 20 }, (_, place) => waiting(place + 1))
  const { runId } = await plantRun(db, corpId, { at: at(0), state: 'running', recipients, tasks })
  await refreshed(runId)
  clock.advance(60_000)
  // one came since the report, and one comes whenever it is worked out
  await told(runId).execute(db)
  await sql`create function result_comes() returns trigger language plpgsql as $$ begin ${told(runId)}; return null; end $$`.execute(
    db,
  )
  await sql`create trigger result_comes after update on campaign_reports for each row execute function result_comes()`.execute(
    db,
  )
  expect(await night()).toEqual([])
  expect((await figuresOf(runId)).sends.delivered).toBe(1)
  await sql`drop trigger result_comes on campaign_reports`.execute(db)

  await sql`update campaign_tasks set sent = sent + 1 where run_id = ${runId}`.execute(db)
  expect(await night()).toEqual([runId])
  await sql`update campaign_tasks set sent = sent - 1 where run_id = ${runId}`.execute(db)
  expect(await night()).toEqual([])
  for (const path of ['{sends,delivered}', '{credited,orders}', '{fates,sent_to}']) {
    const { figures } = (await snapshotOf(db, runId)) ?? expect.fail()
    await sql`update campaign_reports set figures = jsonb_set(figures, ${path}::text[], '77') where run_id = ${runId}`.execute(
      db,
    )
    expect([path, await night()]).toEqual([path, [runId]])
    await sql`update campaign_reports set figures = ${JSON.stringify(figures)}::jsonb where run_id = ${runId}`.execute(
      db,
    )
  }
  expect(await night()).toEqual([])
})

it('an order that another run turned out to deserve leaves the report that had it in the next night, without an alarm', async () => {
  const first = await plantRun(db, corpId, { at: at(0), state: 'ended', recipients: [got(31, 1)], tasks })
  const { campaignId } = first
  const next = await plantRun(db, corpId, { at: at(1), state: 'ended', recipients: [got(32, 1)], tasks, campaignId })
  await plantOrders(db, corpId, [{ customerId: 31, at: at(9), amount: 500 }])
  // the windows are over, and so is the week in which it is worked out again every day
  clock.advance(40 * 86_400_000)
  for (const { runId } of [first, next]) await refreshed(runId)
  await totalOfRuns(db, await runsOf(db, corpId, { campaign: campaignId }), clock.now())
  expect((await figuresOf(first.runId)).credited).toMatchObject({ orders: 1, net: 500 })
  expect(await night()).toEqual([])

  const other = await plantRun(db, corpId, { at: at(2), state: 'ended', recipients: [got(31, 2)], tasks })
  await plantOpen(db, corpId, other.runId, 31, at(8))
  clock.advance(60_000)
  await refreshed(other.runId)
  expect((await figuresOf(other.runId)).credited.orders).toBe(1)
  // both say that it is theirs, until the night
  expect((await figuresOf(first.runId)).credited.orders).toBe(1)
  expect(await night()).toEqual([])
  expect((await figuresOf(first.runId)).credited.orders).toBe(0)
})

it('the total of a campaign of which a run grows is no alarm, though the report of that run is older', async () => {
  const { campaignId, runId } = await plantRun(db, corpId, {
    ...{ at: at(0), state: 'ended', recipients: [got(41, 1)], tasks },
  })
  const live = await plantRun(db, corpId, {
    ...{ at: clock.now(), state: 'running', recipients: [waiting(51)], tasks, campaignId },
  })
  for (const one of [runId, live.runId]) await refreshed(one)
  clock.advance(60_000)
  // those who were held until now have room
  await plantRecipients(db, corpId, live.runId, [waiting(52), waiting(53), waiting(54)])
  expect(await night()).toEqual([])
  const runs = await runsOf(db, corpId, { campaign: campaignId })
  expect((await totalOfRuns(db, runs, clock.now()))?.figures.persons).toBe(5)
  await sql`update campaign_totals set figures = jsonb_set(figures, '{delivered}', '99') where campaign_id = ${campaignId}`.execute(
    db,
  )
  expect(await night()).toEqual([live.runId])
})
