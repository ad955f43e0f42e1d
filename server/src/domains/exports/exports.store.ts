import { sql } from 'kysely'
import { type Actor, type RoleName, roleNames } from '../../infra/auth/actor.ts'
import { scopeOf } from '../../infra/auth/sessions.store.ts'
import type { Executor, Tx } from '../../infra/db/database.ts'
import { schedule } from '../../infra/due/due.store.ts'
import type { Said } from '../../infra/errors.ts'
import { type ExportFormat, type ExportState, statesBefore } from './export.ts'

export interface Problem {
  readonly message: Said
  readonly hint: Said
}

export interface StoredExport {
  readonly id: string
  readonly corpId: number
  readonly kind: string
  /** The one thing that it is of, by its own name; empty: the whole table. */
  readonly of: string
  readonly format: ExportFormat
  readonly filters: unknown
  readonly reason: string
  readonly expected: number | null
  readonly state: ExportState
  readonly operationId: string | null
  readonly done: number
  readonly rows: number | null
  readonly size: number | null
  readonly masked: boolean | null
  readonly problem: Problem | null
  readonly requestedBy: string
  readonly requestedByName: string
  readonly requestedAt: Date
  readonly decidedBy: string | null
  readonly decidedByName: string | null
  readonly decidedAt: Date | null
  readonly decision: string | null
  readonly finishedAt: Date | null
  readonly expiresAt: Date | null
  readonly downloads: number
}

/** An operation that ended before it could say so leaves its export as it was: what the operation says counts. */
const columns = sql`e.id, e.corp_id as "corpId", e.kind, e.title as of, e.format, e.filters, e.reason, e.expected,
  case when e.state in ('asked', 'running') and o.state in ('cancelled', 'failed') then o.state else e.state end as state,
  e.operation_id as "operationId", coalesce(e.rows, o.done, 0) as done, e.rows, e.size, e.masked, e.problem,
  e.requested_by as "requestedBy", coalesce(asker.name, '') as "requestedByName", e.requested_at as "requestedAt",
  e.decided_by as "decidedBy", decider.name as "decidedByName", e.decided_at as "decidedAt", e.decision,
  coalesce(e.finished_at, case when o.state in ('cancelled', 'failed') then o.finished_at end) as "finishedAt",
  e.expires_at as "expiresAt", e.downloads`
const from = sql`from exports e left join operations o on o.id = e.operation_id
  left join accounts asker on asker.id = e.requested_by left join accounts decider on decider.id = e.decided_by`

export async function insertExport(
  on: Executor,
  given: Pick<
    StoredExport,
    'id' | 'corpId' | 'kind' | 'of' | 'format' | 'filters' | 'reason' | 'expected' | 'operationId' | 'requestedBy'
  > & { readonly state: 'asked' | 'waiting'; readonly requestedAt: Date },
): Promise<void> {
  await sql`insert into exports (id, corp_id, kind, title, format, filters, reason, expected, state, operation_id, requested_by, requested_at)
    values (${given.id}, ${given.corpId}, ${given.kind}, ${given.of}, ${given.format}, ${JSON.stringify(given.filters)}::jsonb,
      ${given.reason}, ${given.expected}, ${given.state}, ${given.operationId}, ${given.requestedBy}, ${given.requestedAt})`.execute(
    on,
  )
}

export async function findExport(on: Executor, corpId: number, id: string): Promise<StoredExport | undefined> {
  const { rows } =
    await sql<StoredExport>`select ${columns} ${from} where e.id = ${id} and e.corp_id = ${corpId}`.execute(on)
  return rows[0]
}

export interface ExportAsk {
  /** Only what this account asked for; undefined: everybody's. */
  readonly requestedBy: string | undefined
  readonly state: ExportState | undefined
  readonly before: readonly [Date, string] | undefined
  readonly limit: number
}

export async function listExports(on: Executor, corpId: number, ask: ExportAsk): Promise<readonly StoredExport[]> {
  const mine = ask.requestedBy === undefined ? sql`` : sql`and e.requested_by = ${ask.requestedBy}`
  const state = ask.state === undefined ? sql`` : sql`and e.state = ${ask.state}`
  const older =
    ask.before === undefined
      ? sql``
      : sql`and (e.requested_at, e.id) < (${ask.before[0]}::timestamptz, ${ask.before[1]}::uuid)`
  const { rows } =
    await sql<StoredExport>`select ${columns} ${from} where e.corp_id = ${corpId} ${mine} ${state} ${older}
    order by e.requested_at desc, e.id desc limit ${ask.limit}`.execute(on)
  return rows
}

/** Moves an export on; false when it stands elsewhere by now. */
export async function moveExport(
  on: Executor,
  id: string,
  to: ExportState,
  change: {
    readonly operationId?: string
    readonly decidedBy?: string
    readonly decidedAt?: Date
    readonly decision?: string
    readonly finishedAt?: Date
    readonly problem?: Problem
    /** Only from this state. */
    readonly from?: ExportState
  } = {},
): Promise<boolean> {
  const { numAffectedRows } = await sql`update exports set state = ${to},
      operation_id = coalesce(${change.operationId ?? null}::uuid, operation_id),
      decided_by = coalesce(${change.decidedBy ?? null}::uuid, decided_by),
      decided_at = coalesce(${change.decidedAt ?? null}::timestamptz, decided_at),
      decision = coalesce(${change.decision ?? null}::text, decision),
      finished_at = coalesce(${change.finishedAt ?? null}::timestamptz, finished_at),
      problem = coalesce(${change.problem === undefined ? null : JSON.stringify(change.problem)}::jsonb, problem)
    where id = ${id} and state = any(${change.from === undefined ? [...statesBefore(to)] : [change.from]}::text[])`.execute(
    on,
  )
  return numAffectedRows === 1n
}

export type Writing = 'may' | 'ended' | 'erased'

/** Whether its job may begin, or go on in another process: it is still wanted, and nobody was erased while it was written. */
export async function beginWriting(on: Executor, id: string, operationId: string): Promise<Writing> {
  const { rows } = await sql<{ erased: boolean }>`update exports set state = 'running'
    where id = ${id} and operation_id = ${operationId} and state in ('asked', 'running')
    returning erased_at is not null as erased`.execute(on)
  return rows[0] === undefined ? 'ended' : rows[0].erased ? 'erased' : 'may'
}

export async function noteReady(
  on: Executor,
  id: string,
  operationId: string,
  file: {
    readonly rows: number
    readonly size: number
    /** null: it tells of nobody. */
    readonly masked: boolean | null
    readonly at: Date
    readonly expiresAt: Date
  },
): Promise<Writing> {
  // what tells of nobody is not touched by an erasure
  const { numAffectedRows } = await sql`update exports set state = 'ready', rows = ${file.rows}, size = ${file.size},
      masked = ${file.masked}, finished_at = ${file.at}, expires_at = ${file.expiresAt}
    where id = ${id} and operation_id = ${operationId} and state = 'running'
      and (erased_at is null or ${file.masked}::boolean is null)`.execute(on)
  return numAffectedRows === 1n ? 'may' : (await isErased(on, id)) ? 'erased' : 'ended'
}

async function isErased(on: Executor, id: string): Promise<boolean> {
  const { rows } =
    await sql`select from exports where id = ${id} and state = 'running' and erased_at is not null`.execute(on)
  return rows.length > 0
}

export async function noteDownload(on: Executor, id: string, at: Date): Promise<void> {
  await sql`update exports set downloads = downloads + 1, downloaded_at = ${at} where id = ${id}`.execute(on)
}

/** Their time is over: the files go, and what they were filtered by. */
export async function expireExports(on: Executor, ids: readonly string[]): Promise<void> {
  await sql`update exports set state = 'expired', filters = '{}' where id = any(${[...ids]}::uuid[]) and state = 'ready'`.execute(
    on,
  )
}

/** The files of exports end by this schedule. */
export const expiryDue = 'exports.expire'

/** Somebody of the corp is erased: what was taken away of persons may tell of him, and nobody takes it any more. */
export async function endPersonalExports(tx: Tx, corpId: number, at: Date): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update exports set state = 'expired', filters = '{}', expires_at = ${at}
    where corp_id = ${corpId} and state = 'ready' and masked is not null returning id`.execute(tx)
  // what is being written may tell of him already
  await sql`update exports set erased_at = ${at} where corp_id = ${corpId} and state = 'running'`.execute(tx)
  await schedule(
    tx,
    rows.map(({ id }) => ({ corpId, kind: expiryDue, key: id, at })),
  )
}

/** The account as it is now; undefined: it may no longer do anything here. */
export async function actorOf(on: Executor, corpId: number, accountId: string): Promise<Actor | undefined> {
  const row = await on
    .selectFrom('accounts')
    .select([
      'id',
      'name',
      'role',
      'scope_kind',
      'scope_departments',
      'scope_stores',
      'wecom_userid',
      'locale',
      'corp_id',
    ])
    .where('id', '=', accountId)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined || (row.corp_id !== null && row.corp_id !== corpId)) return undefined
  const role: RoleName | undefined = roleNames.find((name) => name === row.role)
  if (role === undefined) return undefined
  return {
    ...{ accountId: row.id, name: row.name, role, corpId, scope: scopeOf(row) },
    ...{ locale: row.locale === 'en' ? 'en' : 'zh', installation: row.corp_id === null },
  }
}
