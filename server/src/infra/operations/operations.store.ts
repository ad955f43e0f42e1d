import { sql } from 'kysely'
import type { Database, Executor } from '../db/database.ts'
import type { OperationRequest, OperationView } from './operations.ts'

export interface ClaimedOperation {
  readonly id: string
  readonly corpId: number
  readonly kind: string
  readonly input: unknown
  readonly checkpoint: unknown
  readonly done: number
  readonly total: number | null
}

export interface Progress {
  readonly done: number
  readonly total: number | undefined
  /** undefined: the stored one stays. */
  readonly checkpoint: unknown
}

const viewColumns = [
  'id',
  'kind',
  'state',
  'done',
  'total',
  'result',
  'error',
  'cancel_asked as cancelAsked',
  'started_by as startedBy',
  'created_at as createdAt',
  'started_at as startedAt',
  'finished_at as finishedAt',
] as const

const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value))

export async function insertOperation(on: Executor, id: string, request: OperationRequest, at: Date): Promise<void> {
  await sql`
    insert into operations (id, corp_id, kind, state, input, started_by, created_at)
    values (${id}, ${request.corpId}, ${request.kind}, 'waiting', ${json(request.input) ?? '{}'}::jsonb,
      ${request.startedBy}, ${at})`.execute(on)
}

/** Takes the oldest waiting operation of these kinds; two processes never take the same one. */
export async function claimNext(
  on: Executor,
  processId: number,
  kinds: readonly string[],
  at: Date,
): Promise<ClaimedOperation | undefined> {
  const { rows } = await sql<ClaimedOperation>`
    update operations set state = 'running', process_id = ${processId}, started_at = coalesce(started_at, ${at})
    where id = (
      select id from operations where state = 'waiting' and kind = any(${[...kinds]}::text[])
      order by created_at for update skip locked limit 1)
    returning id, corp_id as "corpId", kind, input, checkpoint, done, total`.execute(on)
  return rows[0]
}

/** undefined: the operation is no longer ours. */
export async function writeProgress(
  on: Executor,
  id: string,
  processId: number,
  progress: Progress,
): Promise<{ cancelAsked: boolean } | undefined> {
  const { rows } = await sql<{ cancelAsked: boolean }>`
    update operations set done = ${progress.done}, total = coalesce(${progress.total ?? null}::bigint, total),
      checkpoint = coalesce(${json(progress.checkpoint)}::jsonb, checkpoint)
    where id = ${id} and process_id = ${processId} and state = 'running'
    returning cancel_asked as "cancelAsked"`.execute(on)
  return rows[0]
}

export async function finishOperation(
  on: Executor,
  id: string,
  processId: number,
  outcome: { state: 'done' | 'failed' | 'cancelled'; result: unknown; error: string | undefined; at: Date },
): Promise<void> {
  await sql`
    update operations set state = ${outcome.state}, result = ${json(outcome.result)}::jsonb,
      error = ${outcome.error ?? null}, finished_at = ${outcome.at}
    where id = ${id} and process_id = ${processId} and state = 'running'`.execute(on)
}

/** Back into the queue, to go on from its checkpoint. */
export async function releaseOperation(on: Executor, id: string, processId: number): Promise<void> {
  await on
    .updateTable('operations')
    .set({ state: 'waiting', process_id: null })
    .where('id', '=', id)
    .where('process_id', '=', processId)
    .where('state', '=', 'running')
    .execute()
}

/**
 * Puts back what dead processes were running. A living process holds the advisory lock (1, its id), so whoever gets
 * that lock knows it dead; the lock is given back at the end of the transaction.
 */
export async function releaseOrphans(db: Database, processId: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ processId: number }>`
      select process_id as "processId" from (
        select distinct process_id from operations where state = 'running' and process_id <> ${processId} offset 0
      ) as others where pg_try_advisory_xact_lock(1, process_id)`.execute(tx)
    const dead = rows.map((row) => row.processId)
    if (dead.length === 0) return 0
    const { numAffectedRows } = await sql`
      update operations set state = 'waiting', process_id = null
      where state = 'running' and process_id = any(${dead}::int[])`.execute(tx)
    return Number(numAffectedRows ?? 0)
  })
}

/** One that waits is over at once, one that runs is asked to stop. False: there is none, or it is over already. */
export async function askCancel(on: Executor, corpId: number, id: string, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update operations set cancel_asked = true,
      finished_at = case when state = 'waiting' then ${at}::timestamptz end,
      state = case when state = 'waiting' then 'cancelled' else state end
    where id = ${id} and corp_id = ${corpId} and state in ('waiting', 'running')
    returning id`.execute(on)
  return rows.length > 0
}

export async function findOperation(on: Executor, corpId: number, id: string): Promise<OperationView | undefined> {
  const row = await on
    .selectFrom('operations')
    .select(viewColumns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? undefined : viewOf(row)
}

export async function recentOperations(on: Executor, corpId: number, limit: number): Promise<readonly OperationView[]> {
  const rows = await on
    .selectFrom('operations')
    .select(viewColumns)
    .where('corp_id', '=', corpId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(viewOf)
}

const states: Readonly<Record<string, OperationView['state']>> = {
  waiting: 'waiting',
  running: 'running',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
}

function viewOf(
  row: Omit<OperationView, 'state' | 'done' | 'total'> & { state: string; done: unknown; total: unknown },
): OperationView {
  const state = states[row.state]
  if (state === undefined) throw new Error(`an operation has the unknown state ${row.state}`)
  return { ...row, state, done: Number(row.done), total: row.total === null ? null : Number(row.total) }
}
