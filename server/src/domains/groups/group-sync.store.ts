import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import { type GroupsReport, groupsReportSchema } from '../customers/index.ts'
import { firstPosition, type GroupPosition, groupPositionSchema, noGroups } from './group-sync.ts'

export interface GroupPoint {
  readonly startedAt: Date
  readonly position: GroupPosition
  readonly report: GroupsReport
}

/** Where this operation's reading of groups goes on, or begins. */
export async function groupPoint(on: Executor, operationId: string, corpId: number, at: Date): Promise<GroupPoint> {
  const row = await on
    .selectFrom('group_sync_points')
    .select(['started_at', 'position', 'report'])
    .where('operation_id', '=', operationId)
    .executeTakeFirst()
  if (row !== undefined)
    return {
      startedAt: row.started_at,
      position: groupPositionSchema.parse(row.position),
      report: groupsReportSchema.parse(row.report),
    }
  await on
    .insertInto('group_sync_points')
    .values({
      ...{ operation_id: operationId, corp_id: corpId, started_at: at, updated_at: at },
      ...{ position: JSON.stringify(firstPosition), report: JSON.stringify(noGroups) },
    })
    .execute()
  return { startedAt: at, position: firstPosition, report: noGroups }
}

export async function moveGroupPoint(
  on: Executor,
  operationId: string,
  { position, report }: Pick<GroupPoint, 'position' | 'report'>,
  at: Date,
): Promise<void> {
  await on
    .updateTable('group_sync_points')
    .set({ position: JSON.stringify(position), report: JSON.stringify(report), updated_at: at })
    .where('operation_id', '=', operationId)
    .execute()
}

/** The moment from which on every join should have come with an event; undefined: groups were never read whole. */
export async function groupBaseline(on: Executor, corpId: number): Promise<Date | undefined> {
  const row = await on.selectFrom('group_syncs').select('baseline_at').where('corp_id', '=', corpId).executeTakeFirst()
  return row?.baseline_at
}

/** Set by the first reading of a corp's groups. */
export async function beginGroups(on: Executor, corpId: number, at: Date): Promise<Date> {
  // the platform counts in seconds
  const baseline = new Date(Math.floor(at.getTime() / 1000) * 1000)
  await on
    .insertInto('group_syncs')
    .values({ corp_id: corpId, baseline_at: baseline })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return (await groupBaseline(on, corpId)) ?? baseline
}

export async function noteGroupsSynced(tx: Tx, corpId: number, operationId: string, at: Date): Promise<void> {
  await sql`update group_syncs set first_done_at = coalesce(first_done_at, ${at}), last_done_at = ${at},
    last_operation = ${operationId} where corp_id = ${corpId}`.execute(tx)
  await tx.deleteFrom('group_sync_points').where('corp_id', '=', corpId).execute()
}

/** Members with customer contact, and owners of groups that we know who are none any more. */
export async function possibleOwners(on: Executor, corpId: number): Promise<readonly string[]> {
  const { rows } = await sql<{ userid: string }>`
    select userid from staff where corp_id = ${corpId} and follows and gone_at is null
    union select owner from groups where corp_id = ${corpId} and owner <> '' and dismissed_at is null
    order by userid`.execute(on)
  return rows.map((row) => row.userid)
}

export async function noteListed(
  on: Executor,
  corpId: number,
  groups: readonly { chat_id: string; status: number }[],
  startedAt: Date,
): Promise<void> {
  if (groups.length === 0) return
  const unique = [...new Map(groups.map((group) => [group.chat_id, group.status])).entries()]
  await sql`
    insert into groups as g (chat_id, corp_id, status, listed_at)
    select n.chat_id, ${corpId}, n.status, ${startedAt} from unnest(
      ${unique.map(([chatId]) => chatId)}::text[], ${unique.map(([, status]) => status)}::smallint[]) as n(chat_id, status)
    order by n.chat_id
    on conflict (chat_id, corp_id) do update set status = excluded.status, listed_at = excluded.listed_at`.execute(on)
}

export async function countListed(on: Executor, corpId: number, startedAt: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from groups where corp_id = ${corpId} and listed_at = ${startedAt}`.execute(on)
  return rows[0]?.n ?? 0
}

/** Groups of the list that were not tried since the sync began; a callback's reading counts as one. */
export async function nextUnread(
  on: Executor,
  corpId: number,
  startedAt: Date,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ chatId: string }>`
    select chat_id as "chatId" from groups
    where corp_id = ${corpId} and chat_id > ${after} and listed_at = ${startedAt} and dismissed_at is null and (tried_at is null or tried_at < ${startedAt})
    order by chat_id limit ${limit}`.execute(on)
  return rows.map((row) => row.chatId)
}

/** Groups that we know and the list did not show, settled before it was read. */
export async function notListed(
  on: Executor,
  corpId: number,
  startedAt: Date,
  changedBefore: Date,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ chatId: string }>`
    select chat_id as "chatId" from groups
    where corp_id = ${corpId} and chat_id > ${after} and dismissed_at is null and read_at is not null and (listed_at is null or listed_at < ${startedAt})
      and (tried_at is null or tried_at < ${startedAt}) and (changed_at is null or changed_at < ${changedBefore})
    order by chat_id limit ${limit}`.execute(on)
  return rows.map((row) => row.chatId)
}

/** Asked for and not shown: as it was, until somebody shows it again. */
export async function noteRefused(
  on: Executor,
  corpId: number,
  refused: readonly { chatId: string; errcode: number }[],
  at: Date,
): Promise<void> {
  if (refused.length === 0) return
  await sql`
    update groups g set tried_at = ${at}::timestamptz, reason = n.reason
    from unnest(${refused.map((one) => one.chatId)}::text[], ${refused.map((one) => `errcode ${one.errcode}`)}::text[]) as n(chat_id, reason)
    where g.chat_id = n.chat_id and g.corp_id = ${corpId}`.execute(on)
}
