import { sql } from 'kysely'
import { commitLazily, type Database, type Executor } from '../../infra/db/database.ts'
import type { Callback } from './callback.ts'

export interface StoredBatch {
  readonly batchId: number
  /** Position in the given list → id; a position that is missing was a repeat. */
  readonly ids: ReadonlyMap<number, number>
}

/** One group commit: keys, batch and callbacks in a single statement. Repeats are dropped. */
export async function storeCallbacks(
  on: Executor,
  processId: number,
  callbacks: readonly Callback[],
  at: Date,
): Promise<StoredBatch> {
  const { rows } = await sql<{ position: number; id: number; batch_id: number }>`
    with given as materialized (
      select * from unnest(
        ${callbacks.map((_, i) => i)}::int[], ${callbacks.map((c) => c.key)}::bytea[], ${callbacks.map((c) => c.corpId)}::int[],
        ${callbacks.map((c) => c.appId)}::uuid[], ${callbacks.map((c) => c.receivedAt.toISOString())}::timestamptz[],
        ${callbacks.map((c) => c.createdAt.toISOString())}::timestamptz[], ${callbacks.map((c) => c.kind)}::text[],
        ${callbacks.map((c) => c.subject ?? null)}::text[], ${callbacks.map((c) => c.staffUserid ?? null)}::text[],
        ${callbacks.map((c) => c.xml)}::text[]
      ) as given(position, key, corp_id, app_id, received_at, created_at, kind, subject, staff_userid, body)
    ), fresh_keys as (
      insert into dedupe_keys (key, seen_at) select key, ${at}::timestamptz from given order by key on conflict do nothing returning key
    ), fresh as materialized (
      select given.*, nextval(pg_get_serial_sequence('callbacks', 'id')) as id from given join fresh_keys using (key)
    ), batch as (
      insert into inbox_batches (process_id, received_at, size, first_id, last_id)
      select ${processId}, ${at}::timestamptz, count(*)::int, min(id), max(id) from fresh having count(*) > 0 returning id
    ), stored as (
      insert into callbacks (id, batch_id, corp_id, app_id, received_at, created_at, kind, subject, staff_userid, body)
      overriding system value
      select fresh.id, batch.id, corp_id, app_id, received_at, created_at, kind, subject, staff_userid, body from fresh, batch
    )
    select fresh.position, fresh.id, batch.id as batch_id from fresh, batch`.execute(on)
  return { batchId: rows[0]?.batch_id ?? 0, ids: new Map(rows.map((row) => [row.position, row.id])) }
}

/**
 * Settled batches go without waiting for the disk: a deletion that a crash of the database undoes only lets the batch be
 * handled once more, which changes nothing.
 */
export async function removeBatches(db: Database, batchIds: readonly number[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await commitLazily(tx)
    await sql`delete from inbox_batches where id = any(${[...batchIds]}::bigint[])`.execute(tx)
  })
}

export interface CallbackRow {
  readonly id: number
  readonly batchId: number
  readonly corpId: number
  readonly appId: string
  readonly receivedAt: Date
  readonly body: string | null
}

const row = sql.raw(
  `c.id, c.batch_id as "batchId", c.corp_id as "corpId", c.app_id as "appId", c.received_at as "receivedAt", c.body`,
)

/** Takes over the oldest batches that dead processes left, and answers their callbacks. */
export async function adoptBatches(
  on: Executor,
  deadProcesses: readonly number[],
  processId: number,
  limit: number,
): Promise<readonly CallbackRow[]> {
  if (deadProcesses.length === 0) return []
  const { rows } = await sql<CallbackRow>`
    with adopted as (
      update inbox_batches set process_id = ${processId}
      where id in (
        select id from inbox_batches where process_id = any(${[...deadProcesses]}::int[])
        order by id limit ${limit} for update skip locked)
      returning id, first_id, last_id
    )
    select ${row} from callbacks c join adopted on adopted.id = c.batch_id and c.id between adopted.first_id and adopted.last_id
    where not exists (select 1 from callback_retries r where r.callback_id = c.id)
    order by c.id`.execute(on)
  return rows
}

/** Batches of a living process, as the database has them, stored until then. */
export async function batchesOf(on: Executor, processId: number, until: Date): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from inbox_batches where process_id = ${processId} and received_at <= ${until} order by id`.execute(on)
  return rows.map(({ id }) => id)
}

export async function callbacksOfBatches(on: Executor, batchIds: readonly number[]): Promise<readonly CallbackRow[]> {
  const { rows } = await sql<CallbackRow>`
    select ${row} from callbacks c join inbox_batches b on b.id = c.batch_id and c.id between b.first_id and b.last_id
    where b.id = any(${[...batchIds]}::bigint[])
      and not exists (select 1 from callback_retries r where r.callback_id = c.id)
    order by c.id`.execute(on)
  return rows
}

export interface Failure {
  readonly callbackId: number
  readonly corpId: number
  readonly receivedAt: Date
  readonly reason: string
  readonly attempts: number
  /** undefined: dead, a person decides. */
  readonly nextAt: Date | undefined
}

export async function recordFailures(on: Executor, failures: readonly Failure[], at: Date): Promise<void> {
  if (failures.length === 0) return
  await sql`
    insert into callback_retries (callback_id, corp_id, received_at, attempts, next_at, dead_at, reason)
    select id, corp_id, received_at, attempts, next_at, case when next_at is null then ${at}::timestamptz end, reason
    from unnest(
      ${failures.map((f) => f.callbackId)}::bigint[], ${failures.map((f) => f.corpId)}::int[],
      ${failures.map((f) => f.receivedAt.toISOString())}::timestamptz[], ${failures.map((f) => f.attempts)}::int[],
      ${failures.map((f) => f.nextAt?.toISOString() ?? null)}::timestamptz[], ${failures.map((f) => f.reason)}::text[]
    ) as f(id, corp_id, received_at, attempts, next_at, reason)
    on conflict (callback_id) do update
      set attempts = excluded.attempts, next_at = excluded.next_at, dead_at = excluded.dead_at, reason = excluded.reason`.execute(
    on,
  )
}

export interface RetryRow extends CallbackRow {
  readonly attempts: number
}

/** Takes the retries that are due (machine time); each is put off a minute first, so that no other process takes it. */
export async function takeDueRetries(on: Executor, now: Date, limit: number): Promise<readonly RetryRow[]> {
  const { rows } = await sql<RetryRow>`
    with due as (
      update callback_retries set next_at = ${new Date(now.getTime() + 60_000)}
      where callback_id in (
        select callback_id from callback_retries where dead_at is null and next_at <= ${now}
        order by next_at limit ${limit} for update skip locked)
      returning callback_id, received_at, attempts
    )
    select ${row}, due.attempts from due join callbacks c on c.id = due.callback_id and c.received_at = due.received_at`.execute(
    on,
  )
  return rows
}

export async function removeRetries(on: Executor, callbackIds: readonly number[]): Promise<void> {
  if (callbackIds.length === 0) return
  await sql`delete from callback_retries where callback_id = any(${[...callbackIds]}::bigint[])`.execute(on)
}
