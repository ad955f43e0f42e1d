import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { fateNumber, sendStatus } from '../campaigns/recipient.ts'
import type { Task } from '../run/task.ts'
import type { Moment } from './moment.ts'

/** Somebody who sees a Moment, as the platform calls him. */
export interface Viewer {
  readonly customerId: number
  readonly externalUserid: string
}

/** Of the people of a Moment that is not published to them yet those among these, at the relation that carries its tag. */
export async function carriersAmong(
  on: Executor,
  { corpId, runId, number }: Pick<Moment, 'corpId' | 'runId' | 'number'>,
  persons: readonly number[],
): Promise<readonly { readonly customerId: number; readonly userid: string; readonly externalUserid: string }[]> {
  if (persons.length === 0) return []
  const { rows: open } = await sql<{ task: number }>`
    select number as task from campaign_tasks
    where run_id = ${runId} and moment = ${number} and state in ('planned', 'asking', 'asked', 'unknown')`.execute(on)
  const { rows } = await sql<{ userid: string; externalUserid: string }>`
    select sender as userid, external_userid as "externalUserid" from campaign_recipients
    where run_id = ${runId} and customer_id = any(${numberArray(persons)}::bigint[])
      and task = any(${numberArray(open.map((row) => row.task))}::int[])`.execute(on)
  const { rows: relations } = await sql<{ customerId: number; userid: string; externalUserid: string }>`
    select customer_id as "customerId", userid, external_userid as "externalUserid" from relations
    where corp_id = ${corpId} and status = 'alive' and external_userid = any(${textArray(rows.map((row) => row.externalUserid))}::text[])
      and userid = any(${textArray(rows.map((row) => row.userid))}::text[])`.execute(on)
  const wanted = new Set(rows.map((row) => `${row.userid} ${row.externalUserid}`))
  return relations.filter((one) => wanted.has(`${one.userid} ${one.externalUserid}`))
}

/** Which of these members are members no more: what stands at them they cannot publish. */
export async function leftForGood(
  on: Executor,
  corpId: number,
  userids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ userid: string }>`
    select userid from staff
    where corp_id = ${corpId} and gone_at is not null and userid = any(${textArray(userids)}::text[])`.execute(on)
  return new Set(rows.map((row) => row.userid))
}

/** Whoever of these tasks does not carry the tag of their Moment is not to be given it any more. */
export async function willNotMark(tx: Tx, tasks: readonly Task[]): Promise<void> {
  for (const [runId, own] of Map.groupBy(tasks, (one) => one.runId)) {
    const { rows } = await sql<{ task: number; n: number }>`
      select task, count(*)::int as n from campaign_recipients
      where run_id = ${runId} and task = any(${numberArray(own.map((one) => one.number))}::int[]) and marked is null
        and fate = ${fateNumber('sent_to')}
      group by task`.execute(tx)
    const momentOf = new Map(own.map((one) => [one.number, one.moment]))
    await sql`
      update campaign_moments m set to_mark = greatest(m.marked + m.unmarkable, m.to_mark - fewer.n)
      from (
        select moment, sum(n)::int as n
        from unnest(${numberArray(rows.map(({ task }) => momentOf.get(task) ?? null))}::int[],
          ${numberArray(rows.map(({ n }) => n))}::int[]) as given(moment, n) group by moment
      ) fewer
      where m.run_id = ${runId} and m.number = fewer.moment and m.own_tag`.execute(tx)
  }
}

/** Which persons a member knows by these ids; who is not known to us is left out. */
export async function personsAt(
  on: Executor,
  corpId: number,
  userid: string,
  externalIds: readonly string[],
): Promise<readonly Viewer[]> {
  if (externalIds.length === 0) return []
  const { rows } = await sql<Viewer>`
    select distinct on (coalesce(c.merged_into, c.id)) coalesce(c.merged_into, c.id) as "customerId",
      r.external_userid as "externalUserid"
    from relations r join customers c on c.id = r.customer_id
    where r.corp_id = ${corpId} and r.userid = ${userid} and r.external_userid = any(${textArray(externalIds)}::text[])
    order by 1, 2`.execute(on)
  return rows
}

/**
 * Puts viewers whom nobody could name beforehand among the recipients of the run: those of a Moment by corp tags, of whom the
 * platform says who they are when they see it. Answers who is new; who stands there already stays as he is.
 */
export async function addViewers(
  tx: Tx,
  { runId, number, corpId, variant, sender }: Task,
  viewers: readonly (Viewer & { readonly bucket: number })[],
  at: Date,
): Promise<readonly number[]> {
  if (viewers.length === 0) return []
  const { rows } = await sql<{ customerId: number }>`
    insert into campaign_recipients (run_id, customer_id, corp_id, fate, bucket, variant, sender, external_userid, task, status, sent_at)
    select ${runId}::int, n.customer_id, ${corpId}::int, ${fateNumber('sent_to')}::smallint, n.bucket, ${variant}::smallint,
      ${sender}::text, n.external_userid, ${number}::int, ${sendStatus.sent}::smallint, ${at}::timestamptz
    from unnest(${numberArray(viewers.map((one) => one.customerId))}::bigint[],
      ${textArray(viewers.map((one) => one.externalUserid))}::text[],
      ${numberArray(viewers.map((one) => one.bucket))}::smallint[]) as n(customer_id, external_userid, bucket)
    order by n.customer_id
    on conflict do nothing
    returning customer_id as "customerId"`.execute(tx)
  return rows.map((row) => row.customerId)
}

/** What was read of a member's published Moment. */
export interface Came {
  readonly likes: number
  readonly comments: number
  /** Who sees it without being of his task; undefined: nobody looked. */
  readonly beside: number | undefined
}

export async function noteCame(tx: Tx, { runId, number }: Pick<Task, 'runId' | 'number'>, came: Came): Promise<void> {
  await sql`
    update campaign_tasks set likes = ${came.likes}::int, comments = ${came.comments}::int,
      beside = coalesce(${came.beside ?? null}::int, beside)
    where run_id = ${runId} and number = ${number}`.execute(tx)
}
