import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { manualClock } from '../../../infra/clock.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { refreshReport } from './refresh.jobs.ts'
import { runsOf } from './runs.store.ts'
import { snapshotOf } from './snapshots.store.ts'
import { differencesOfTotal } from './sums.ts'
import {
  type PlantedRecipient,
  plantDelete,
  plantOpen,
  plantOrders,
  plantPersons,
  plantRun,
  specWith,
} from './testing.ts'
import { totalOfRuns } from './total.jobs.ts'
import { presentTotal } from './total.ts'
import { checkReports } from './upkeep.jobs.ts'

const { db } = await testDatabase()
const start = Date.parse('2026-11-11T02:00:00Z')
const at = (hours: number) => new Date(start + hours * 3_600_000)
let corpId = 0

beforeAll(async () => {
  const { rows } = await sql<{ id: number }>`
    insert into corps (corpid, name, created_at) values ('wwtotal', '品牌', ${at(-999)}) returning id`.execute(db)
  corpId = rows[0]?.id ?? 0
  const persons = Array.from({ length: 20 }, (_, place) => place + 1)
  await plantPersons(db, corpId, persons, at(-999))
})

it('of a campaign that went out three times everybody counts once, and every order in one run', async () => {
  const spec = specWith({ goal: { metric: 'order', window_hours: 24, baseline: null } })
  const got = (customerId: number, hours: number): PlantedRecipient => ({
    ...{ customerId, sender: 'u1', task: 1, status: 1, sentAt: at(hours) },
  })
  const held = (customerId: number): PlantedRecipient => ({
    ...{ customerId, fate: 'holdout', bucket: 3, sender: 'u1', variant: null },
  })
  const planned = (customerId: number): PlantedRecipient => ({ customerId, sender: 'u1', task: 1 })
  const went = (hours: number, recipients: readonly PlantedRecipient[], campaignId?: string) =>
    plantRun(db, corpId, {
      ...{ at: at(hours), state: 'ended', spec, recipients },
      tasks: [{ number: 1, sender: 'u1', askedAt: at(hours), confirmedAt: at(hours + 1) }],
      ...(campaignId === undefined ? {} : { campaignId }),
    })
  const first = await went(0, [got(1, 1), got(2, 1), planned(3), held(10), held(11)])
  expect(await totalOfRuns(db, await runsOf(db, corpId, { campaign: first.campaignId }), at(500))).toBeUndefined()
  const second = await went(100, [got(1, 101), got(4, 101), held(10), held(12)], first.campaignId)
  await went(200, [got(1, 201), planned(3)], first.campaignId)
  await plantOrders(db, corpId, [
    ...[2, 102, 202].map((hours) => ({ customerId: 1, at: at(hours), amount: 100 })),
    { customerId: 4, at: at(103), amount: 10 },
    // planned thrice, never delivered: of all planned he converted, of the delivered he is none
    { customerId: 3, at: at(203), amount: 5 },
    { customerId: 10, at: at(102) },
    // between two windows
    { customerId: 11, at: at(60) },
  ])
  await plantOpen(db, corpId, second.runId, 4, at(102))
  await plantDelete(db, corpId, 2, at(3))
  const runs = await runsOf(db, corpId, { campaign: first.campaignId })
  for (const run of runs) await refreshReport(db, run, at(500))
  const total = await totalOfRuns(db, runs, at(500))
  expect(total?.figures).toMatchObject({
    ...{ sends: 7, persons: 4, delivered: 3, opened: 1, converted: 2, deleted: 1 },
    treated: { persons: 4, converted: 3 },
    holdout: { persons: 3, converted: 1 },
    credited: { orders: 4, net: 310 },
  })
  if (total === undefined) throw new Error('three runs went out')
  const { lift } = presentTotal(total.figures, 'customer_send')
  expect(lift?.value).toBeCloseTo(3 / 4 - 1 / 3, 10)
  expect(differencesOfTotal(total.figures, await figuresOf(runs))).toEqual([])
  expect(differencesOfTotal({ ...total.figures, delivered: 9 }, await figuresOf(runs))).toEqual([
    { what: 'delivered of all runs', whole: 4, parts: 9 },
  ])
  expect(await checkReports({ db, clock: manualClock(at(500).toISOString()) }, corpId)).toEqual([])
  // kept until a report of one of the runs is newer
  expect((await totalOfRuns(db, runs, at(900)))?.asOf).toEqual(at(500))
  const [latest] = runs
  if (latest !== undefined) await refreshReport(db, latest, at(600))
  expect((await totalOfRuns(db, runs, at(900)))?.asOf).toEqual(at(900))
})

it('who got the first and was held back from the second is looked at as long as who was held out of both', async () => {
  const spec = specWith({ goal: { metric: 'order', window_hours: 24, baseline: null } })
  const out = (customerId: number): PlantedRecipient => ({
    ...{ customerId, fate: 'holdout', bucket: 3, sender: 'u1', variant: null },
  })
  const capped = (customerId: number): PlantedRecipient => ({
    ...{ customerId, fate: 'dropped', reason: 4, hits: 16 << 16, sender: 'u1' },
  })
  const tasks = (hours: number) => [{ number: 1, sender: 'u1', askedAt: at(hours), confirmedAt: at(hours) }]
  const sent = (customerId: number, hours: number): PlantedRecipient => ({
    ...{ customerId, sender: 'u1', task: 1, status: 1, sentAt: at(hours) },
  })
  const first = await plantRun(db, corpId, {
    ...{ at: at(1_000), state: 'ended', spec, tasks: tasks(1_000) },
    recipients: [sent(14, 1_001), sent(15, 1_001), out(16), out(17)],
  })
  await plantRun(db, corpId, {
    ...{ at: at(1_100), state: 'ended', spec, tasks: tasks(1_100), campaignId: first.campaignId },
    recipients: [capped(14), capped(15), out(16), out(17), sent(18, 1_101), capped(19)],
  })
  // nothing changed anybody: one of two buys on either side, in the days of the second
  for (const customerId of [14, 16, 19]) await plantOrders(db, corpId, [{ customerId, at: at(1_102), amount: 100 }])
  const runs = await runsOf(db, corpId, { campaign: first.campaignId })
  for (const run of runs) await refreshReport(db, run, at(1_500))
  const total = await totalOfRuns(db, runs, at(1_500))
  expect(total?.figures).toMatchObject({
    ...{ sends: 3, persons: 3, delivered: 3, converted: 0 },
    ...{ treated: { persons: 3, converted: 1 }, holdout: { persons: 2, converted: 1 } },
  })
  expect(differencesOfTotal(total?.figures ?? expect.fail(), await figuresOf(runs))).toEqual([])
})

async function figuresOf(runs: readonly { readonly id: number }[]) {
  const kept = await Promise.all(runs.map(({ id }) => snapshotOf(db, id)))
  return kept.flatMap((one) => one?.figures ?? [])
}
