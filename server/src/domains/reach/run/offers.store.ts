import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { OtherRelation } from './reassign.ts'
import type { Task } from './task.ts'

/** The living relations of these homes; `customerId` is the home. */
export async function livingRelations(
  on: Executor,
  corpId: number,
  homes: readonly number[],
): Promise<readonly OtherRelation[]> {
  const { rows } = await sql<OtherRelation>`
    select customer_id as "customerId", userid, external_userid as "externalUserid", added_at as "addedAt" from relations
    where customer_id = any(${numberArray(homes)}::bigint[]) and corp_id = ${corpId} and status = 'alive'`.execute(on)
  return rows
}

/** Which of these members can be asked: there, active, with customer contact, and of the set where there is one. */
export async function ableSenders(
  on: Executor,
  corpId: number,
  userids: readonly string[],
  set: string | null,
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ userid: string }>`
    select s.userid from staff s where s.corp_id = ${corpId} and s.userid = any(${textArray(userids)}::text[])
      and s.gone_at is null and s.follows and coalesce(s.status, 1) = 1
      and (${set}::uuid is null or exists (
        select from sender_sets x where x.corp_id = ${corpId} and x.id = ${set}::uuid and s.userid = any(x.userids)))`.execute(
    on,
  )
  return new Set(rows.map((row) => row.userid))
}

export type NewTask = Pick<Task, 'corpId' | 'runId' | 'variant' | 'sender' | 'recipients' | 'canary' | 'tried'> & {
  readonly number: number
  readonly expiresAt: Date | null
}

/** The number of the next task of a run; whoever asks holds the run. */
export async function nextNumber(tx: Tx, runId: number): Promise<number> {
  const { rows } = await sql<{ last: number | null }>`
    select max(number) as last from campaign_tasks where run_id = ${runId}`.execute(tx)
  return (rows[0]?.last ?? -1) + 1
}

export async function addTasks(tx: Tx, tasks: readonly NewTask[], nextAt: Date): Promise<void> {
  if (tasks.length === 0) return
  await sql`
    insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients, canary, expires_at, next_at, tried)
    select run_id, number, corp_id, variant, sender, recipients, canary = 1, expires_at, ${nextAt}::timestamptz, tried::text[] from unnest(
      ${numberArray(tasks.map((one) => one.runId))}::int[], ${numberArray(tasks.map((one) => one.number))}::int[],
      ${numberArray(tasks.map((one) => one.corpId))}::int[], ${numberArray(tasks.map((one) => one.variant))}::smallint[],
      ${textArray(tasks.map((one) => one.sender))}::text[], ${numberArray(tasks.map((one) => one.recipients))}::int[],
      ${numberArray(tasks.map((one) => (one.canary ? 1 : 0)))}::int[],
      ${textArray(tasks.map((one) => one.expiresAt?.toISOString()))}::timestamptz[],
      ${textArray(tasks.map((one) => textArray(one.tried)))}::text[]
    ) as n(run_id, number, corp_id, variant, sender, recipients, canary, expires_at, tried)`.execute(tx)
}

/** Its customers, or so many of them, went to another task. */
export async function noteGivenAway(
  tx: Tx,
  { runId, number }: Pick<Task, 'runId' | 'number'>,
  customers: number,
  to: number | undefined,
): Promise<void> {
  await sql`
    update campaign_tasks set recipients = recipients - ${customers}::int, replaced_by = coalesce(replaced_by, ${to ?? null}::int)
    where run_id = ${runId} and number = ${number}`.execute(tx)
}
