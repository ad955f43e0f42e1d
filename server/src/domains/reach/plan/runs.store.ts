import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { PlanView } from './plan.schema.ts'

export interface PlannedRun {
  readonly id: number
  readonly corpId: number
  readonly campaignId: string
  readonly version: number
  readonly rehearsal: boolean
  readonly state: string
  readonly plannedFor: Date
  readonly plan: PlanView | null
}

const columns = sql`id, corp_id as "corpId", campaign_id as "campaignId", version, rehearsal, state,
  planned_for as "plannedFor", plan`

export async function findRun(on: Executor, corpId: number, runId: number): Promise<PlannedRun | undefined> {
  const { rows } = await sql<PlannedRun>`
    select ${columns} from campaign_runs where id = ${runId} and corp_id = ${corpId}`.execute(on)
  return rows[0]
}

/** For who writes its plan; undefined: it is no longer being planned. */
export async function lockPlanning(tx: Tx, runId: number): Promise<PlannedRun | undefined> {
  const { rows } = await sql<PlannedRun>`
    select ${columns} from campaign_runs where id = ${runId} and state = 'planning' for update`.execute(tx)
  return rows[0]
}

export async function notePlanned(tx: Tx, runId: number, plan: PlanView): Promise<void> {
  await sql`update campaign_runs set state = 'planned', plan = ${JSON.stringify(plan)}::jsonb where id = ${runId}`.execute(
    tx,
  )
}

/** A plan that came to nothing: the run ends as it is. */
export async function endPlanning(
  on: Executor,
  runId: number,
  state: 'cancelled' | 'failed',
  why: string,
  at: Date,
): Promise<void> {
  await sql`
    update campaign_runs set state = ${state}, why = ${why}, ended_at = ${at}
    where id = ${runId} and state = 'planning'`.execute(on)
}

export async function senderSetOf(on: Executor, corpId: number, id: string): Promise<readonly string[]> {
  const { rows } = await sql<{ userids: string[] }>`
    select userids from sender_sets where id = ${id} and corp_id = ${corpId}`.execute(on)
  return rows[0]?.userids ?? []
}
