import { sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { fateNumber, sendStatus } from '../campaigns/recipient.ts'
import type { CanarySeen, PastDeletes } from './canary.ts'

/**
 * What was seen of the canary of a run: whom its tasks were to reach, whom they reached, and who of these has ended the
 * relation with his sender since. A canary is a few thousand people, so they are taken along to their relations.
 */
export async function canarySeen(
  on: Executor,
  corpId: number,
  runId: number,
): Promise<CanarySeen & { confirmed: number }> {
  const tasks = await sql<{ number: number; recipients: number; state: string }>`
    select number, recipients, state from campaign_tasks
    where run_id = ${runId} and canary and state not in ('failed', 'cancelled')`.execute(on)
  const numbers = numberArray(tasks.rows.map((row) => row.number))
  const reached = await sql<{ customerId: number; sender: string; sentAt: Date }>`
    select customer_id as "customerId", sender, sent_at as "sentAt" from campaign_recipients
    where run_id = ${runId} and task = any(${numbers}::int[]) and status = ${sendStatus.sent}`.execute(on)
  const deleted = await sql<{ n: number }>`
    select count(distinct n.customer_id)::int as n
    from unnest(${numberArray(reached.rows.map((row) => row.customerId))}::bigint[],
      ${reached.rows.map((row) => row.sender)}::text[], ${reached.rows.map((row) => row.sentAt.toISOString())}::timestamptz[]
    ) as n(customer_id, sender, sent_at)
    join customers c on c.id = n.customer_id or c.merged_into = n.customer_id
    join relations r on r.customer_id = c.id and r.corp_id = ${corpId} and r.userid = n.sender
    where r.status = 'ended' and r.ended_by = 'customer' and r.ended_at >= n.sent_at`.execute(on)
  return {
    asked: tasks.rows.reduce((sum, row) => sum + row.recipients, 0),
    delivered: reached.rows.length,
    deleted: deleted.rows[0]?.n ?? 0,
    confirmed: tasks.rows.filter((row) => row.state === 'confirmed').length,
  }
}

/** Runs of which the people held out are looked at, and how far back. */
const runsBack = 3
const daysBack = 60

/**
 * How many of those held out of the latest runs with many of them ended a relation within so many hours of its start. Found
 * from the few relations that ended then, not from the many people.
 */
export async function deletesOfHeldOut(
  on: Executor,
  run: { readonly id: number; readonly corpId: number },
  hours: number,
  now: Date,
): Promise<PastDeletes> {
  const { rows: runs } = await sql<{ id: number; startedAt: Date; persons: number }>`
    select id, started_at as "startedAt",
      coalesce((plan->'fates'->>'holdout')::int, 0) + coalesce((plan->'fates'->>'global_holdout')::int, 0) as persons
    from campaign_runs
    where corp_id = ${run.corpId} and id <> ${run.id} and not rehearsal
      and started_at >= ${new Date(now.getTime() - daysBack * 86_400_000)} and started_at <= ${new Date(now.getTime() - hours * 3_600_000)}
      and plan is not null and to_regclass('campaign_recipients_' || id) is not null
    order by id desc limit ${runsBack}`.execute(on)
  let [persons, deleted] = [0, 0]
  for (const one of runs) {
    const until = new Date(one.startedAt.getTime() + hours * 3_600_000)
    const { rows } = await sql<{ n: number }>`
      select count(distinct p.customer_id)::int as n
      from relations r join customers c on c.id = r.customer_id
      join campaign_recipients p on p.run_id = ${one.id} and p.customer_id = coalesce(c.merged_into, c.id)
      where r.corp_id = ${run.corpId} and r.status = 'ended' and r.ended_by = 'customer'
        and r.ended_at >= ${one.startedAt} and r.ended_at < ${until}
        and p.fate in (${fateNumber('holdout')}, ${fateNumber('global_holdout')})`.execute(on)
    persons += one.persons
    deleted += rows[0]?.n ?? 0
  }
  return { persons, deleted, hours }
}

/** How many of the customers of a run's canary members ended the relation in the last 30 days. */
export async function deletesOfMembers(
  on: Executor,
  run: { readonly id: number; readonly corpId: number },
  now: Date,
): Promise<PastDeletes> {
  const from = new Date(now.getTime() - 30 * 86_400_000)
  const { rows } = await sql<{ persons: number; deleted: number }>`
    select count(*)::int as persons,
      (count(*) filter (where r.status = 'ended' and r.ended_by = 'customer' and r.ended_at >= ${from}))::int as deleted
    from relations r
    where r.corp_id = ${run.corpId} and r.userid in (select sender from campaign_tasks where run_id = ${run.id} and canary)
      and r.added_at < ${from} and (r.status = 'alive' or r.ended_at >= ${from})`.execute(on)
  return { ...(rows[0] ?? { persons: 0, deleted: 0 }), hours: 30 * 24 }
}
