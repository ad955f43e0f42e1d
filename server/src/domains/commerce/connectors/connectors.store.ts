import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
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
  replay_from as "replayFrom", last_try_at as "lastTryAt", last_ok_at as "lastOkAt", failure, failures,
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
  await sql`insert into connectors (id, corp_id, kind, name, config, secret_sealed, next_at, created_at, created_by)
    values (${given.id}, ${given.corpId}, ${given.kind}, ${given.name}, ${JSON.stringify(given.config)}::jsonb,
      ${given.secretSealed}, '-infinity', ${given.createdAt}, ${given.createdBy})`.execute(on)
}

export async function changeConnector(
  on: Executor,
  id: string,
  change: { readonly name: string; readonly config: unknown; readonly enabled: boolean },
): Promise<void> {
  await sql`update connectors set name = ${change.name}, config = ${JSON.stringify(change.config)}::jsonb, enabled = ${change.enabled},
    next_at = '-infinity' where id = ${id}`.execute(on)
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
  await sql`update connectors set cursor = ${cursor}, next_at = least(${nextAt}, case when next_at = '-infinity' then next_at else ${nextAt}::timestamptz end),
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

export async function faultsOf(on: Executor, connectorId: string, before: number | undefined, limit: number) {
  const { rows } = await sql<{ id: number; at: Date; number: string; field: string; said: Said; hint: Said }>`
    select id, at, number, field, reason->'said' as said, reason->'hint' as hint from connector_faults
    where connector_id = ${connectorId} ${before === undefined ? sql`` : sql`and id < ${before}`} order by id desc limit ${limit}`.execute(
    on,
  )
  return rows
}
