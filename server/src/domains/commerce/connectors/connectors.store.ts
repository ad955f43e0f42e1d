import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Said } from '../../../infra/errors.ts'
import type { Fault } from '../faults.ts'

export interface StoredConnector {
  readonly id: string
  readonly corpId: number
  readonly kind: string
  readonly name: string
  readonly config: unknown
  readonly secretSealed: Buffer | null
  readonly enabled: boolean
  readonly cursor: string | null
  readonly replayFrom: Date | null
  readonly replayedFrom: Date | null
  readonly replayedAt: Date | null
  readonly version: number
  readonly nextAt: Date | null
  readonly lastTryAt: Date | null
  readonly lastOkAt: Date | null
  readonly failure: Said | null
  readonly failures: number
  readonly latestFactAt: Date | null
  readonly lagMs: number | null
  readonly accepted: number
  readonly unchanged: number
  readonly rejected: number
  readonly createdAt: Date
}

const columns = sql`id, corp_id as "corpId", kind, name, config, secret_sealed as "secretSealed", enabled, cursor,
  replay_from as "replayFrom", replayed_from as "replayedFrom", replayed_at as "replayedAt", version,
  nullif(next_at, '-infinity') as "nextAt", last_try_at as "lastTryAt", last_ok_at as "lastOkAt", failure, failures,
  latest_fact_at as "latestFactAt", lag_ms as "lagMs", accepted, unchanged, rejected, created_at as "createdAt"`

export async function storesOfDepartments(
  on: Executor,
  corpId: number,
  departmentIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (departmentIds.length === 0) return new Map()
  const { rows } = await sql<{ id: number; code: string }>`select department_id as id, code from stores
    where corp_id = ${corpId} and department_id = any(${[...departmentIds]}::int[])`.execute(on)
  return new Map(rows.map(({ id, code }) => [id, code]))
}

export async function listConnectors(on: Executor, corpId: number): Promise<readonly StoredConnector[]> {
  const { rows } = await sql<StoredConnector>`select ${columns} from connectors where corp_id = ${corpId}
    order by created_at desc, id desc limit 200`.execute(on)
  return rows
}

export async function findConnector(on: Executor, id: string, corpId?: number): Promise<StoredConnector | undefined> {
  const { rows } = await sql<StoredConnector>`select ${columns} from connectors
    where id = ${id} ${corpId === undefined ? sql`` : sql`and corp_id = ${corpId}`}`.execute(on)
  return rows[0]
}

export async function insertConnector(
  on: Executor,
  given: Pick<StoredConnector, 'id' | 'corpId' | 'kind' | 'name' | 'config' | 'secretSealed' | 'createdAt'> & {
    readonly createdBy: string | null
  },
): Promise<void> {
  await sql`
    with made as (
      insert into connectors (id, corp_id, kind, name, config, secret_sealed, next_at, created_at, created_by)
      values (${given.id}, ${given.corpId}, ${given.kind}, ${given.name}, ${JSON.stringify(given.config)}::jsonb,
        ${given.secretSealed}, '-infinity', ${given.createdAt}, ${given.createdBy}) returning *
    )
    insert into connector_versions (connector_id, version, corp_id, name, config, enabled, at, by)
    select id, version, corp_id, name, config, enabled, created_at, created_by from made`.execute(on)
}

export interface ConnectorChange {
  readonly name: string
  readonly config: unknown
  readonly enabled: boolean
}

/** The next version of a connector; false when it is no longer the one that was read. */
export async function changeConnector(
  tx: Tx,
  id: string,
  version: number,
  change: ConnectorChange,
  by: { readonly accountId: string; readonly at: Date },
): Promise<boolean> {
  const { numAffectedRows } =
    await sql`update connectors set name = ${change.name}, config = ${JSON.stringify(change.config)}::jsonb,
    enabled = ${change.enabled}, version = version + 1, next_at = '-infinity' where id = ${id} and version = ${version}`.execute(
      tx,
    )
  if (numAffectedRows !== 1n) return false
  await keepVersion(tx, id, by.accountId, by.at)
  return true
}

async function keepVersion(on: Executor, id: string, by: string | null, at: Date): Promise<void> {
  await sql`insert into connector_versions (connector_id, version, corp_id, name, config, enabled, at, by)
    select id, version, corp_id, name, config, enabled, ${at}, ${by} from connectors where id = ${id}`.execute(on)
}

export interface ConnectorVersion {
  readonly version: number
  readonly name: string
  readonly config: unknown
  readonly enabled: boolean
  readonly at: Date
  readonly byName: string | null
}

/** How it was set before, the latest first. */
export async function versionsOf(on: Executor, connectorId: string): Promise<readonly ConnectorVersion[]> {
  const { rows } = await sql<ConnectorVersion>`
    select v.version, v.name, v.config, v.enabled, v.at, a.name as "byName" from connector_versions v
    left join accounts a on a.id = v.by where v.connector_id = ${connectorId} order by v.version desc limit 100`.execute(
    on,
  )
  return rows
}

/** From the beginning again; facts that are older than the date are left out. */
export async function beginReplay(on: Executor, id: string, from: Date): Promise<void> {
  await sql`update connectors set cursor = null, replay_from = ${from}, next_at = '-infinity', failures = 0 where id = ${id}`.execute(
    on,
  )
}

/** Takes one that is due, for a minute; nobody else takes it meanwhile. Machine time. */
export async function takeDueConnector(
  on: Executor,
  kinds: readonly string[],
  now: Date,
): Promise<StoredConnector | undefined> {
  const { rows } = await sql<StoredConnector>`
    update connectors set next_at = ${new Date(now.getTime() + 60_000)}, last_try_at = ${now}
    where id = (select id from connectors where enabled and next_at <= ${now} and kind = any(${[...kinds]}::text[])
      order by next_at limit 1 for update skip locked)
    returning ${columns}`.execute(on)
  return rows[0]
}

export interface Progress {
  /** Nothing is left to read: a replay that was under way is over, and what comes late is taken again. */
  readonly caughtUp?: boolean
  readonly cursor?: string | null
  readonly latestFactAt: Date | undefined
  readonly lagMs: number | undefined
  readonly accepted: number
  readonly unchanged: number
  readonly faults: readonly { readonly number: string; readonly fault: Fault }[]
}

/** What a connector brought; a replay that began meanwhile keeps its own cursor. */
export async function noteProgress(
  on: Executor,
  before: StoredConnector,
  done: Progress,
  now: Date,
  nextAt: Date,
): Promise<void> {
  const cursor =
    done.cursor === undefined
      ? sql`cursor`
      : sql`case when cursor is not distinct from ${before.cursor} then ${done.cursor} else cursor end`
  // a replay that began meanwhile is not over
  const replayed = done.caughtUp === true && before.replayFrom !== null
  const isOver = sql`${replayed} and replay_from = ${before.replayFrom}::timestamptz and cursor is not distinct from ${before.cursor}::text`
  await sql`update connectors set
      replayed_from = case when ${isOver} then replay_from else replayed_from end,
      replayed_at = case when ${isOver} then ${now} else replayed_at end,
      replay_from = case when ${isOver} then null else replay_from end,
      cursor = ${cursor}, next_at = least(${nextAt}, case when next_at = '-infinity' then next_at else ${nextAt}::timestamptz end),
      last_try_at = ${now}, last_ok_at = ${now}, failure = null, failures = 0,
      latest_fact_at = greatest(latest_fact_at, ${done.latestFactAt ?? null}::timestamptz), lag_ms = coalesce(${done.lagMs ?? null}, lag_ms),
      accepted = accepted + ${done.accepted}, unchanged = unchanged + ${done.unchanged}, rejected = rejected + ${done.faults.length}
    where id = ${before.id}`.execute(on)
  if (done.faults.length > 0)
    await sql`insert into connector_faults (connector_id, corp_id, at, number, field, reason)
      select ${before.id}, ${before.corpId}, ${now}, number, field, reason from unnest(${done.faults.map(({ number }) => number.slice(0, 64))}::text[],
        ${done.faults.map(({ fault }) => fault.field)}::text[],
        ${done.faults.map(({ fault: { said, hint } }) => JSON.stringify({ said, hint }))}::jsonb[]) as n(number, field, reason)`.execute(
      on,
    )
}

export async function noteFailure(on: Executor, id: string, said: Said, now: Date, nextAt: Date): Promise<void> {
  await sql`update connectors set failure = ${JSON.stringify(said)}::jsonb, failures = failures + 1, next_at = ${nextAt}, last_try_at = ${now}
    where id = ${id}`.execute(on)
}

export interface StoredFault {
  readonly id: number
  readonly at: Date
  readonly number: string
  readonly field: string
  readonly said: Said
  readonly hint: Said
}

export async function faultsOf(
  on: Executor,
  connectorId: string,
  before: number | undefined,
  limit: number,
): Promise<readonly StoredFault[]> {
  const { rows } = await sql<StoredFault>`
    select id, at, number, field, reason->'said' as said, reason->'hint' as hint from connector_faults
    where connector_id = ${connectorId} ${before === undefined ? sql`` : sql`and id < ${before}`} order by id desc limit ${limit}`.execute(
    on,
  )
  return rows
}
