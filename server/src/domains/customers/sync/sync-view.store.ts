import { sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { syncKinds } from './sync.ts'

export interface SyncRun {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly done: number
  readonly total: number | null
  readonly result: unknown
  /** Of one that runs: how far its parts are. */
  readonly checkpoint: unknown
  readonly error: string | null
  readonly cancelAsked: boolean
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
}

export async function recentSyncs(on: Executor, corpId: number, limit: number): Promise<readonly SyncRun[]> {
  const rows = await on
    .selectFrom('operations')
    .select([
      ...(['id', 'kind', 'state', 'done', 'total', 'result', 'checkpoint', 'error'] as const),
      'cancel_asked as cancelAsked',
      'created_at as createdAt',
      'started_at as startedAt',
      'finished_at as finishedAt',
    ])
    .where('corp_id', '=', corpId)
    .where('kind', 'in', [...syncKinds])
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, done: Number(row.done), total: row.total === null ? null : Number(row.total) }))
}

export async function syncRunning(on: Executor, corpId: number): Promise<boolean> {
  const row = await on
    .selectFrom('operations')
    .select('id')
    .where('corp_id', '=', corpId)
    .where('kind', 'in', [...syncKinds])
    .where('state', 'in', ['waiting', 'running'])
    .executeTakeFirst()
  return row !== undefined
}

/** Customers known, as the planner last counted them when they are many, and things still to be read or put on. */
export async function syncCounts(on: Executor, corpId: number): Promise<{ customers: number; waiting: number }> {
  const { rows } = await sql<{ customers: number; waiting: number }>`
    select
      case when (select reltuples from pg_class where oid = 'customer_cards'::regclass) > 200000
        then (select reltuples::bigint from pg_class where oid = 'customer_cards'::regclass)
        else (select count(*) from customer_cards where corp_id = ${corpId}) end as customers,
      (select count(*) from (select 1 from customer_todos where corp_id = ${corpId} limit 10000) as few) as waiting`.execute(
    on,
  )
  return rows[0] ?? { customers: 0, waiting: 0 }
}

/** The customers of the members whom this reader may see; the corp's own count is not for everybody. */
export async function customersInScope(on: Executor, actor: Actor): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct r.customer_id)::int as n from relations r
    where r.corp_id = ${actor.corpId} and ${staffInScope(actor, 'r.userid')}`.execute(on)
  return rows[0]?.n ?? 0
}

export interface DifferenceRow {
  readonly id: number
  readonly kind: 'found' | 'vanished' | 'kept'
  readonly customerId: number
  readonly customerName: string | null
  readonly userid: string
  readonly staffName: string | null
  readonly addedAt: Date | null
  readonly at: Date
  readonly operationId: string
}

/** What syncs found to differ, the newest first, within the data scope. */
export async function listDifferences(
  on: Executor,
  actor: Actor,
  ask: { readonly operation: string | undefined; readonly beforeId: number | undefined; readonly limit: number },
): Promise<readonly DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select d.id, d.kind, d.customer_id as "customerId", c.name as "customerName", d.userid, s.name as "staffName",
      d.added_at as "addedAt", d.at, d.operation_id as "operationId"
    from sync_differences d
    left join customers c on c.id = d.customer_id
    left join staff s on s.corp_id = d.corp_id and s.userid = d.userid
    where d.corp_id = ${actor.corpId} and ${staffInScope(actor, 'd.userid')}
      ${ask.operation === undefined ? sql`` : sql`and d.operation_id = ${ask.operation}`}
      ${ask.beforeId === undefined ? sql`` : sql`and d.id < ${ask.beforeId}`}
    order by d.id desc limit ${ask.limit}`.execute(on)
  return rows
}

export async function nextReconcile(on: Executor, corpId: number, kind: string): Promise<Date | undefined> {
  const row = await on
    .selectFrom('due')
    .select('at')
    .where('kind', '=', kind)
    .where('key', '=', String(corpId))
    .executeTakeFirst()
  return row?.at
}
