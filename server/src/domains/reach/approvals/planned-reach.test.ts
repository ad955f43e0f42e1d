import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { aRun } from '../plan/plan-stage.ts'
import { outgrown } from './approval.ts'
import { plannedReach } from './approvals.store.ts'

const { db } = await testDatabase()
const at = new Date('2026-11-11T10:00:00+08:00')

it('whom a run holds now and reaches later counts for what was agreed to', async () => {
  const { id: corpId } = await db
    .insertInto('corps')
    .values({ corpid: 'wwreach', name: '品牌', created_at: at })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { runId } = await aRun(db, corpId, {}, { at })
  await sql`update campaign_runs set plan = ${JSON.stringify({ fates: { sent_to: 900, held: 50_000 } })}::jsonb where id = ${runId}`.execute(
    db,
  )
  await sql`insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients) values
    (${runId}, 1, ${corpId}, 0, 'ann', 400), (${runId}, 2, ${corpId}, 0, 'bob', 500)`.execute(db)
  const recipients = await db.transaction().execute((tx) => plannedReach(tx, runId))
  expect(recipients).toBe(50_900)
  expect(outgrown({ recipients: 900, needed: 1 }, { recipients, tiers: false }, { oneApprovalMost: 1_000 })).toBe(
    'people',
  )
})
