import { sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { sendStatus } from '../campaigns/recipient.ts'
import type { CanarySeen } from './canary.ts'

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
