import { type RawBuilder, sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { fateNumber, type SenderReason, senderReasons, sendStatus } from '../campaigns/recipient.ts'
import type { TaskKey } from './task.ts'

/** By what ids the platform knows the people of these tasks. */
export async function externalIdsOf(
  on: Executor,
  tasks: readonly TaskKey[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  for (const [runId, numbers] of byRun(tasks)) {
    const { rows } = await sql<{ task: number; ids: string[] }>`
      select task, array_agg(external_userid order by customer_id) as ids from campaign_recipients
      where run_id = ${runId} and task = any(${numberArray(numbers)}::int[]) and external_userid is not null
      group by task`.execute(on)
    for (const { task, ids } of rows) found.set(taskKey({ runId, number: task }), ids)
  }
  return found
}

export const taskKey = ({ runId, number }: TaskKey) => `${runId}:${number}`

/** The people of these tasks were put to their members, and have not been sent to yet. */
export async function noteAsked(tx: Tx, tasks: readonly TaskKey[]): Promise<void> {
  for (const [runId, numbers] of byRun(tasks)) {
    await sql`
      update campaign_recipients set status = ${sendStatus.unsent}
      where run_id = ${runId} and task = any(${numberArray(numbers)}::int[]) and status is null`.execute(tx)
  }
}

/** Somebody of a task. */
export interface Recipient {
  readonly customerId: number
  readonly externalUserid: string
  readonly status: number | null
}

/** Those of a task whom the platform calls by these ids; all of it unless told. */
export async function recipientsOf(
  on: Executor,
  { runId, number }: TaskKey,
  ids?: readonly string[],
): Promise<readonly Recipient[]> {
  const { rows } = await sql<Recipient>`
    select customer_id as "customerId", external_userid as "externalUserid", status from campaign_recipients
    where run_id = ${runId} and task = ${number}
      ${ids === undefined ? sql`` : sql`and external_userid = any(${textArray(ids)}::text[])`}`.execute(on)
  return rows
}

export interface Told {
  readonly customerId: number
  readonly status: number
  readonly sentAt: Date | null
}

/** Writes what the platform says of people; answers whose status is another than before. */
export async function writeStatuses(tx: Tx, runId: number, told: readonly Told[]): Promise<readonly Told[]> {
  if (told.length === 0) return []
  const { rows } = await sql<Told>`
    update campaign_recipients r set status = n.status, sent_at = n.sent_at
    from unnest(${numberArray(told.map((one) => one.customerId))}::bigint[],
      ${numberArray(told.map((one) => one.status))}::smallint[],
      ${textArray(told.map((one) => one.sentAt?.toISOString()))}::timestamptz[]) as n(customer_id, status, sent_at)
    where r.run_id = ${runId} and r.customer_id = n.customer_id and r.status is distinct from n.status
    returning r.customer_id as "customerId", r.status, r.sent_at as "sentAt"`.execute(tx)
  return rows
}

/** Gives people to another task, which has not been asked. */
export interface Given {
  readonly customerId: number
  readonly task: number
  readonly sender: string
  readonly externalUserid: string
}

export async function giveTo(tx: Tx, runId: number, given: readonly Given[]): Promise<void> {
  if (given.length === 0) return
  await sql`
    update campaign_recipients r set task = n.task, sender = n.sender, external_userid = n.external_userid, status = null,
      marked = null
    from unnest(${numberArray(given.map((one) => one.customerId))}::bigint[], ${numberArray(given.map((one) => one.task))}::int[],
      ${textArray(given.map((one) => one.sender))}::text[], ${textArray(given.map((one) => one.externalUserid))}::text[]
    ) as n(customer_id, task, sender, external_userid)
    where r.run_id = ${runId} and r.customer_id = n.customer_id`.execute(tx)
}

/** Nobody can send to these any more: they are listed with the reason, and with who was to send to them. */
export async function listUnsendable(tx: Tx, runId: number, listed: ReadonlyMap<number, SenderReason>): Promise<void> {
  if (listed.size === 0) return
  await sql`
    update campaign_recipients r set fate = ${fateNumber('no_sender')}, reason = n.reason, task = null, external_userid = null,
      status = null
    from unnest(${numberArray([...listed.keys()])}::bigint[],
      ${numberArray([...listed.values()].map((reason) => senderReasons.indexOf(reason)))}::smallint[]) as n(customer_id, reason)
    where r.run_id = ${runId} and r.customer_id = n.customer_id`.execute(tx)
}

/** How many of a run each of these members is to send to. */
export async function loadOf(
  on: Executor,
  runId: number,
  senders: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ sender: string; persons: number }>`
    select sender, persons from (${loadsOf(runId)}) loads where sender = any(${textArray(senders)}::text[])`.execute(on)
  return new Map(rows.map((row) => [row.sender, row.persons]))
}

/** sender, persons: what members have of a run that they did, or may still do. */
export function loadsOf(runId: number): RawBuilder<unknown> {
  return sql`
    select sender, sum(recipients)::int as persons from campaign_tasks
    where run_id = ${runId}::int and state not in ('failed', 'cancelled', 'expired') group by sender`
}

function byRun(tasks: readonly TaskKey[]): ReadonlyMap<number, readonly number[]> {
  return new Map(
    [...Map.groupBy(tasks, (one) => one.runId)].map(([runId, list]) => [runId, list.map((one) => one.number)]),
  )
}
