import { beforeAll, expect, it } from 'vitest'
import { testSite } from '../../../infra/http/testing.ts'
import { heldOperations } from '../../../infra/operations/testing.ts'
import { comparisonList } from './comparison.schema.ts'
import { comparisonRoutes } from './comparisons.routes.ts'
import { refreshReport } from './refresh.jobs.ts'
import { reportRoutes } from './report.routes.ts'
import { reportView } from './report.schema.ts'
import { runById } from './runs.store.ts'
import { type PlantedRun, plantPersons, plantRun } from './testing.ts'
import { totalView } from './total.schema.ts'
import { checkReports } from './upkeep.jobs.ts'
import { defineReportWorks } from './works.jobs.ts'
import { allRuns, noteWork, settleWork } from './works.store.ts'

const operations = heldOperations(() => site.db)
const site = await testSite({
  routes: (services) => [reportRoutes(services), comparisonRoutes(services)],
  services: { operations },
})
const { db, corpId, clock, services } = site
const operator = await site.as('operator')
let planted: PlantedRun
const planRun = (campaignId?: string) =>
  plantRun(db, corpId, {
    ...{ at: clock.now(), state: 'ended', recipients: [{ customerId: 1, sender: 'u1', task: 1 }] },
    ...(campaignId === undefined ? {} : { campaignId }),
  })
const refreshed = async (runId: number) => {
  const run = await runById(db, corpId, runId)
  if (run === undefined) throw new Error('the run was planted')
  return refreshReport(db, run, clock.now())
}
const report = async () =>
  (await operator.get(`/api/campaigns/${planted.campaignId}/report?run=${planted.runId}`)).as(reportView)
const total = async () => (await operator.get(`/api/campaigns/${planted.campaignId}/report/total`)).as(totalView)
const comparisons = () => `/api/campaigns/${planted.campaignId}/runs/${planted.runId}/comparisons`
const sms = (name: string) => ({
  name,
  who: { event: 'sms.sent', from: clock.now().toISOString(), until: new Date(clock.now().getTime() + 1).toISOString() },
})
const named = async (name: string) => (await operator.post(comparisons(), sms(name))).as(comparisonList)

beforeAll(async () => {
  defineReportWorks(services)
  await plantPersons(db, corpId, [1, 2], clock.now())
  planted = await planRun()
  await refreshed(planted.runId)
  clock.advance(60_000)
})

it('naming and removing a channel answer at once; the report before stays until one operation has worked out the next', async () => {
  const before = await report()
  const first = await named('短信')
  expect(first.work).toMatchObject({ state: 'waiting', asked_at: clock.now().toISOString() })
  const second = await named('App')
  const [one] = second.items
  // both in one operation, and so is the removal
  expect(second.work?.operation_id).toBe(first.work?.operation_id)
  await operator.delete(`${comparisons()}/${one?.id}`)
  expect(operations.begun).toHaveLength(1)
  expect(await report()).toEqual({ ...before, work: expect.objectContaining({ state: 'waiting' }) })

  // its process is killed in the middle: nothing of it is to be seen, and whoever takes it over does it whole
  await operations.run(undefined, { after: 2, how: 'killed' })
  expect(await report()).toEqual({ ...before, work: expect.objectContaining({ state: 'running' }) })
  expect(await operations.run()).toEqual({ reports: 1 })
  expect(await report()).toMatchObject({ as_of: clock.now().toISOString(), work: null })
  expect((await operator.get(comparisons())).as(comparisonList)).toMatchObject({ items: [{ name: 'App' }], work: null })
})

it('of what is wished while an operation works on it, the same operation does not say that it is done', async () => {
  const of = { campaignId: planted.campaignId, runId: 77 }
  const wish = () =>
    db
      .transaction()
      .execute((tx) =>
        noteWork(tx, corpId, of, clock.now(), () =>
          operations.begin({ kind: 'campaign.report', corpId, input: of, startedBy: 'system' }, tx),
        ),
      )
  const first = await wish()
  expect(await wish()).toBe(first)
  expect(await settleWork(db, of, 1)).toBe(false)
  expect(await settleWork(db, of, 2)).toBe(true)
  expect(await wish()).not.toBe(first)
  expect(await settleWork(db, of, 1)).toBe(true)
})

it('a wish that comes while the operation is being cancelled is begun anew at once, and the cancelled one takes nothing of it', async () => {
  const first = await named('抖音')
  const going = first.work?.operation_id
  // its process is at it, and has not noticed yet that somebody cancelled it
  await operations.run(going, { after: 1, how: 'killed' })
  expect(await operations.cancel(corpId, going ?? '')).toBe(true)
  expect((await report()).work).toMatchObject({ state: 'failed' })
  const second = await named('快手')
  expect(second.work).toMatchObject({ state: 'waiting' })
  expect(second.work?.operation_id).not.toBe(going)
  await operations.run(going, { after: 1, how: 'cancelled' })
  expect((await report()).work).toMatchObject({ state: 'waiting', operation_id: second.work?.operation_id })
  clock.advance(60_000)
  expect(await operations.run(second.work?.operation_id)).toEqual({ reports: 1 })
  expect(await report()).toMatchObject({ as_of: clock.now().toISOString(), work: null })
  for (const { id, name } of second.items) if (name !== 'App') await operator.delete(`${comparisons()}/${id}`)
  await operations.run()
})

it('a report whose operation failed says so, is begun anew by the next wish, and otherwise worked out by the night', async () => {
  const failed = await named('企微')
  const fail = (id: string | undefined) =>
    db
      .updateTable('operations')
      .set({ state: 'failed', error: '意外' })
      .where('id', '=', id ?? '')
      .execute()
  await fail(failed.work?.operation_id)
  expect((await report()).work).toMatchObject({ state: 'failed' })
  const again = await named('小程序')
  expect(again.work).toMatchObject({ state: 'waiting' })
  expect(again.work?.operation_id).not.toBe(failed.work?.operation_id)
  await fail(again.work?.operation_id)
  clock.advance(60_000)
  await checkReports(services, corpId)
  expect(await report()).toMatchObject({ as_of: clock.now().toISOString(), work: null })
})

it('the total of all runs is worked out by one operation, whoever looks; the one before stays readable', async () => {
  expect(await total()).toMatchObject({ as_of: null, work: null })
  await planRun(planted.campaignId)
  const begun = operations.begun.length
  const [first, second] = [await total(), await total()]
  expect(first).toMatchObject({ as_of: null, work: { state: 'waiting' } })
  expect(second.work?.operation_id).toBe(first.work?.operation_id)
  expect(operations.begun.slice(begun)).toMatchObject([{ input: { runId: allRuns } }])
  // killed after the report of the new run, which is kept
  await operations.run(undefined, { after: 4, how: 'killed' })
  expect(await total()).toMatchObject({ as_of: null, work: { state: 'running' } })
  await operations.run()
  const known = await total()
  expect(known).toMatchObject({ as_of: clock.now().toISOString(), work: null })
  expect(known.figures).not.toEqual([])

  clock.advance(2 * 3_600_000)
  await refreshed(planted.runId)
  const behind = await total()
  expect(behind).toMatchObject({ as_of: known.as_of, figures: known.figures, work: { state: 'waiting' } })
  await operations.run(behind.work?.operation_id)
  expect(await total()).toMatchObject({ as_of: clock.now().toISOString(), work: null })
})
