import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { sendStatus } from '../campaigns/recipient.ts'
import type { TaskKey } from './task.ts'

/** Adds what became of people or groups to the sums of their task. */
export async function addCounts(
  tx: Tx,
  { runId, number }: TaskKey,
  changed: readonly { readonly status: number }[],
): Promise<void> {
  if (changed.length === 0) return
  const of = (status: number) => changed.filter((one) => one.status === status).length
  await sql`
    update campaign_tasks set sent = sent + ${of(sendStatus.sent)}::int, no_friend = no_friend + ${of(sendStatus.noFriend)}::int,
      over_cap = over_cap + ${of(sendStatus.overCap)}::int
    where run_id = ${runId} and number = ${number}`.execute(tx)
}

/** Of how many in a task the platform has said nothing final: neither sent to, nor no friend, nor over the cap. */
export async function leftOf(tx: Tx, { runId, number }: TaskKey): Promise<number> {
  const { rows } = await sql<{ left: number }>`
    select recipients - sent - no_friend - over_cap as left from campaign_tasks
    where run_id = ${runId} and number = ${number}`.execute(tx)
  return rows[0]?.left ?? 0
}
