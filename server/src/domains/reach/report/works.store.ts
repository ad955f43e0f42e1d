import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'

/** Which report is to be worked out: of a run, or of all runs of a campaign (run 0). */
export interface WorkOf {
  readonly campaignId: string
  readonly runId: number
}

/** All runs of a campaign together. */
export const allRuns = 0

export interface Work {
  readonly version: number
  readonly operationId: string
  readonly askedAt: Date
  /** Of its operation; cancelled and done: it ended, or will, before what was wished was worked out. */
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  readonly done: number
  readonly total: number | null
  readonly error: string | null
}

/** One that somebody cancelled works on until its next step, but does no later wish. */
const stateOf = sql`case when o.id is null or o.cancel_asked and o.state in ('waiting', 'running') then 'cancelled' else o.state end`

/** What is wished and not yet worked out. */
export async function workOf(on: Executor, { campaignId, runId }: WorkOf): Promise<Work | undefined> {
  const { rows } = await sql<Work>`
    select w.version, w.operation_id as "operationId", w.asked_at as "askedAt", ${stateOf} as state,
      coalesce(o.done, 0)::int as done, o.total::int as total, o.error
    from report_works w left join operations o on o.id = w.operation_id
    where w.campaign_id = ${campaignId} and w.run_id = ${runId}`.execute(on)
  return rows[0]
}

/**
 * Notes a wish. `begin` is called where no operation is at it; one that is looks for later wishes before it ends. Any number of
 * processes may wish at once: who comes second waits for the campaign's row.
 */
export async function noteWork(
  tx: Tx,
  corpId: number,
  of: WorkOf,
  at: Date,
  begin: () => Promise<string>,
): Promise<string> {
  await sql`select from campaigns where id = ${of.campaignId} for no key update`.execute(tx)
  const known = await workOf(tx, of)
  const open = known !== undefined && (known.state === 'waiting' || known.state === 'running')
  const operationId = open ? known.operationId : await begin()
  await sql`
    insert into report_works (campaign_id, run_id, corp_id, asked_at, operation_id)
    values (${of.campaignId}, ${of.runId}, ${corpId}, ${at}, ${operationId})
    on conflict (campaign_id, run_id) do update
    set version = report_works.version + 1, asked_at = excluded.asked_at, operation_id = excluded.operation_id`.execute(
    tx,
  )
  return operationId
}

/** What was wished up to a version is worked out; false: somebody wished it again meanwhile. */
export async function settleWork(on: Executor, { campaignId, runId }: WorkOf, version: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from report_works where campaign_id = ${campaignId} and run_id = ${runId} and version = ${version}`.execute(
    on,
  )
  return Number(numAffectedRows ?? 0) > 0
}

/** Runs of a corp whose figures were wished before a moment and did not come: their operation failed or was stopped. */
export async function workLeft(on: Executor, corpId: number, before: Date): Promise<readonly number[]> {
  const { rows } = await sql<{ runId: number }>`
    select w.run_id as "runId" from report_works w left join operations o on o.id = w.operation_id
    where w.corp_id = ${corpId} and w.run_id <> ${allRuns} and w.asked_at <= ${before}
      and ${stateOf} not in ('waiting', 'running')`.execute(on)
  return rows.map(({ runId }) => runId)
}
