import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { fateNumber, type SenderReason, sendStatus } from '../campaigns/recipient.ts'
import type { TaskKey } from './task.ts'

export interface TaskGroups extends TaskKey {
  readonly chatIds: readonly string[]
}

/** The groups of these tasks of a run. */
export async function groupsOfTasks(
  on: Executor,
  runId: number,
  numbers: readonly number[],
): Promise<readonly TaskGroups[]> {
  const { rows } = await sql<TaskGroups>`
    select run_id as "runId", task as number, array_agg(chat_id order by chat_id) as "chatIds" from campaign_groups
    where run_id = ${runId} and task = any(${numberArray(numbers)}::int[]) group by run_id, task`.execute(on)
  return rows
}

/** The groups of these tasks were put to their owners, and nothing has been sent to them yet. */
export async function noteGroupsAsked(tx: Tx, runId: number, numbers: readonly number[]): Promise<void> {
  await sql`
    update campaign_groups set status = ${sendStatus.unsent}
    where run_id = ${runId} and task = any(${numberArray(numbers)}::int[]) and status is null`.execute(tx)
}

export interface ToldGroup {
  readonly chatId: string
  readonly status: number
  readonly sentAt: Date | null
}

/** Writes what the platform says of groups of a run; answers whose status is another than before. */
export async function writeGroupStatuses(
  tx: Tx,
  runId: number,
  told: readonly ToldGroup[],
): Promise<readonly ToldGroup[]> {
  if (told.length === 0) return []
  const { rows } = await sql<ToldGroup>`
    update campaign_groups g set status = n.status, sent_at = n.sent_at
    from unnest(${textArray(told.map((one) => one.chatId))}::text[], ${numberArray(told.map((one) => one.status))}::smallint[],
      ${textArray(told.map((one) => one.sentAt?.toISOString()))}::timestamptz[]) as n(chat_id, status, sent_at)
    where g.run_id = ${runId} and g.chat_id = n.chat_id and g.task is not null and g.status is distinct from n.status
    returning g.chat_id as "chatId", g.status, g.sent_at as "sentAt"`.execute(tx)
  return rows
}

/** Nobody else can send to these groups of a task (all of it unless told): they are listed with the reason; answers how many. */
export async function listNotGiven(
  tx: Tx,
  { runId, number }: TaskKey,
  chatIds: readonly string[] | undefined,
  reason: SenderReason,
): Promise<number> {
  const { numAffectedRows } = await sql`
    update campaign_groups set fate = ${fateNumber('no_sender')}, reason = ${reason}, task = null, status = null
    where run_id = ${runId} and task = ${number}
      ${chatIds === undefined ? sql`` : sql`and chat_id = any(${textArray(chatIds)}::text[])`}`.execute(tx)
  return Number(numAffectedRows ?? 0n)
}
