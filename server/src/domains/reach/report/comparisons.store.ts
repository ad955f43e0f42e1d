import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { comparisonsMost, type ReachedElsewhere, reachedElsewhere } from './comparison.schema.ts'

/** People who were reached elsewhere, named beside a run. */
export interface Comparison {
  readonly id: string
  readonly name: string
  readonly who: ReachedElsewhere
  readonly cost: number | null
  readonly createdAt: Date
}

export async function comparisonsOf(on: Executor, runId: number): Promise<readonly Comparison[]> {
  const rows = await on
    .selectFrom('run_comparisons')
    .select(['id', 'name', 'who', 'cost', 'created_at as createdAt'])
    .where('run_id', '=', runId)
    .orderBy('created_at')
    .orderBy('id')
    .limit(comparisonsMost)
    .execute()
  return rows.map((row) => ({ ...row, who: reachedElsewhere.parse(row.who) }))
}

/** Names people beside a run; false: there are as many as may be, or one has the name. */
export async function addComparison(
  tx: Tx,
  corpId: number,
  runId: number,
  given: Pick<Comparison, 'name' | 'who' | 'cost'>,
  by: { readonly account: string; readonly at: Date },
): Promise<boolean> {
  await sql`select from campaign_runs where id = ${runId} for update`.execute(tx)
  const { rows } = await sql`
    insert into run_comparisons (id, corp_id, run_id, name, who, cost, created_by, created_at)
    select ${uuid()}, ${corpId}, ${runId}, ${given.name}, ${JSON.stringify(given.who)}::jsonb, ${given.cost}, ${by.account}, ${by.at}
    where (select count(*) from run_comparisons where run_id = ${runId}) < ${comparisonsMost}
    on conflict (run_id, name) do nothing returning id`.execute(tx)
  return rows.length > 0
}

export async function removeComparison(on: Executor, runId: number, id: string): Promise<string | undefined> {
  const row = await on
    .deleteFrom('run_comparisons')
    .where('run_id', '=', runId)
    .where('id', '=', id)
    .returning('name')
    .executeTakeFirst()
  return row?.name
}
