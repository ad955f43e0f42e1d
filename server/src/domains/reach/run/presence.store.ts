import { sql } from 'kysely'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { drawnOut, fateNumber, senderReasons } from '../campaigns/recipient.ts'
import type { Run } from './runs.store.ts'

/** Runs of a corp that go on or may go on. */
export async function openRunsOf(on: Executor, corpId: number): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from campaign_runs
    where corp_id = ${corpId} and state in ('canary', 'running', 'paused') and ended_at is null and started_at is not null
    order by id`.execute(on)
  return rows.map((row) => row.id)
}

/**
 * Whom nobody could be asked for while these members were away waits again, from now on; answers how many. Of whom the lot kept
 * out for want of nobody else it is asked again too.
 */
export async function takeUpAgain(
  tx: Tx,
  { id, corpId }: Pick<Run, 'id' | 'corpId'>,
  userids: readonly string[],
  at: Date,
): Promise<number> {
  if (userids.length === 0) return 0
  const out = sql.join(drawnOut.map(fateNumber))
  const noSender = sql`r.fate = ${fateNumber('no_sender')} and r.reason = ${senderReasons.indexOf('sender_away')}`
  const { numAffectedRows } = await sql`
    update campaign_recipients r
    set fate = case when ${noSender} then ${fateNumber('held')} else r.fate end, reason = null, held_until = ${at}
    from (
      select distinct coalesce(c.merged_into, c.id) as root from relations o join customers c on c.id = o.customer_id
      where o.corp_id = ${corpId} and o.userid = any(${textArray(userids)}::text[]) and o.status = 'alive'
    ) known
    where r.run_id = ${id} and r.customer_id = known.root
      and ((${noSender}) or (r.fate in (${out}) and r.sender is null and r.hits = 0))`.execute(tx)
  return Number(numAffectedRows ?? 0n)
}
