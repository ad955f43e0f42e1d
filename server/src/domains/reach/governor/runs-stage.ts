import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'

/** Homes from 1 to so many, of whom those beyond `roots` belong to the first person. */
export async function someHomes(on: Executor, corpId: number, homes: number, roots = homes): Promise<void> {
  await sql`insert into customers (id, corp_id, merged_into, created_at)
    select id, ${corpId}, case when id > ${roots}::int then 1 end, now() from generate_series(1, ${homes}::int) as id`.execute(
    on,
  )
}

/** A run that is planned, with nobody in it yet; of marketing unless said otherwise. */
export async function plannedRun(
  on: Executor,
  corpId: number,
  at: Date,
  { marketing = true, rehearsal = false, name = 'c' } = {},
): Promise<{ readonly campaignId: string; readonly runId: number }> {
  const campaignId = uuid()
  await sql`insert into campaigns (id, corp_id, name, state, created_at, changed_at)
    values (${campaignId}, ${corpId}, ${name}, 'live', ${at}, ${at})`.execute(on)
  await sql`insert into campaign_versions (campaign_id, version, spec, changed_at)
    values (${campaignId}, 1, ${JSON.stringify({ marketing })}::jsonb, ${at})`.execute(on)
  const { rows } = await sql<{ id: number }>`
    insert into campaign_runs (corp_id, campaign_id, version, rehearsal, state, planned_for, created_at)
    values (${corpId}, ${campaignId}, 1, ${rehearsal}, 'planned', ${at}, ${at}) returning id`.execute(on)
  const runId = rows[0]?.id
  if (runId === undefined) throw new Error('a run has a number')
  await sql`create table ${sql.table(`campaign_recipients_${runId}`)} partition of campaign_recipients for values in (${sql.raw(String(runId))})`.execute(
    on,
  )
  return { campaignId, runId }
}

/** Puts people into a task of the run, all sent to by one member. */
export async function addTask(
  on: Executor | Tx,
  corpId: number,
  runId: number,
  task: number,
  customerIds: readonly number[],
): Promise<void> {
  await sql`insert into campaign_recipients (run_id, customer_id, corp_id, fate, bucket, sender, task)
    select ${runId}, id, ${corpId}, 0, 0, 'u1', ${task} from unnest(${numberArray(customerIds)}::bigint[]) as id`.execute(
    on,
  )
  await sql`insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients, state)
    values (${runId}, ${task}, ${corpId}, 0, 'u1', ${customerIds.length}, 'asked')`.execute(on)
}
