import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor, Tx } from '../../../infra/db/database.ts'

/** The ids of all contact ways that we know of this corp. */
export async function knownConfigs(on: Executor, corpId: number): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ config_id: string }>`
    select config_id from channel_codes
    where corp_id = ${corpId} and config_id is not null and kind = 'contact_way' and removed_at is null`.execute(on)
  return new Set(rows.map((row) => row.config_id))
}

export async function knownLinks(on: Executor, corpId: number): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ config_id: string }>`
    select config_id from channel_codes
    where corp_id = ${corpId} and config_id is not null and kind = 'link' and removed_at is null`.execute(on)
  return new Set(rows.map((row) => row.config_id))
}

export interface Orphan {
  readonly id: string
  readonly kind: 'unknown_here' | 'gone_there'
  readonly configId: string
  readonly detail: OrphanDetail
  readonly foundAt: Date
}

export interface OrphanDetail {
  readonly remark?: string
  readonly state?: string
  readonly users?: readonly string[]
  /** Of ours: the channel that it belongs to. */
  readonly channelId?: string
  readonly channelName?: string
}

/** Writes what one look at the platform found; an orphan that is none any more is settled as vanished. */
export async function writeOrphans(
  tx: Tx,
  corpId: number,
  found: readonly { readonly kind: Orphan['kind']; readonly configId: string; readonly detail: OrphanDetail }[],
  at: Date,
): Promise<void> {
  await sql`
    insert into channel_orphans as o (id, corp_id, kind, config_id, detail, found_at)
    select * from unnest(${found.map(() => uuid())}::uuid[], ${found.map(() => corpId)}::int[], ${found.map((f) => f.kind)}::text[],
      ${found.map((f) => f.configId)}::text[], ${found.map((f) => JSON.stringify(f.detail))}::jsonb[], ${found.map(() => at.toISOString())}::timestamptz[])
    on conflict (corp_id, config_id) do update set kind = excluded.kind, detail = excluded.detail, settled_at = null, settled_as = null,
      found_at = case when o.settled_at is null then o.found_at else excluded.found_at end`.execute(tx)
  await sql`
    update channel_orphans set settled_at = ${at}, settled_as = 'vanished'
    where corp_id = ${corpId} and settled_at is null and detail->>'code' is distinct from 'link'
      and config_id <> all(${found.map((f) => f.configId)}::text[])`.execute(tx)
}

export async function openOrphans(on: Executor, corpId: number, limit: number): Promise<readonly Orphan[]> {
  const { rows } = await sql<Orphan>`
    select id, kind, config_id as "configId", detail, found_at as "foundAt" from channel_orphans
    where corp_id = ${corpId} and settled_at is null order by found_at desc, id limit ${limit}`.execute(on)
  return rows
}

export async function findOrphan(on: Executor, corpId: number, id: string): Promise<Orphan | undefined> {
  return (await openOrphans(on, corpId, 10_000)).find((orphan) => orphan.id === id)
}

export async function settleOrphan(
  on: Executor,
  id: string,
  as: 'adopted' | 'deleted' | 'rebuilt',
  at: Date,
): Promise<void> {
  await on.updateTable('channel_orphans').set({ settled_at: at, settled_as: as }).where('id', '=', id).execute()
}

/** Codes of ours that should stand at the platform. */
export async function ownConfigs(
  on: Executor,
  corpId: number,
): Promise<readonly { configId: string; channelId: string; channelName: string }[]> {
  const { rows } = await sql<{ configId: string; channelId: string; channelName: string }>`
    select k.config_id as "configId", c.id as "channelId", c.name as "channelName"
    from channel_codes k join channels c on c.id = k.channel_id
    where k.corp_id = ${corpId} and k.kind = 'contact_way' and k.config_id is not null and k.removed_at is null
      and k.calling is null and c.status <> 'deleted'`.execute(on)
  return rows
}

/** Forgets what the platform has lost, so that the upkeep makes it anew. Printed copies cannot be revived. */
export async function forgetConfig(on: Executor, corpId: number, configId: string, at: Date): Promise<void> {
  await sql`
    update channel_codes set config_id = null, url = null, content = null, picture = null, effective_users = '{}', effective_hash = '',
      pending_since = ${at}, problem = null, retry_at = null
    where corp_id = ${corpId} and config_id = ${configId} and calling is null`.execute(on)
}

/** Puts a contact way that stood at the platform unknown to us behind a channel's code. */
export async function adoptConfig(
  on: Executor,
  code: {
    channelId: string
    configId: string
    state: string
    url: string | null
    users: readonly string[]
    hash: string
  },
  at: Date,
): Promise<void> {
  await sql`
    update channel_codes set config_id = ${code.configId}, state = ${code.state}, url = ${code.url},
      effective_users = ${[...code.users]}::text[], effective_hash = ${code.hash},
      pending_since = case when desired_hash = ${code.hash} then null else ${at}::timestamptz end
    where channel_id = ${code.channelId} and userid = ''`.execute(on)
}
