import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import type { RestsOn } from '../campaigns/rests-on.store.ts'
import type { PlanView } from './plan.schema.ts'

export interface PlannedRun {
  readonly id: number
  readonly corpId: number
  readonly campaignId: string
  readonly version: number
  readonly rehearsal: boolean
  readonly state: string
  readonly plannedFor: Date
  readonly createdAt: Date
  readonly plan: PlanView | null
}

const columns = sql`id, corp_id as "corpId", campaign_id as "campaignId", version, rehearsal, state,
  planned_for as "plannedFor", created_at as "createdAt", plan`

export async function findRun(on: Executor, corpId: number, runId: number): Promise<PlannedRun | undefined> {
  const { rows } = await sql<PlannedRun>`
    select ${columns} from campaign_runs where id = ${runId} and corp_id = ${corpId}`.execute(on)
  return rows[0]
}

/** One attempt at a time plans a run, until its transaction ends. Whoever waited finds it planned. */
export async function lockAttempt(tx: Tx, runId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.planning}, ${runId})`.execute(tx)
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

/** A rehearsal to be planned. Those before it are shown no more, and their people go with the next plan that is made. */
export async function addRehearsal(
  tx: Tx,
  given: {
    readonly corpId: number
    readonly campaignId: string
    readonly version: number
    readonly plannedFor: Date
    readonly at: Date
    readonly restsOn: RestsOn
  },
): Promise<number> {
  await endRehearsals(tx, given.campaignId, given.at)
  const row = await tx
    .insertInto('campaign_runs')
    .values({
      ...{ corp_id: given.corpId, campaign_id: given.campaignId, version: given.version, rehearsal: true },
      ...{ planned_for: given.plannedFor, created_at: given.at, rests_on: JSON.stringify(given.restsOn) },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

async function endRehearsals(tx: Tx, campaignId: string, at: Date): Promise<void> {
  await sql`
    update campaign_runs set state = 'cancelled', why = 'rehearsed_again', ended_at = ${at}
    where campaign_id = ${campaignId} and rehearsal and state in ('planning', 'planned')`.execute(tx)
}

/** Rehearsals that another took the place of and whose people are still kept. */
export async function droppedRehearsals(on: Executor, campaignId: string): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select r.id from campaign_runs r
    where r.campaign_id = ${campaignId} and r.rehearsal and r.state = 'cancelled'
      and to_regclass('campaign_recipients_' || r.id) is not null`.execute(on)
  return rows.map((row) => row.id)
}

/** The run that counts of a campaign: the latest that goes out, or where none does the latest rehearsal. */
export async function latestRun(on: Executor, corpId: number, campaignId: string): Promise<PlannedRun | undefined> {
  const { rows } = await sql<PlannedRun>`
    select ${columns} from campaign_runs
    where campaign_id = ${campaignId} and corp_id = ${corpId} and plan is not null
    order by rehearsal, id desc limit 1`.execute(on)
  return rows[0]
}
