import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'

export interface Routing {
  readonly id: number
  readonly fromName: string | null
  readonly toName: string | null
  readonly reason: string
  readonly by: string
  readonly at: Date
}

/** Leads a channel's code to another store (null: back to its own) and notes it; undefined: it leads there already. */
export async function rerouteChannel(
  tx: Tx,
  corpId: number,
  channelId: string,
  change: { readonly to: string | null; readonly reason: string; readonly by: string },
  at: Date,
): Promise<{ from: string | null; to: string | null } | undefined> {
  const row = await tx
    .selectFrom('channels')
    .select(['store_id', 'routed_store_id'])
    .where('corp_id', '=', corpId)
    .where('id', '=', channelId)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) return undefined
  const from = row.routed_store_id ?? row.store_id
  const to = change.to ?? row.store_id
  if (from === to) return undefined
  await tx
    .updateTable('channels')
    .set({ routed_store_id: to === row.store_id ? null : to, stale: true, updated_at: at, revision: sql`revision + 1` })
    .where('id', '=', channelId)
    .execute()
  await tx
    .insertInto('channel_routes')
    .values({
      corp_id: corpId,
      channel_id: channelId,
      from_store: from,
      to_store: to,
      reason: change.reason,
      by_account: change.by,
      at,
    })
    .execute()
  return { from, to }
}

export async function routings(on: Executor, corpId: number, channelId: string): Promise<readonly Routing[]> {
  const { rows } = await sql<Routing>`
    select r.id, f.name as "fromName", t.name as "toName", r.reason, r.by_account as by, r.at
    from channel_routes r left join stores f on f.id = r.from_store left join stores t on t.id = r.to_store
    where r.corp_id = ${corpId} and r.channel_id = ${channelId} order by r.id desc limit 200`.execute(on)
  return rows
}

/** Store codes that still lead to a store that is closed. */
export async function codesOfClosedStores(
  on: Executor,
  corpId: number,
  at: Date,
): Promise<readonly { channelId: string; channelName: string; storeId: string; storeName: string }[]> {
  const { rows } = await sql<{ channelId: string; channelName: string; storeId: string; storeName: string }>`
    select c.id as "channelId", c.name as "channelName", s.id as "storeId", s.name as "storeName"
    from channels c join stores s on s.id = coalesce(c.routed_store_id, c.store_id)
    where c.corp_id = ${corpId} and c.status = 'active' and s.closed_at <= ${at} order by c.id limit 200`.execute(on)
  return rows
}

export async function findStore(
  on: Executor,
  corpId: number,
  id: string,
): Promise<{ id: string; name: string; closedAt: Date | null } | undefined> {
  return on
    .selectFrom('stores')
    .select(['id', 'name', 'closed_at as closedAt'])
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
}
