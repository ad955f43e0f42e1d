import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { appendEventsOf } from '../../../infra/events/events.store.ts'
import { fateNumber } from '../campaigns/recipient.ts'
import { runOf } from './reservations.store.ts'
import { reasons } from './touch.ts'

/**
 * Tells of everybody whom the governor held or dropped in a run, in the log of events, without a person passing through the
 * process: `touch.held` {campaign, run, reason, until}, `touch.dropped` {campaign, run, reason}. Once a run; a rehearsal
 * tells nobody anything.
 */
export async function noteVerdicts(tx: Tx, runId: number, learntAt: Date): Promise<void> {
  const run = await runOf(tx, runId)
  if (run.rehearsal) return
  const reason = sql`case reason ${sql.join(
    reasons.map((name, place) => sql`when ${sql.raw(String(place))} then ${name}::text`),
    sql` `,
  )} end`
  const [held, dropped] = [fateNumber('held'), fateNumber('dropped')]
  await appendEventsOf(
    tx,
    sql`
      select customer_id, ${run.corpId}::int, case fate when ${held} then 'touch.held' else 'touch.dropped' end,
        ${run.plannedFor}::timestamptz, ${`campaign:${runId}`}::text,
        jsonb_strip_nulls(jsonb_build_object('campaign', ${run.campaignId}::text, 'run', ${runId}::int, 'reason', ${reason},
          'until', to_char(held_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))
      from campaign_recipients where run_id = ${runId} and fate in (${held}, ${dropped})`,
    learntAt,
  )
}
