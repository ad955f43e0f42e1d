import { type Selectable, sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../../../infra/clock.ts'
import type { DB } from '../../../infra/db/schema.gen.ts'
import { OperationCancelled, OperationInterrupted } from '../../../infra/operations/operations.ts'
import { type BreakOff, testRun } from '../../../infra/operations/testing.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { fates, senderReasons } from '../campaigns/recipient.ts'
import { partitionOf } from './draft.store.ts'
import { aRun, smallBrand } from './plan-stage.ts'
import { type PlanRequest, planRun } from './planning.ts'
import { findRun } from './runs.store.ts'

const { db } = await testDatabase()
const clock = manualClock('2026-11-11T10:00:00+08:00')
const corpId = 1
await sql`insert into corps (corpid, name, created_at) values ('wwplan', '品牌', now())`.execute(db)
await sql`insert into reach_settings (corp_id, global_holdout_permille, changed_at) values (${corpId}, 0, now())`.execute(
  db,
)
await smallBrand(
  db,
  corpId,
  ['ann', 'bob', 'cat'],
  [
    { id: 1, senders: ['ann'], marks: ['tag:vip'] },
    { id: 2, senders: ['ann', 'bob'] },
    { id: 3, senders: ['bob'], marks: ['tag:vip', 'tag:staff'] },
    { id: 4 },
    { id: 5, marks: ['tag:staff'], senders: ['cat'] },
    { id: 6 },
    { id: 7, senders: ['cat'], mergedInto: 6 },
    { id: 8, senders: ['gone'] },
  ],
)
const governed = { when_capped: 'hold', wait_hours: 72, priority: 5 }
const begun: number[] = []
const plan = async (runId: number) => {
  const operation = { id: 'o', corpId, input: { runId } satisfies PlanRequest, checkpoint: null }
  await planRun({ db, clock }, testRun(operation) as never, async (_, id) => void begun.push(id))
}
const tagged = (tag: string) => ({ rule: { is: 'tags', mode: 'any', tags: [tag] } })
const rowsOf = async (runId: number) => {
  const { rows } = await sql<Omit<Selectable<DB['campaign_recipients']>, 'fate'> & { fate: number }>`
    select * from campaign_recipients where run_id = ${runId} order by customer_id`.execute(db)
  return rows.map(({ fate, ...row }) => ({ ...row, fate: fates[fate] }))
}

it('everybody whom the audience names is in a run once, with what was decided of him', async () => {
  const { runId } = await aRun(
    db,
    corpId,
    {
      exclusions: [
        { name: '员工', whom: tagged('staff') },
        { name: 'VIP', whom: tagged('vip') },
      ],
    },
    { at: clock.now() },
  )
  await plan(runId)
  const rows = await rowsOf(runId)
  expect(
    rows.map(({ customer_id, fate, reason, hits, sender, external_userid, task }) => [
      customer_id,
      fate,
      reason,
      hits,
      sender,
      external_userid,
      task,
    ]),
  ).toEqual([
    [1, 'excluded', 1, 2, null, null, null],
    [2, 'sent_to', null, 0, 'bob', 'wm2', 1],
    [3, 'excluded', 0, 3, null, null, null],
    [4, 'no_sender', senderReasons.indexOf('no_relation'), 0, null, null, null],
    [5, 'excluded', 0, 1, null, null, null],
    [6, 'sent_to', null, 0, 'cat', 'wm7', 2],
    [8, 'no_sender', senderReasons.indexOf('sender_gone'), 0, null, null, null],
  ])
  expect(await findRun(db, corpId, runId)).toMatchObject({
    state: 'planned',
    plan: {
      candidates: 7,
      exclusions: [
        { name: '员工', first: 2, hit: 2 },
        { name: 'VIP', first: 1, hit: 2 },
      ],
      ...{ senders: 2, tasks: 2, largest_task: 1 },
    },
  })
  expect(begun).toContain(runId)
})

describe('a plan that is broken off', () => {
  const all = async (runId: number) => {
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class where relkind = 'r' and starts_with(relname, ${`campaign_draft_${runId}_`})
        or relname = ${partitionOf(runId)}`.execute(db)
    return rows.map((row) => row.name)
  }
  const begin = async (_: unknown, id: number) => void begun.push(id)
  const run = (runId: number, breakOff?: BreakOff) =>
    planRun(
      { db, clock },
      { ...testRun({ id: 'o', corpId, input: { runId }, checkpoint: null }, breakOff), input: { runId } },
      begin,
    )

  it('by a kill at any step is made anew by whoever takes it over, and counts once', async () => {
    let steps = 0
    for (let after = 1; ; after += 1) {
      const { runId } = await aRun(db, corpId, { governed }, { at: clock.now() })
      const killed = await run(runId, { after, how: 'killed' }).catch((error: unknown) => error)
      if (!(killed instanceof OperationInterrupted)) break
      steps += 1
      expect(await rowsOf(runId)).toEqual([])
      expect((await findRun(db, corpId, runId))?.state).toBe('planning')
      await run(runId)
      expect((await rowsOf(runId)).map((row) => row.customer_id)).toEqual([1, 2, 3, 4, 5, 6, 8])
      const { rows } = await sql<{ tasks: number }>`
        select count(*)::int as tasks from campaign_tasks where run_id = ${runId}`.execute(db)
      expect(rows).toEqual([{ tasks: 3 }])
      expect(begun.filter((one) => one === runId)).toEqual([runId])
      expect(await all(runId)).toEqual([partitionOf(runId)])
      await sql`delete from touch_reservations`.execute(db)
    }
    expect(steps).toBeGreaterThan(4)
  })

  it('by a person ends the run and leaves nothing', async () => {
    const { runId } = await aRun(db, corpId, {}, { at: clock.now() })
    await expect(run(runId, { after: 3, how: 'cancelled' })).rejects.toThrow(OperationCancelled)
    expect(await findRun(db, corpId, runId)).toMatchObject({ state: 'cancelled', plan: null })
    expect(await all(runId)).toEqual([])
    expect(begun).not.toContain(runId)
  })

  it('is made once by two that believe each other dead', async () => {
    const { runId } = await aRun(db, corpId, { marketing: false }, { at: clock.now() })
    const ends = await Promise.allSettled([run(runId), run(runId)])
    expect(ends.some((end) => end.status === 'fulfilled')).toBe(true)
    expect(await findRun(db, corpId, runId)).toMatchObject({ state: 'planned' })
    expect((await rowsOf(runId)).map((row) => row.customer_id)).toEqual([1, 2, 3, 4, 5, 6, 8])
    expect(begun.filter((one) => one === runId)).toEqual([runId])
    expect(await all(runId)).toEqual([partitionOf(runId)])
  })
})

it('what one member would send to more than a task holds is parted evenly, and everybody is in one', async () => {
  await sql`update corps set limits = '{"broadcast.customers_max": 2}'`.execute(db)
  const { runId } = await aRun(db, corpId, { marketing: false }, { at: clock.now() })
  await plan(runId)
  await sql`update corps set limits = '{}'`.execute(db)
  const { rows } = await sql<{ number: number; sender: string; recipients: number; persons: number }>`
    select t.number, t.sender, t.recipients, (select count(*)::int from campaign_recipients r
      where r.run_id = t.run_id and r.task = t.number and r.sender = t.sender and r.variant = t.variant) as persons
    from campaign_tasks t where t.run_id = ${runId} order by t.number`.execute(db)
  expect(rows).toEqual([
    { number: 1, sender: 'ann', recipients: 1, persons: 1 },
    { number: 2, sender: 'bob', recipients: 2, persons: 2 },
    { number: 3, sender: 'cat', recipients: 2, persons: 2 },
  ])
})
