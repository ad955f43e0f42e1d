import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { LinkChannel } from './link-alarms.ts'

export async function channelsOfLinks(
  on: Executor,
  corpId: number,
  linkIds: readonly string[],
): Promise<readonly LinkChannel[]> {
  const { rows } = await sql<LinkChannel>`
    select k.config_id as "linkId", c.id as "channelId", c.name as "channelName"
    from channel_codes k join channels c on c.id = k.channel_id
    where k.corp_id = ${corpId} and k.kind = 'link' and k.config_id = any(${[...linkIds]}::text[]) and k.removed_at is null
      and c.status <> 'deleted'`.execute(on)
  return rows
}

/** What was read of the quota is not true any more: the next round of the upkeep reads it. */
export async function markQuotaOld(on: Executor, corpId: number): Promise<void> {
  await sql`update acquisition_quotas set read_at = 'epoch' where corp_id = ${corpId}`.execute(on)
}

export async function isQuotaOld(on: Executor, corpId: number): Promise<boolean> {
  const { rows } = await sql`select 1 from acquisition_quotas where corp_id = ${corpId} and read_at = 'epoch'`.execute(
    on,
  )
  return rows.length > 0
}

/** Ours that are gone at the platform: the code says so, and they can be rebuilt where orphans are settled. */
export async function noteLostLinks(tx: Tx, corpId: number, lost: readonly LinkChannel[], at: Date): Promise<void> {
  if (lost.length === 0) return
  const problem = JSON.stringify({ kind: 'gone_there', at: at.toISOString() })
  await sql`
    update channel_codes set problem = ${problem}::jsonb where corp_id = ${corpId} and kind = 'link'
      and config_id = any(${lost.map((one) => one.linkId)}::text[])`.execute(tx)
  await sql`
    insert into channel_orphans (id, corp_id, kind, config_id, detail, found_at)
    select id, ${corpId}, 'gone_there', config_id, detail, ${at}::timestamptz
    from unnest(${lost.map(() => uuid())}::uuid[], ${lost.map((one) => one.linkId)}::text[],
      ${lost.map((one) => JSON.stringify({ code: 'link', channelId: one.channelId, channelName: one.channelName }))}::jsonb[])
      as w(id, config_id, detail)
    on conflict (corp_id, config_id) do update set detail = excluded.detail, settled_at = null, settled_as = null`.execute(
    tx,
  )
}

/** Clears alarms of links that add again, were changed since, or are no longer in use. */
export async function clearLinkAlarms(on: Executor, corpId: number, kind: string, at: Date): Promise<void> {
  await sql`
    update alarms a set cleared_at = ${at}
    from channels c
    where a.corp_id = ${corpId} and a.kind = ${kind} and a.cleared_at is null and c.id = (a.subject->>'id')::uuid
      and (c.status <> 'active' or c.updated_at > a.raised_at
        or exists (select 1 from channel_codes k where k.channel_id = c.id and k.removed_at is null and k.config_id is not null
          and a.key like '%.lost:%' and not exists (
            select 1 from channel_orphans o where o.corp_id = k.corp_id and o.config_id = k.config_id and o.settled_at is null))
        or exists (select 1 from relations r where r.corp_id = c.corp_id and r.channel_id = c.id and r.added_at > a.raised_at))`.execute(
    on,
  )
}
