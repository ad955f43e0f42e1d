import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { drawnOut, fateNumber } from '../campaigns/recipient.ts'
import { releaseTouchesOf } from '../governor/reservations.store.ts'
import { reasons } from '../governor/touch.ts'
import { noteVerdicts } from '../governor/verdicts.store.ts'
import type { Task } from './task.ts'

/**
 * Who said since a run was made that he wants nothing, and when last: by each of his homes, for the run may know him by one
 * that was a person of its own when it was planned.
 */
export async function refusedSince(
  on: Executor,
  corpId: number,
  runId: number,
): Promise<readonly { readonly person: number; readonly at: Date }[]> {
  const { rows } = await sql<{ person: number; at: Date }>`
    with refused as (
      select coalesce(c.merged_into, c.id) as root, max(w.at) as at from touch_wishes w join customers c on c.id = w.customer_id
      where w.corp_id = ${corpId} and w.at >= (select created_at from campaign_runs where id = ${runId})
      group by 1 having (array_agg(w.wish order by w.at desc))[1] = 'none'
    )
    select root as person, at from refused
    union all select c.id, refused.at from refused join customers c on c.merged_into = refused.root`.execute(on)
  return rows
}

/**
 * Takes whoever said since the plan that he wants nothing out of the tasks that are about to be asked: what a member was
 * asked cannot be changed any more. It is told of each as of when the last of them refused. Whom the lot kept out of these
 * members' tasks would have been taken out too, and is no one to compare with. Answers the tasks with as many people as are
 * left.
 */
export async function dropLateRefusals(
  tx: Tx,
  corpId: number,
  runId: number,
  tasks: readonly Task[],
): Promise<readonly Task[]> {
  const refused = await refusedSince(tx, corpId, runId)
  if (refused.length === 0) return tasks
  const optedOut = reasons.indexOf('opted_out')
  await sql`
    update campaign_recipients set hits = hits | ${2 ** (16 + optedOut)}::int
    where run_id = ${runId} and fate in (${sql.join(drawnOut.map(fateNumber))})
      and sender = any(${textArray([...new Set(tasks.map(({ sender }) => sender))])}::text[])
      and customer_id = any(${numberArray(refused.map(({ person }) => person))}::bigint[])`.execute(tx)
  const { rows: dropped } = await sql<{ customerId: number; task: number }>`
    select customer_id as "customerId", task from campaign_recipients
    where run_id = ${runId} and task = any(${numberArray(tasks.map(({ number }) => number))}::int[])
      and customer_id = any(${numberArray(refused.map(({ person }) => person))}::bigint[])`.execute(tx)
  if (dropped.length === 0) return tasks
  const customers = dropped.map(({ customerId }) => customerId)
  await sql`
    update campaign_recipients set fate = ${fateNumber('dropped')}, reason = ${optedOut}, task = null, status = null,
      hits = hits | ${2 ** (16 + optedOut)}::int
    where run_id = ${runId} and customer_id = any(${numberArray(customers)}::bigint[])`.execute(tx)
  const fewer = Map.groupBy(dropped, ({ task }) => task)
  await sql`
    update campaign_tasks t set recipients = t.recipients - gone.count
    from unnest(${numberArray([...fewer.keys()])}::int[], ${numberArray([...fewer.values()].map((one) => one.length))}::int[])
      as gone(number, count)
    where t.run_id = ${runId} and t.number = gone.number`.execute(tx)
  await releaseTouchesOf(tx, runId, customers)
  const gone = new Set(customers)
  const last = Math.max(...refused.flatMap(({ person, at }) => (gone.has(person) ? [at.getTime()] : [])))
  await noteVerdicts(tx, runId, new Date(last), customers)
  return tasks.map((task) => ({ ...task, recipients: task.recipients - (fewer.get(task.number)?.length ?? 0) }))
}
