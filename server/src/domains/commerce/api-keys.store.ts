import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'

export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly prefix: string
  readonly scopes: readonly string[]
  readonly perMinute: number
  readonly createdAt: Date
  readonly createdByName: string | null
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
}

const columns = sql`k.id, k.name, k.prefix, k.scopes, k.per_minute as "perMinute", k.created_at as "createdAt",
  (select a.name from accounts a where a.id = k.created_by) as "createdByName", k.last_used_at as "lastUsedAt",
  k.revoked_at as "revokedAt"`

/** The newest first. */
export async function listApiKeys(
  on: Executor,
  corpId: number,
  page: { readonly before: readonly [Date, string] | undefined; readonly limit: number },
): Promise<readonly ApiKey[]> {
  const { rows } = await sql<ApiKey>`
    select ${columns} from api_keys k where k.corp_id = ${corpId}
      ${page.before === undefined ? sql`` : sql`and (k.created_at, k.id) < (${page.before[0]}::timestamptz, ${page.before[1]}::uuid)`}
    order by k.created_at desc, k.id desc limit ${page.limit}`.execute(on)
  return rows
}

export async function findApiKey(on: Executor, corpId: number, id: string): Promise<ApiKey | undefined> {
  const { rows } = await sql<ApiKey>`
    select ${columns} from api_keys k where k.corp_id = ${corpId} and k.id = ${id}`.execute(on)
  return rows[0]
}

export interface ApiKeyToKeep {
  readonly id: string
  readonly corpId: number
  readonly name: string
  readonly hash: Buffer
  readonly prefix: string
  readonly scopes: readonly string[]
  readonly perMinute: number
  readonly createdBy: string
}

export async function insertApiKey(on: Executor, key: ApiKeyToKeep, at: Date): Promise<void> {
  await sql`
    insert into api_keys (id, corp_id, name, hash, prefix, scopes, per_minute, created_at, created_by)
    values (${key.id}, ${key.corpId}, ${key.name}, ${key.hash}, ${key.prefix}, ${[...key.scopes]}::text[],
      ${key.perMinute}, ${at}, ${key.createdBy})`.execute(on)
}

/** True: it lived until now. */
export async function revokeApiKey(on: Executor, corpId: number, id: string, by: string, at: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update api_keys set revoked_at = ${at}, revoked_by = ${by}
    where corp_id = ${corpId} and id = ${id} and revoked_at is null`.execute(on)
  return numAffectedRows === 1n
}

export interface LivingKey {
  readonly id: string
  readonly corpId: number
  readonly scopes: readonly string[]
  readonly perMinute: number
}

export async function livingKeyByHash(on: Executor, hash: Buffer): Promise<LivingKey | undefined> {
  const { rows } = await sql<LivingKey>`
    select id, corp_id as "corpId", scopes, per_minute as "perMinute" from api_keys
    where hash = ${hash} and revoked_at is null`.execute(on)
  return rows[0]
}

/** Takes so many requests of the key's minute, for this process to hand out; false: the minute has not so many left. */
export async function takeOfMinute(
  on: Executor,
  key: Pick<LivingKey, 'id' | 'perMinute'>,
  minute: Date,
  count: number,
): Promise<boolean> {
  const { rows } = await sql`
    with taken as (
      insert into api_key_uses as u (key_id, minute, taken) values (${key.id}, ${minute}, ${count})
      on conflict (key_id) do update set minute = excluded.minute,
        taken = case when u.minute = excluded.minute then u.taken else 0 end + excluded.taken
      where u.minute <> excluded.minute or u.taken + excluded.taken <= ${key.perMinute}
      returning 1
    ), seen as (
      update api_keys set last_used_at = ${minute} where id = ${key.id} and last_used_at is distinct from ${minute}::timestamptz
    )
    select from taken`.execute(on)
  return rows.length > 0
}
