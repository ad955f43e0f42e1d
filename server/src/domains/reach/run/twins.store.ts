import { sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { fateNumber, sendStatus } from '../campaigns/recipient.ts'
import { releaseTouchesOf } from '../governor/reservations.store.ts'
import { noteGivenAway } from './offers.store.ts'
import { listUnsendable } from './recipients.store.ts'
import type { Task } from './task.ts'

/**
 * Two whom a run planned may have become one person since: he is sent to once. Of the tasks that are about to be asked those are
 * taken out whose other self has got it, may still get it, or stands before them; they are listed. Answers the tasks with as
 * many people as are left.
 */
export async function dropTwins(tx: Tx, runId: number, tasks: readonly Task[]): Promise<readonly Task[]> {
  const { rows } = await sql<{ customerId: number; task: number }>`
    with mine as (
      select r.customer_id, r.task, coalesce(c.merged_into, c.id) as root
      from campaign_recipients r join customers c on c.id = r.customer_id
      where r.run_id = ${runId} and r.task = any(${numberArray(tasks.map(({ number }) => number))}::int[])
    ), other as (
      select m.customer_id, m.task, m.root as home from mine m where m.root <> m.customer_id
      union all
      select m.customer_id, m.task, c.id from mine m join customers c on c.merged_into = m.root where c.id <> m.customer_id
    )
    select distinct one.customer_id as "customerId", one.task
    from other one join campaign_recipients o on o.run_id = ${runId} and o.customer_id = one.home
    join campaign_tasks t on t.run_id = ${runId} and t.number = o.task
    where o.fate = ${fateNumber('sent_to')} and (o.status = ${sendStatus.sent}
      or (t.state in ('planned', 'asking', 'asked', 'unknown', 'confirmed') and o.status is distinct from ${sendStatus.noFriend}
        and (o.status is not null or o.customer_id < one.customer_id)))`.execute(tx)
  if (rows.length === 0) return tasks
  const customers = rows.map(({ customerId }) => customerId)
  await listUnsendable(tx, runId, new Map(customers.map((id) => [id, 'same_person'])))
  await releaseTouchesOf(tx, runId, customers)
  const fewer = Map.groupBy(rows, ({ task }) => task)
  for (const [number, gone] of fewer) await noteGivenAway(tx, { runId, number }, gone.length, undefined)
  return tasks.map((task) => ({ ...task, recipients: task.recipients - (fewer.get(task.number)?.length ?? 0) }))
}
