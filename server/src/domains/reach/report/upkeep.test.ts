import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import type { Due, DueHandler } from '../../../infra/due/due.ts'
import { testSite } from '../../../infra/http/testing.ts'
import { heldOperations } from '../../../infra/operations/testing.ts'
import { refreshReport } from './refresh.jobs.ts'
import { runById } from './runs.store.ts'
import { snapshotOf } from './snapshots.store.ts'
import { plantPersons, plantRun } from './testing.ts'
import { createReportUpkeep, defineReportNight, scheduleReportNight } from './upkeep.jobs.ts'

const operations = heldOperations(() => site.db)
const scheduled: { kind: string; key: string; at: Date }[] = []
const handlers = new Map<string, DueHandler>()
const due: Due = {
  define: (kind, handler) => void handlers.set(kind, handler),
  schedule: async (_on, items) => void scheduled.push(...items),
  unschedule: async () => undefined,
  run: async () => 0,
  start: () => undefined,
  wake: () => undefined,
  stop: async () => undefined,
}
const site = await testSite({ routes: () => [], services: { operations, due } })
const { db, corpId, clock, services } = site
let runId = 0

beforeAll(async () => {
  defineReportNight(services)
  await plantPersons(db, corpId, [1], clock.now())
  ;({ runId } = await plantRun(db, corpId, { at: clock.now(), recipients: [{ customerId: 1, sender: 'u1', task: 1 }] }))
})

it('a run that lives has a report, which is worked out again ten minutes later and not before', async () => {
  const upkeep = createReportUpkeep(services)
  const began = clock.now()
  await upkeep.pass()
  expect(await snapshotOf(db, runId)).toMatchObject({ asOf: began })
  clock.advance(5 * 60_000)
  await upkeep.pass()
  expect(await snapshotOf(db, runId)).toMatchObject({ asOf: began })
  clock.advance(5 * 60_000)
  await upkeep.pass()
  expect(await snapshotOf(db, runId)).toMatchObject({ asOf: clock.now() })
})

it('two processes that find a report too old work it out once', async () => {
  clock.advance(10 * 60_000)
  const run = await runById(db, corpId, runId)
  if (run === undefined) throw new Error('the run was planted')
  const found = (await snapshotOf(db, runId))?.asOf ?? null
  const [first, second] = [clock.now(), new Date(clock.now().getTime() + 1_000)]
  await refreshReport(db, run, first, { instead: { of: found } })
  expect(await refreshReport(db, run, second, { instead: { of: found } })).toMatchObject({ asOf: first })
  expect(await refreshReport(db, run, second, { instead: { of: first } })).toMatchObject({ asOf: second })
})

it('a rehearsal and a run that is only planned have none', async () => {
  const planned = await plantRun(db, corpId, { at: clock.now(), state: 'planned', recipients: [] })
  const rehearsed = await plantRun(db, corpId, { at: clock.now(), recipients: [] })
  await sql`update campaign_runs set rehearsal = true where id = ${rehearsed.runId}`.execute(db)
  await createReportUpkeep(services).pass()
  expect(await snapshotOf(db, planned.runId)).toBeUndefined()
  expect(await snapshotOf(db, rehearsed.runId)).toBeUndefined()
})

it('every run has its first report before anybody looks: also one of long ago, and although that of another fails', async () => {
  const long = new Date(clock.now().getTime() - 400 * 86_400_000)
  const recipients = [{ customerId: 1, sender: 'u1', task: 1, status: 1, sentAt: clock.now() }]
  const bad = await plantRun(db, corpId, { at: clock.now(), state: 'ended', recipients })
  const old = await plantRun(db, corpId, { at: long, state: 'ended', recipients: [] })
  // nothing can be read of it
  await sql`update campaign_versions set spec = '{}'::jsonb where campaign_id = ${bad.campaignId}`.execute(db)
  const upkeep = createReportUpkeep(services)
  await upkeep.pass()
  expect(await snapshotOf(db, bad.runId)).toBeUndefined()
  expect(await snapshotOf(db, old.runId)).toMatchObject({ asOf: clock.now() })
  const known = clock.now()
  clock.advance(86_400_000)
  await sql`delete from campaign_runs where id = ${bad.runId}`.execute(db)
  await upkeep.pass()
  // it is final, and as old as it may get
  expect(await snapshotOf(db, old.runId)).toMatchObject({ asOf: known })
})

it('every night the reports of a corp are looked through, and the next night is set', async () => {
  await scheduleReportNight(services, corpId)
  const [tonight] = scheduled
  if (tonight === undefined) throw new Error('the night was scheduled')
  await sql`insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients, sent)
    values (${runId}, 1, ${corpId}, 0, 'u1', 1, 9)`.execute(db)
  await db.transaction().execute(async (tx) => {
    await handlers.get(tonight.kind)?.([{ id: 1, corpId, ...tonight, payload: {} }], tx)
  })
  expect(scheduled).toHaveLength(2)
  expect(await operations.run()).toEqual({ off: 1 })
  const { rows } = await sql<{ zh: string }>`select title->>'zh' as zh from alarms where cleared_at is null`.execute(db)
  expect(rows[0]?.zh).toContain('sent by the tasks: 0 ≠ 9')
})
