import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { appendEvents } from '../../../infra/events/events.store.ts'
import { factKey } from '../../intake/index.ts'
import { refreshCards } from '../cards/cards.store.ts'
import { type SyncPoint, syncPositionSchema, syncReportSchema } from './sync.ts'

export async function findPoint(on: Executor, operationId: string): Promise<SyncPoint | undefined> {
  const row = await on
    .selectFrom('sync_points')
    .select(['started_at', 'userids', 'position', 'report', 'cards_due'])
    .where('operation_id', '=', operationId)
    .executeTakeFirst()
  return row === undefined
    ? undefined
    : {
        startedAt: row.started_at,
        userids: row.userids,
        position: syncPositionSchema.parse(row.position),
        report: syncReportSchema.parse(row.report),
        cardsDue: row.cards_due,
      }
}

export async function insertPoint(on: Executor, operationId: string, corpId: number, point: SyncPoint): Promise<void> {
  await on
    .insertInto('sync_points')
    .values({
      operation_id: operationId,
      corp_id: corpId,
      started_at: point.startedAt,
      userids: [...point.userids],
      position: JSON.stringify(point.position),
      report: JSON.stringify(point.report),
      updated_at: point.startedAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function movePoint(
  on: Executor,
  operationId: string,
  { position, report, cardsDue }: Pick<SyncPoint, 'position' | 'report' | 'cardsDue'>,
  at: Date,
): Promise<void> {
  await on
    .updateTable('sync_points')
    .set({
      position: JSON.stringify(position),
      report: JSON.stringify(report),
      cards_due: [...cardsDue],
      updated_at: at,
    })
    .where('operation_id', '=', operationId)
    .execute()
}

/** The moment from which on every add should have come with an event; set by the first sync of a corp. */
export async function baselineOf(on: Executor, corpId: number, otherwise: Date): Promise<Date> {
  await on
    .insertInto('customer_syncs')
    .values({ corp_id: corpId, baseline_at: otherwise })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { baseline_at } = await on
    .selectFrom('customer_syncs')
    .select('baseline_at')
    .where('corp_id', '=', corpId)
    .executeTakeFirstOrThrow()
  return baseline_at
}

export async function syncStanding(on: Executor, corpId: number) {
  return on.selectFrom('customer_syncs').selectAll().where('corp_id', '=', corpId).executeTakeFirst()
}

/** When the corp's people had been read whole for the first time; null: they have not been yet. */
export async function firstSyncedAt(on: Executor, corpId: number): Promise<Date | null> {
  return (await syncStanding(on, corpId))?.first_done_at ?? null
}

export async function noteSynced(tx: Tx, corpId: number, operationId: string, at: Date): Promise<void> {
  await sql`update customer_syncs set first_done_at = coalesce(first_done_at, ${at}), last_done_at = ${at},
    last_operation = ${operationId} where corp_id = ${corpId}`.execute(tx)
  // those of cancelled and failed ones too: only one sync of a corp runs at a time
  await tx.deleteFrom('sync_points').where('corp_id', '=', corpId).execute()
}

export interface Missing {
  readonly customerId: number
  readonly userid: string
  readonly externalUserid: string
  readonly addedAt: Date
}

/** Relations of these members, alive and older than the sync, that the sync did not meet. An erased person’s have no id to be asked for. */
export async function notMet(
  on: Executor,
  corpId: number,
  userids: readonly string[],
  startedAt: Date,
  youngMs: number,
  limit: number,
): Promise<readonly Missing[]> {
  const { rows } = await sql<Missing>`
    select customer_id as "customerId", userid, external_userid as "externalUserid", added_at as "addedAt" from relations
    where corp_id = ${corpId} and userid = any(${[...userids]}::text[]) and status = 'alive'
      and not exists (select from customers c where c.id = relations.customer_id and c.erased_at is not null)
      and added_at < ${new Date(startedAt.getTime() - youngMs)} and (synced_at is null or synced_at < ${startedAt})
    order by customer_id, userid limit ${limit}`.execute(on)
  return rows
}

export async function countAlive(on: Executor, corpId: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from relations where corp_id = ${corpId} and status = 'alive'`.execute(on)
  return rows[0]?.n ?? 0
}

/** Ends relations that are no longer at the platform: the member deleted the customer, and nobody told us. */
export async function endVanished(
  tx: Tx,
  corpId: number,
  operationId: string,
  missing: readonly Missing[],
  at: Date,
): Promise<void> {
  await sql`
    update relations r set ended_at = ${at}, ended_by = 'staff'
    from unnest(${missing.map((one) => one.customerId)}::bigint[], ${missing.map((one) => one.userid)}::text[]) as n(customer_id, userid)
    where r.customer_id = n.customer_id and r.corp_id = ${corpId} and r.userid = n.userid and r.status = 'alive'`.execute(
    tx,
  )
  await appendEvents(
    tx,
    missing.map((one) => ({
      kind: 'relation.ended',
      corpId,
      customerId: one.customerId,
      staffUserid: one.userid,
      occurredAt: at,
      cause: `sync:${operationId}`,
      payload: { externalUserid: one.externalUserid, by: 'staff', found: true },
      dedupeKey: factKey(corpId, ['vanished', one.userid, one.externalUserid, one.addedAt.getTime()]),
    })),
    at,
  )
  await noteMissing(tx, corpId, operationId, 'vanished', missing, at)
  await refreshCards(
    tx,
    missing.map((one) => one.customerId),
  )
}

export async function noteMissing(
  on: Executor,
  corpId: number,
  operationId: string,
  kind: 'vanished' | 'kept',
  missing: readonly Missing[],
  at: Date,
): Promise<void> {
  if (missing.length === 0) return
  await sql`
    insert into sync_differences (corp_id, operation_id, kind, customer_id, userid, external_userid, added_at, at)
    select ${corpId}, ${operationId}, ${kind}, n.*, ${at} from unnest(
      ${missing.map((one) => one.customerId)}::bigint[], ${missing.map((one) => one.userid)}::text[],
      ${missing.map((one) => one.externalUserid)}::text[], ${missing.map((one) => one.addedAt.toISOString())}::timestamptz[]
    ) as n(customer_id, userid, external_userid, added_at)`.execute(on)
}

/** When the platform was last heard of this corp: its newest callback. */
export async function lastHeard(on: Executor, corpId: number): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date }>`
    select received_at as at from callbacks where corp_id = ${corpId} order by id desc limit 1`.execute(on)
  return rows[0]?.at
}
