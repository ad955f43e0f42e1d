import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { manualClock } from '../../../infra/clock.ts'
import { testRun } from '../../../infra/operations/testing.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { bucketOf, campaignSeed } from '../plan/bucket.ts'
import { aRun, smallBrand } from '../plan/plan-stage.ts'
import { planRun } from '../plan/planning.ts'
import { refreshReport } from './refresh.jobs.ts'
import { runById } from './runs.store.ts'

const { db } = await testDatabase()
const clock = manualClock('2026-11-11T10:00:00+08:00')
const corpId = 1
const people = Array.from({ length: 240 }, (_, place) => place + 1)
const hasMember = (id: number) => id % 4 !== 0
const wishesNothing = (id: number) => id % 3 === 0
const isExcluded = (id: number) => id % 7 === 0

it('of a plan as it is made, both sides are the people who may get it and differ by their bucket alone', async () => {
  await sql`insert into corps (corpid, name, created_at) values ('wwsides', '品牌', now())`.execute(db)
  await sql`insert into reach_settings (corp_id, global_holdout_permille, changed_at) values (${corpId}, 0, now())`.execute(
    db,
  )
  const given = people.map((id) => ({
    id,
    marks: isExcluded(id) ? ['tag:staff'] : [],
    senders: hasMember(id) ? [`u${id % 5}`] : [],
  }))
  await smallBrand(db, corpId, ['u0', 'u1', 'u2', 'u3', 'u4'], given)
  for (const id of people.filter(wishesNothing))
    await sql`insert into touch_wishes (customer_id, at, corp_id, wish) values (${id}, ${clock.now()}, ${corpId}, 'none')`.execute(
      db,
    )
  const { runId, campaignId } = await aRun(
    db,
    corpId,
    {
      holdout_permille: 300,
      goal: { metric: 'order', window_hours: 24, baseline: null },
      exclusions: [{ name: '员工', whom: { rule: { is: 'tags', mode: 'any', tags: ['staff'] } } }],
    },
    { at: clock.now() },
  )
  const operation = { id: 'o', corpId, input: { runId }, checkpoint: null }
  await planRun({ db, clock }, testRun(operation) as never, async () => undefined)
  await sql`update campaign_runs set state = 'running', started_at = ${clock.now()} where id = ${runId}`.execute(db)
  const run = await runById(db, corpId, runId)
  if (run === undefined) throw new Error('the run was planned')
  const { figures } = await refreshReport(db, run, clock.now())

  const may = people.filter((id) => hasMember(id) && !wishesNothing(id) && !isExcluded(id))
  const heldOut = may.filter((id) => bucketOf(campaignSeed(campaignId), id) < 3_000)
  expect(heldOut.length).toBeGreaterThan(10)
  expect(figures.sides.holdout.persons).toBe(heldOut.length)
  expect(figures.sides.treated.persons).toBe(may.length - heldOut.length)
  // of the holdout as a whole more were drawn: also those who would have got nothing anyway
  expect(figures.fates.holdout).toBeGreaterThan(heldOut.length)
})
