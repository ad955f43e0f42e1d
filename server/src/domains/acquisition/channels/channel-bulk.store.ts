import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { newState } from './channel.ts'
import type { BulkTemplate } from './channel-bulk.schema.ts'
import type { BulkKnown, BulkMake, BulkRow } from './channel-bulk.ts'

export const bulkKey = (storeCode: string) => `store:${storeCode}`

/** What a chunk of rows is judged by. */
export async function bulkKnown(
  on: Executor,
  corpId: number,
  rows: readonly BulkRow[],
): Promise<Omit<BulkKnown, 'earlier'>> {
  const stores = await sql<{ code: string; id: string; name: string; closed: boolean; staff: number }>`
    select s.code, s.id, s.name, s.closed_at is not null as closed,
      (select count(*)::int from staff m where m.corp_id = s.corp_id and m.store_id = s.id and m.gone_at is null) as staff
    from stores s where s.corp_id = ${corpId} and s.code = any(${rows.map((row) => row.storeCode)}::text[])`.execute(on)
  const staff = await sql<{ userid: string }>`
    select userid from staff where corp_id = ${corpId} and gone_at is null
      and userid = any(${[...new Set(rows.flatMap((row) => [...row.staff, ...row.spares]))]}::text[])`.execute(on)
  const states = await sql<{ state: string }>`
    select state from channels where corp_id = ${corpId} and state = any(${rows.map((row) => row.state)}::text[])`.execute(
    on,
  )
  return {
    stores: new Map(stores.rows.map(({ code, ...store }) => [code, store])),
    staff: new Set(staff.rows.map((row) => row.userid)),
    states: new Set(states.rows.map((row) => row.state)),
  }
}

/** Store codes that exist already, with who made them. */
export async function bulkExisting(
  on: Executor,
  corpId: number,
  storeCodes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ bulk_key: string; created_by: string }>`
    select bulk_key, created_by from channels
    where corp_id = ${corpId} and status <> 'deleted' and bulk_key = any(${storeCodes.map(bulkKey)}::text[])`.execute(
    on,
  )
  return new Map(rows.map((row) => [row.bulk_key.slice('store:'.length), row.created_by]))
}

/** Makes the channels of a chunk in three statements; one that another run made meanwhile is left as it is. */
export async function insertBulk(
  tx: Tx,
  corpId: number,
  makes: readonly BulkMake[],
  template: BulkTemplate,
  createdBy: string,
  at: Date,
): Promise<readonly string[]> {
  if (makes.length === 0) return []
  const rows = makes.map((make) => ({ make, id: uuid(), state: make.state ?? newState() }))
  const inserted = await tx
    .insertInto('channels')
    .values(
      rows.map(({ make, id, state }) => ({
        id,
        corp_id: corpId,
        kind: template.kind,
        name: make.name,
        group_name: template.group,
        state,
        code: newState(),
        tag_ids: template.tag_ids,
        skip_verify: template.skip_verify,
        strategy: template.strategy,
        fallback: template.kind === 'landing' ? 'closed' : 'members',
        closed_text: template.closed_text,
        daily_limit: make.dailyLimit ?? template.daily_limit,
        store_id: make.storeId,
        logo_id: template.logo_id,
        bulk_key: bulkKey(make.storeCode),
        created_by: createdBy,
        created_at: at,
        updated_at: at,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .execute()
  const made = new Set(inserted.map((row) => row.id))
  const fresh = rows.filter((row) => made.has(row.id))
  if (fresh.length === 0) return []
  await tx
    .insertInto('channel_members')
    .values(
      fresh.flatMap(({ id, make }) => {
        const staff = (role: string, refs: readonly string[]) =>
          [...new Set(refs)].map((ref, position) => ({
            channel_id: id,
            corp_id: corpId,
            role,
            position,
            kind: 'staff',
            ref,
          }))
        const members =
          make.staff.length > 0
            ? staff('member', make.staff)
            : [{ channel_id: id, corp_id: corpId, role: 'member', position: 0, kind: 'store', ref: make.storeId }]
        return [...members, ...staff('spare', make.spares)]
      }),
    )
    .execute()
  if (template.kind === 'qr') {
    await tx
      .insertInto('channel_codes')
      .values(
        fresh.map(({ id, state }) => ({
          id: uuid(),
          corp_id: corpId,
          channel_id: id,
          kind: 'contact_way',
          state,
          created_at: at,
        })),
      )
      .execute()
  }
  return fresh.map((row) => row.id)
}

/** How many of these channels still wait for their code at the platform, with nothing said against it. */
export async function waitingCodes(on: Executor, corpId: number, channelIds: readonly string[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from channel_codes k
    where k.corp_id = ${corpId} and k.channel_id = any(${[...channelIds]}::uuid[]) and k.content is null
      and (k.problem is null or k.problem->>'kind' in ('not_sent', 'unknown_outcome', 'all_refused'))`.execute(on)
  return rows[0]?.n ?? 0
}
