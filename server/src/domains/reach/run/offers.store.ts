import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { ownedSince } from '../../customers/index.ts'
import { onLeave } from '../../organisation/index.ts'
import type { OtherRelation, Trouble } from './reassign.ts'
import type { Task } from './task.ts'

/** The living relations of these homes; `customerId` is the home. */
export async function livingRelations(
  on: Executor,
  corpId: number,
  homes: readonly number[],
): Promise<readonly OtherRelation[]> {
  const { rows } = await sql<OtherRelation>`
    select r.customer_id as "customerId", r.userid, r.external_userid as "externalUserid", r.added_at as "addedAt",
      ${ownedSince} as "ownedAt", r.chatted_at as "chattedAt" from relations r
    where r.customer_id = any(${numberArray(homes)}::bigint[]) and r.corp_id = ${corpId} and r.status = 'alive'`.execute(
    on,
  )
  return rows
}

/** What stands in the way of asking these members at that moment: nothing of those who are not among the answers. */
export async function troublesOf(
  on: Executor,
  corpId: number,
  userids: readonly string[],
  set: string | null,
  at: Date,
): Promise<ReadonlyMap<string, Trouble>> {
  const { rows } = await sql<{ userid: string; trouble: Trouble }>`
    select asked.userid, case when s.userid is null or ${cannot} then 'sender_gone'
      when ${set}::uuid is not null and not exists (
        select from sender_sets x where x.corp_id = ${corpId} and x.id = ${set}::uuid and asked.userid = any(x.userids)) then 'not_in_set'
      else 'sender_away' end as trouble
    from unnest(${textArray([...new Set(userids)])}::text[]) as asked(userid)
    left join staff s on s.corp_id = ${corpId} and s.userid = asked.userid
    where s.userid is null or ${cannot} or ${onLeave(at)}
      or (${set}::uuid is not null and not exists (
        select from sender_sets x where x.corp_id = ${corpId} and x.id = ${set}::uuid and asked.userid = any(x.userids)))`.execute(
    on,
  )
  return new Map(rows.map((row) => [row.userid, row.trouble]))
}

/** He left, was disabled, or has no customer contact. */
export const cannot = sql<boolean>`(s.gone_at is not null or not s.follows or coalesce(s.status, 1) <> 1)`

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

/** Parts of Moments of this variant that are in no Moment yet, by member. */
export async function unplacedParts(
  tx: Tx,
  { runId, variant, canary }: Pick<Task, 'runId' | 'variant' | 'canary'>,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ sender: string; number: number }>`
    select sender, min(number) as number from campaign_tasks
    where run_id = ${runId} and moment is null and state = 'planned' and variant = ${variant} and canary = ${canary}
    group by sender`.execute(tx)
  return new Map(rows.map((row) => [row.sender, row.number]))
}

/** More customers for a task that nobody was asked for. */
export async function growTask(
  tx: Tx,
  { runId, number }: Pick<Task, 'runId' | 'number'>,
  customers: number,
  tried: readonly string[],
): Promise<void> {
  await sql`
    update campaign_tasks set recipients = recipients + ${customers}::int, tried = tried || ${textArray(tried)}::text[]
    where run_id = ${runId} and number = ${number}`.execute(tx)
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
