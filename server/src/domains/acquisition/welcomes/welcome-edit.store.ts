import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { WelcomeBand, WelcomeLevel } from './welcome.ts'

export interface WelcomeListRow {
  readonly id: string
  readonly level: WelcomeLevel
  readonly target: string
  readonly targetName: string | null
  readonly name: string
  readonly enabled: boolean
  readonly version: number | null
  readonly versions: number
  readonly bands: readonly WelcomeBand[] | null
  readonly sent7d: number
  readonly changedAt: Date | null
  readonly changedBy: string | null
}

const columns = sql.raw(`
  w.id, w.level, w.target, w.name, w.enabled, v.number as version, v.bands,
  (select count(*)::int from welcome_versions n where n.welcome_id = w.id) as versions,
  v.created_at as "changedAt", v.created_by as "changedBy",
  case w.level when 'channel' then (select c.name from channels c where c.id::text = w.target)
    when 'person' then (select s.name from staff s where s.corp_id = w.corp_id and s.userid = w.target)
    when 'store' then (select st.name from stores st where st.id::text = w.target) end as "targetName"`)

/** In order of precedence, then by name. */
export async function listWelcomes(
  on: Executor,
  filter: {
    corpId: number
    level?: WelcomeLevel | undefined
    q?: string | undefined
    after?: readonly [number, string] | undefined
    limit: number
    since: Date
  },
): Promise<readonly WelcomeListRow[]> {
  const { rows } = await sql<WelcomeListRow>`
    select ${columns},
      (select count(*)::int from welcome_sends s where s.corp_id = w.corp_id and s.welcome_id = w.id and s.added_at >= ${filter.since} and s.outcome = 'sent') as "sent7d"
    from welcomes w left join welcome_versions v on v.id = w.active_version
    where w.corp_id = ${filter.corpId}
      ${filter.level === undefined ? sql`` : sql`and w.level = ${filter.level}`}
      ${filter.q === undefined ? sql`` : sql`and w.name ilike ${`%${filter.q.replaceAll(/[%_\\]/g, '\\$&')}%`}`}
      ${filter.after === undefined ? sql`` : sql`and (array_position(array['channel','person','store','default'], w.level), w.id) > (${filter.after[0]}, ${filter.after[1]}::uuid)`}
    order by array_position(array['channel','person','store','default'], w.level), w.id limit ${filter.limit}`.execute(
    on,
  )
  return rows
}

export async function findWelcome(
  on: Executor,
  corpId: number,
  id: string,
  since: Date,
): Promise<WelcomeListRow | undefined> {
  const { rows } = await sql<WelcomeListRow>`
    select ${columns},
      (select count(*)::int from welcome_sends s where s.corp_id = w.corp_id and s.welcome_id = w.id and s.added_at >= ${since} and s.outcome = 'sent') as "sent7d"
    from welcomes w left join welcome_versions v on v.id = w.active_version
    where w.corp_id = ${corpId} and w.id = ${id}`.execute(on)
  return rows[0]
}

export interface WelcomeVersion {
  readonly id: string
  readonly number: number
  readonly active: boolean
  readonly bands: readonly WelcomeBand[]
  readonly note: string | null
  readonly createdBy: string
  readonly createdAt: Date
}

export async function versionsOf(on: Executor, welcomeId: string): Promise<readonly WelcomeVersion[]> {
  const { rows } = await sql<WelcomeVersion>`
    select v.id, v.number, v.id = w.active_version as active, v.bands, v.note, v.created_by as "createdBy", v.created_at as "createdAt"
    from welcome_versions v join welcomes w on w.id = v.welcome_id where v.welcome_id = ${welcomeId} order by v.number desc limit 100`.execute(
    on,
  )
  return rows
}

export interface NewVersion {
  readonly bands: readonly WelcomeBand[]
  readonly note: string
  readonly by: string
  readonly at: Date
}

/** undefined: there is one for this level and target already. */
export async function insertWelcome(
  tx: Tx,
  welcome: { corpId: number; level: WelcomeLevel; target: string; name: string },
  version: NewVersion,
): Promise<string | undefined> {
  const id = uuid()
  const made = await tx
    .insertInto('welcomes')
    .values({
      id,
      corp_id: welcome.corpId,
      level: welcome.level,
      target: welcome.target,
      name: welcome.name,
      created_at: version.at,
    })
    .onConflict((conflict) => conflict.columns(['corp_id', 'level', 'target']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made === undefined) return undefined
  await addVersion(tx, welcome.corpId, id, welcome.name, version)
  return id
}

/** A new version becomes the active one; answers its number, or undefined when there is no such welcome. */
export async function addVersion(
  tx: Tx,
  corpId: number,
  welcomeId: string,
  name: string,
  version: NewVersion,
): Promise<number | undefined> {
  const id = uuid()
  const { rows } = await sql<{ number: number }>`
    with welcome as (
      update welcomes set name = ${name}, active_version = ${id} where corp_id = ${corpId} and id = ${welcomeId} returning id
    )
    insert into welcome_versions (id, welcome_id, number, bands, note, created_by, created_at)
    select ${id}, welcome.id, 1 + coalesce((select max(number) from welcome_versions v where v.welcome_id = welcome.id), 0),
      ${JSON.stringify(version.bands)}::jsonb, ${version.note}, ${version.by}, ${version.at} from welcome returning number`.execute(
    tx,
  )
  return rows[0]?.number
}

export async function activateVersion(
  on: Executor,
  corpId: number,
  welcomeId: string,
  versionId: string,
): Promise<boolean> {
  const result = await sql`
    update welcomes w set active_version = v.id from welcome_versions v
    where w.corp_id = ${corpId} and w.id = ${welcomeId} and v.welcome_id = w.id and v.id = ${versionId}`.execute(on)
  return (result.numAffectedRows ?? 0n) > 0n
}

export async function setWelcomeEnabled(
  on: Executor,
  corpId: number,
  welcomeId: string,
  enabled: boolean,
): Promise<boolean> {
  const result = await on
    .updateTable('welcomes')
    .set({ enabled })
    .where('corp_id', '=', corpId)
    .where('id', '=', welcomeId)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Whether the channel, member or store is there. */
export async function targetExists(
  on: Executor,
  corpId: number,
  level: WelcomeLevel,
  target: string,
): Promise<boolean> {
  if (level === 'default') return target === ''
  const { rows } = await sql<{ there: boolean }>`select exists (
    ${level === 'channel' ? sql`select 1 from channels where corp_id = ${corpId} and id::text = ${target}` : sql``}
    ${level === 'person' ? sql`select 1 from staff where corp_id = ${corpId} and userid = ${target}` : sql``}
    ${level === 'store' ? sql`select 1 from stores where corp_id = ${corpId} and id::text = ${target}` : sql``}
  ) as there`.execute(on)
  return rows[0]?.there ?? false
}
