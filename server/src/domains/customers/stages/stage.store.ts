import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import type { Stage } from './stage.schema.ts'
import { defaultStages } from './stage.ts'

export interface LifeCycle {
  readonly version: number
  readonly stages: readonly Stage[]
  readonly note: string
  readonly by: string | null
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly computedAt: Date | null
}

const columns = sql`l.version, l.stages, l.note, l.created_at as "createdAt", l.started_at as "startedAt",
  l.computed_at as "computedAt", (select a.name from accounts a where a.id = l.created_by) as by`

export async function currentLifeCycle(on: Executor, corpId: number): Promise<LifeCycle | undefined> {
  const { rows } = await sql<LifeCycle>`
    select ${columns} from life_cycles l where corp_id = ${corpId} order by version desc limit 1`.execute(on)
  return rows[0]
}

/** Every version, the latest first. */
export async function lifeCycles(on: Executor, corpId: number): Promise<readonly LifeCycle[]> {
  const { rows } = await sql<LifeCycle>`
    select ${columns} from life_cycles l where corp_id = ${corpId} order by version desc limit 100`.execute(on)
  return rows
}

/** The life-cycle of a corp; one that has none yet begins with the default. */
export async function ensureLifeCycle(tx: Tx, corpId: number, at: Date): Promise<LifeCycle> {
  const known = await currentLifeCycle(tx, corpId)
  if (known) return known
  await sql`insert into life_cycles (corp_id, version, stages, created_at)
    values (${corpId}, 1, ${JSON.stringify(defaultStages)}::jsonb, ${at}) on conflict do nothing`.execute(tx)
  const made = await currentLifeCycle(tx, corpId)
  if (!made) throw new Error(`The life-cycle of corp ${corpId} was not written`)
  return made
}

/** Adds the version after this one; undefined: somebody else made it meanwhile. */
export async function addVersion(
  tx: Tx,
  corpId: number,
  after: number,
  { stages, note }: { readonly stages: readonly Stage[]; readonly note: string },
  by: { readonly account: string; readonly at: Date },
): Promise<number | undefined> {
  const { rows } = await sql<{ version: number }>`
    insert into life_cycles (corp_id, version, stages, note, created_at, created_by)
    select ${corpId}, ${after + 1}, ${JSON.stringify(stages)}::jsonb, ${note}, ${by.at}, ${by.account}::uuid
    where ${after} = (select max(version) from life_cycles where corp_id = ${corpId})
    on conflict do nothing returning version`.execute(tx)
  return rows[0]?.version
}

export async function noteComputed(tx: Tx, corpId: number, version: number, at: Date): Promise<void> {
  await sql`update life_cycles set computed_at = ${at}, started_at = coalesce(started_at, ${at})
    where corp_id = ${corpId} and version = ${version}`.execute(tx)
}

/** Every stage that any version knew: somebody may still stand in it. */
export async function knownStages(on: Executor, corpId: number): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct stage->>'id' as id from life_cycles, jsonb_array_elements(stages) stage
    where corp_id = ${corpId} order by 1`.execute(on)
  return rows.map((row) => row.id)
}

/** Stages are computed for all at one time, or for single persons side by side. */
export async function lockStages(tx: Tx, corpId: number, whole: boolean): Promise<void> {
  await (whole
    ? sql`select pg_advisory_xact_lock(${locks.stages}, ${corpId})`
    : sql`select pg_advisory_xact_lock_shared(${locks.stages}, ${corpId})`
  ).execute(tx)
}

/** Corps whose nights are not in the due table yet, once audiences know their persons. */
export async function corpsToBegin(
  on: Executor,
  kind: string,
): Promise<readonly { readonly id: number; readonly zone: string }[]> {
  const { rows } = await sql<{ id: number; zone: string }>`
    select c.id, c.time_zone as zone from corps c join audience_settings s on s.corp_id = c.id
    where s.reconciled_at is not null and not exists (select from due d where d.kind = ${kind} and d.corp_id = c.id)
    order by c.id`.execute(on)
  return rows
}
