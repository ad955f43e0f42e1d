import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import type { Rule } from '../rules/rule.schema.ts'
import type { Audience } from './audience.ts'

const columns = sql`id, corp_id as "corpId", name, description, kind, version, rule, every_hours as "everyHours",
  at_minute as "atMinute", drift_percent as "driftPercent", owner_id as "ownerId", size, of_persons as "ofPersons",
  computed_at as "computedAt", updated_at as "updatedAt"`

/** The saved audiences of a corp, by name. */
export async function audiencesOf(on: Executor, corpId: number): Promise<readonly Audience[]> {
  const { rows } = await sql<Audience>`select ${columns} from audiences
    where corp_id = ${corpId} and archived_at is null order by lower(name)`.execute(on)
  return rows
}

export async function findAudience(on: Executor, corpId: number, id: string): Promise<Audience | undefined> {
  const { rows } = await sql<Audience>`select ${columns} from audiences
    where corp_id = ${corpId} and id = ${id} and archived_at is null`.execute(on)
  return rows[0]
}

/** For whoever changes it: nobody else does meanwhile. */
export async function holdAudience(tx: Tx, corpId: number, id: string): Promise<Audience | undefined> {
  const { rows } = await sql<Audience>`select ${columns} from audiences
    where corp_id = ${corpId} and id = ${id} and archived_at is null for update`.execute(tx)
  return rows[0]
}

export type AudienceInput = Pick<
  Audience,
  'name' | 'description' | 'kind' | 'rule' | 'everyHours' | 'atMinute' | 'driftPercent'
>

export interface Saving {
  readonly corpId: number
  readonly by: string | null
  readonly at: Date
  readonly note: string
}

/**
 * Rules change one at a time in a corp, so that two cannot close a circle together; and whoever notes changes meanwhile has
 * either committed before, or sees the audience as it is now (`touchLive` shares the lock). Before any row is held.
 */
export async function lockRules(tx: Tx, corpId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.live}, ${corpId})`.execute(tx)
}

export async function addAudience(tx: Tx, input: AudienceInput, { corpId, by, at, note }: Saving): Promise<string> {
  const id = uuid()
  await sql`insert into audiences (id, corp_id, name, description, kind, version, rule, every_hours, at_minute, drift_percent,
      owner_id, created_at, updated_at)
    values (${id}, ${corpId}, ${input.name}, ${input.description}, ${input.kind}, 1, ${JSON.stringify(input.rule)}::jsonb,
      ${input.everyHours}, ${input.atMinute}, ${input.driftPercent}, ${by}, ${at}, ${at})`.execute(tx)
  await addVersion(tx, { id, version: 1, rule: input.rule }, { corpId, by, at, note })
  return id
}

/** Answers whether the rule became another, which is a version of its own. */
export async function changeAudience(tx: Tx, before: Audience, input: AudienceInput, saving: Saving): Promise<boolean> {
  const { rows } = await sql<{ same: boolean }>`
    select rule = ${JSON.stringify(input.rule)}::jsonb as same from audiences where id = ${before.id}`.execute(tx)
  const changed = rows[0]?.same !== true
  const version = before.version + (changed ? 1 : 0)
  await sql`update audiences set name = ${input.name}, description = ${input.description}, kind = ${input.kind},
      version = ${version}, rule = ${JSON.stringify(input.rule)}::jsonb, every_hours = ${input.everyHours},
      at_minute = ${input.atMinute}, drift_percent = ${input.driftPercent}, updated_at = ${saving.at}
    where id = ${before.id}`.execute(tx)
  if (changed) await addVersion(tx, { id: before.id, version, rule: input.rule }, saving)
  return changed
}

async function addVersion(
  tx: Tx,
  { id, version, rule }: { readonly id: string; readonly version: number; readonly rule: Rule },
  { corpId, by, at, note }: Saving,
): Promise<void> {
  await sql`insert into audience_versions (audience_id, version, corp_id, rule, note, created_at, created_by)
    values (${id}, ${version}, ${corpId}, ${JSON.stringify(rule)}::jsonb, ${note}, ${at}, ${by})`.execute(tx)
}

export async function archiveAudience(
  tx: Tx,
  { id, corpId }: Pick<Audience, 'id' | 'corpId'>,
  at: Date,
): Promise<void> {
  await sql`update audiences set archived_at = ${at} where id = ${id}`.execute(tx)
  await sql`delete from audience_run_bits where audience_id = ${id}`.execute(tx)
  await sql`delete from audience_bits where corp_id = ${corpId} and key = ${`audience:${id}`}`.execute(tx)
  await sql`delete from audience_changes where corp_id = ${corpId} and key = ${`audience:${id}`}`.execute(tx)
}

export interface VersionRow {
  readonly version: number
  readonly rule: Rule
  readonly note: string
  readonly createdAt: Date
  readonly by: string | null
}

export async function versionsOf(on: Executor, id: string): Promise<readonly VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    select v.version, v.rule, v.note, v.created_at as "createdAt", a.name as by
    from audience_versions v left join accounts a on a.id = v.created_by
    where v.audience_id = ${id} order by v.version desc limit 50`.execute(on)
  return rows
}

export interface AudienceSettings {
  readonly exportMost: number
  readonly driftPercent: number
}

export async function settingsOf(on: Executor, corpId: number): Promise<AudienceSettings> {
  const { rows } = await sql<AudienceSettings>`
    select export_most as "exportMost", drift_percent as "driftPercent" from audience_settings
    where corp_id = ${corpId}`.execute(on)
  return rows[0] ?? { exportMost: 10_000, driftPercent: 30 }
}

export async function writeSettings(on: Executor, corpId: number, settings: AudienceSettings): Promise<void> {
  await sql`insert into audience_settings (corp_id, export_most, drift_percent)
    values (${corpId}, ${settings.exportMost}, ${settings.driftPercent})
    on conflict (corp_id) do update set export_most = excluded.export_most, drift_percent = excluded.drift_percent`.execute(
    on,
  )
}

export interface ShownRow {
  readonly id: string
  readonly owner: string | null
  readonly nextAt: Date | null
  readonly sizes: readonly number[]
}

/** What lists show beside the audience itself: whose it is, when it is computed next, and its last two sizes. */
export async function shownOf(
  on: Executor,
  ids: readonly string[],
  dueKind: string,
): Promise<ReadonlyMap<string, ShownRow>> {
  const { rows } = await sql<ShownRow>`
    select a.id, w.name as owner, d.at as "nextAt", array(
      select r.size from audience_runs r where r.audience_id = a.id order by r.id desc limit 2) as sizes
    from audiences a left join accounts w on w.id = a.owner_id
    left join due d on d.kind = ${dueKind} and d.key = a.id::text
    where a.id = any(${[...ids]}::uuid[])`.execute(on)
  return new Map(rows.map((row) => [row.id, row]))
}

/** Live audiences, each of which so many joined (negative: left), of so many persons there are now. */
export async function growAudiences(tx: Tx, by: ReadonlyMap<string, number>, of: number): Promise<void> {
  await sql`update audiences a set size = greatest(0, a.size + given.by), of_persons = ${of}
    from unnest(${[...by.keys()]}::uuid[], ${[...by.values()]}::int[]) given(id, by) where a.id = given.id`.execute(tx)
}
