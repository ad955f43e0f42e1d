import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import type { Said } from '../../infra/errors.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import type { RowFault } from './cells.ts'
import {
  type Counts,
  counts,
  type ImportKind,
  type ImportState,
  type Look,
  look,
  type Mapping,
  mapping,
  noCounts,
} from './imports.schema.ts'

export interface Problem {
  readonly message: Said
  readonly hint: Said
}

export interface StoredImport {
  readonly id: string
  readonly corpId: number
  readonly kind: ImportKind
  readonly fileName: string
  readonly size: number
  readonly received: number
  readonly look: Look | undefined
  readonly mapping: Mapping | undefined
  readonly state: ImportState
  readonly operationId: string | null
  readonly position: number
  readonly counts: Counts
  readonly problem: Problem | null
  readonly createdAt: Date
  readonly createdBy: string | null
  readonly createdByName: string | null
  readonly finishedAt: Date | null
  readonly fileGoneAt: Date | null
}

interface Row extends Omit<StoredImport, 'look' | 'mapping' | 'counts'> {
  readonly look: { readonly sealed: string } | null
  readonly mapping: unknown
  readonly counts: unknown
}

/** An operation that ended before it could say so leaves its import as it began: what the operation says counts. */
const columns = sql`i.id, i.corp_id as "corpId", i.kind, i.file_name as "fileName", i.size, i.received, i.look, i.mapping,
  case when i.state in ('checking', 'running') and o.state in ('cancelled', 'failed') then o.state else i.state end as state,
  i.operation_id as "operationId", i.position, i.counts, i.problem, i.created_at as "createdAt", i.created_by as "createdBy",
  a.name as "createdByName", coalesce(i.finished_at, case when o.state in ('cancelled', 'failed') then o.finished_at end) as "finishedAt",
  i.file_gone_at as "fileGoneAt"`
const from = sql`from imports i left join operations o on o.id = i.operation_id left join accounts a on a.id = i.created_by`

/** Samples are cells of people: what was seen of a file stands sealed. */
function readImport(row: Row, vault: Pick<Vault, 'open'>): StoredImport {
  const read = mapping.safeParse(row.mapping)
  return {
    ...row,
    look: row.look === null ? undefined : look.parse(JSON.parse(vault.open(Buffer.from(row.look.sealed, 'base64')))),
    mapping: read.success ? read.data : undefined,
    counts: counts.catch(noCounts).parse(row.counts),
  }
}

export async function insertImport(
  on: Executor,
  given: Pick<StoredImport, 'id' | 'corpId' | 'kind' | 'fileName' | 'size' | 'createdBy' | 'createdAt'>,
): Promise<void> {
  await sql`insert into imports (id, corp_id, kind, file_name, size, state, created_at, created_by)
    values (${given.id}, ${given.corpId}, ${given.kind}, ${given.fileName}, ${given.size}, 'uploading', ${given.createdAt}, ${given.createdBy})`.execute(
    on,
  )
}

export async function findImport(
  on: Executor,
  corpId: number,
  id: string,
  vault: Pick<Vault, 'open'>,
): Promise<StoredImport | undefined> {
  const { rows } = await sql<Row>`select ${columns} ${from} where i.id = ${id} and i.corp_id = ${corpId}`.execute(on)
  return rows[0] === undefined ? undefined : readImport(rows[0], vault)
}

export async function listImports(
  on: Executor,
  corpId: number,
  before: readonly [Date, string] | undefined,
  limit: number,
): Promise<readonly Omit<StoredImport, 'look' | 'mapping'>[]> {
  const older =
    before === undefined ? sql`` : sql`and (i.created_at, i.id) < (${before[0]}::timestamptz, ${before[1]}::uuid)`
  const { rows } = await sql<Row>`select ${columns} ${from} where i.corp_id = ${corpId} ${older}
    order by i.created_at desc, i.id desc limit ${limit}`.execute(on)
  return rows.map((row) => ({ ...row, counts: counts.catch(noCounts).parse(row.counts) }))
}

/** Moves the end of what was received; false when it is not where the caller believes. */
export async function noteReceived(on: Executor, id: string, before: number, after: number): Promise<boolean> {
  const { numAffectedRows } = await sql`update imports set received = ${after}
    where id = ${id} and received = ${before} and state = 'uploading'`.execute(on)
  return numAffectedRows === 1n
}

export async function noteLook(
  on: Executor,
  id: string,
  seen: Look,
  guessed: Mapping,
  vault: Pick<Vault, 'seal'>,
): Promise<void> {
  const sealed = JSON.stringify({ sealed: vault.seal(JSON.stringify(seen)).toString('base64') })
  await sql`update imports set look = ${sealed}::jsonb, mapping = ${JSON.stringify(guessed)}::jsonb, state = 'ready', problem = null
    where id = ${id}`.execute(on)
}

/** A new mapping makes what was tried before void; false while it runs or when it has run. */
export async function saveMapping(on: Executor, id: string, given: Mapping): Promise<boolean> {
  const { numAffectedRows } =
    await sql`update imports i set mapping = ${JSON.stringify(given)}::jsonb, state = 'ready', position = 0,
      counts = '{}', problem = null
    where id = ${id} and (state in ('ready', 'checked', 'failed', 'cancelled')
      or exists (select from operations o where o.id = i.operation_id and o.state in ('failed', 'cancelled')))`.execute(
      on,
    )
  return numAffectedRows === 1n
}

/** Begins a try or a run from the first row; false when another is under way, or the state does not allow it. */
export async function beginWork(
  tx: Tx,
  id: string,
  operationId: string,
  state: 'checking' | 'running',
): Promise<boolean> {
  const from = state === 'checking' ? sql`('ready', 'checked', 'failed', 'cancelled')` : sql`('checked')`
  const { numAffectedRows } =
    await sql`update imports i set state = ${state}, operation_id = ${operationId}, position = 0,
      counts = '{}', problem = null, finished_at = null
    where id = ${id} and (state in ${from} ${state === 'checking' ? sql`or exists (select from operations o where o.id = i.operation_id and o.state in ('failed', 'cancelled'))` : sql``})`.execute(
      tx,
    )
  if (numAffectedRows !== 1n) return false
  await sql`delete from import_faults where import_id = ${id}`.execute(tx)
  return true
}

export interface LineFault {
  readonly line: number
  readonly fault: RowFault
}

/** Notes what is behind an import, with its faults; false when the operation is no longer its own. */
export async function notePosition(
  on: Executor,
  id: string,
  operationId: string,
  position: number,
  found: Counts,
  faults: readonly LineFault[],
): Promise<boolean> {
  const { numAffectedRows } =
    await sql`update imports set position = ${position}, counts = ${JSON.stringify(found)}::jsonb
    where id = ${id} and operation_id = ${operationId} and state in ('checking', 'running')`.execute(on)
  if (numAffectedRows !== 1n) return false
  if (faults.length > 0)
    await sql`insert into import_faults (import_id, line, field, reason)
      select ${id}, line, field, reason from unnest(${faults.map(({ line }) => line)}::int[], ${faults.map(({ fault }) => fault.field)}::text[],
        ${faults.map(({ fault: { said, hint } }) => JSON.stringify({ said, hint }))}::jsonb[]) as n(line, field, reason)
      on conflict do nothing`.execute(on)
  return true
}

export async function finishWork(
  on: Executor,
  id: string,
  operationId: string,
  state: 'checked' | 'done' | 'ready' | 'failed' | 'cancelled',
  at: Date,
  problem: Problem | null = null,
): Promise<void> {
  await sql`update imports set state = ${state}, finished_at = ${at}, problem = ${problem === null ? null : JSON.stringify(problem)}::jsonb
    where id = ${id} and operation_id = ${operationId}`.execute(on)
}

export interface StoredFault {
  readonly line: number
  readonly field: string
  readonly said: Said
  readonly hint: Said
}

export async function faultsAfter(
  on: Executor,
  id: string,
  line: number,
  limit: number,
): Promise<readonly StoredFault[]> {
  const { rows } = await sql<StoredFault>`
    select line, field, reason->'said' as said, reason->'hint' as hint from import_faults
    where import_id = ${id} and line > ${line} order by line limit ${limit}`.execute(on)
  return rows
}

/** The reasons that were met most. */
export async function reasonsOf(on: Executor, id: string): Promise<readonly (Said & { readonly rows: number })[]> {
  const { rows } = await sql<Said & { rows: number }>`
    select reason->'said'->>'zh' as zh, reason->'said'->>'en' as en, count(*)::int as rows from import_faults
    where import_id = ${id} group by 1, 2 order by 3 desc, 1 limit 20`.execute(on)
  return rows
}

/** Imports whose files have been kept long enough. */
export async function filesToDrop(on: Executor, before: Date): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from imports where file_gone_at is null and created_at < ${before} and state not in ('checking', 'running')
    order by created_at limit 1000`.execute(on)
  return rows.map((row) => row.id)
}

export async function noteFilesGone(on: Executor, ids: readonly string[], at: Date): Promise<void> {
  await sql`update imports set file_gone_at = ${at}, look = null where id = any(${[...ids]}::uuid[])`.execute(on)
}
