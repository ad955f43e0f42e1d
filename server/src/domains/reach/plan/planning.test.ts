import { type Selectable, sql } from 'kysely'
import { expect, it } from 'vitest'
import { manualClock } from '../../../infra/clock.ts'
import type { DB } from '../../../infra/db/schema.gen.ts'
import { testRun } from '../../../infra/operations/testing.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { fates, senderReasons } from '../campaigns/recipient.ts'
import { aRun, smallBrand } from './plan.testing.ts'
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
