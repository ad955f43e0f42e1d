import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { appendEventsOf } from '../../../infra/events/events.store.ts'
import { fateNumber } from '../campaigns/recipient.ts'
import { runOf } from './reservations.store.ts'
import { reasons } from './touch.ts'

const [held, dropped] = [fateNumber('held'), fateNumber('dropped')]
const until = sql`to_char(held_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`

async function named(tx: Tx, runId: number) {
  const run = await runOf(tx, runId)
  const campaign = tx.selectFrom('campaigns').select('name').where('id', '=', run.campaignId)
  return { ...run, ...(await campaign.executeTakeFirstOrThrow()) }
}

/**
 * Tells of everybody whom the governor held or dropped in a run, in the log of events, without a person passing through the
 * process: `touch.held` {campaign, name, run, reason, until}, `touch.dropped` {campaign, name, run, reason}. Once a run; a rehearsal
 * tells nobody anything. `again`: who was decided about again now: a temporary table (customer_id), or by number.
 */
export async function noteVerdicts(
  tx: Tx,
  runId: number,
  learntAt: Date,
  again?: string | readonly number[],
): Promise<void> {
  const run = await named(tx, runId)
  if (run.rehearsal) return
  const reason = sql`case reason ${sql.join(
    reasons.map((one, place) => sql`when ${sql.raw(String(place))} then ${one}::text`),
    sql` `,
  )} end`
  const ofAgain =
    again === undefined
      ? sql``
      : typeof again === 'string'
        ? sql`and customer_id in (select customer_id from ${sql.table(again)})`
        : sql`and customer_id = any(${numberArray(again)}::bigint[])`
  await appendEventsOf(
    tx,
    sql`
      select customer_id, ${run.corpId}::int, case fate when ${held} then 'touch.held' else 'touch.dropped' end,
        ${again === undefined ? run.plannedFor : learntAt}::timestamptz, ${`campaign:${runId}`}::text,
        jsonb_strip_nulls(jsonb_build_object('campaign', ${run.campaignId}::text, 'name', ${run.name}::text, 'run', ${runId}::int, 'reason', ${reason},
          'until', ${until}))
      from campaign_recipients where run_id = ${runId} and fate in (${held}, ${dropped}) ${ofAgain}`,
    learntAt,
  )
}

/**
 * The same of groups that had what they may, as of no customer: `touch.held` {campaign, name, run, chat, reason, until},
 * `touch.dropped` {campaign, name, run, chat, reason}. `again`: the groups that were decided about again now.
 */
export async function noteGroupVerdicts(
  tx: Tx,
  runId: number,
  learntAt: Date,
  again?: readonly string[],
): Promise<void> {
  const run = await named(tx, runId)
  if (run.rehearsal) return
  await appendEventsOf(
    tx,
    sql`
      select 0::bigint, ${run.corpId}::int, case fate when ${held} then 'touch.held' else 'touch.dropped' end,
        ${again === undefined ? run.plannedFor : learntAt}::timestamptz, ${`campaign:${runId}`}::text,
        jsonb_strip_nulls(jsonb_build_object('campaign', ${run.campaignId}::text, 'name', ${run.name}::text, 'run', ${runId}::int,
          'chat', chat_id, 'reason', reason, 'until', ${until}))
      from campaign_groups where run_id = ${runId} and fate in (${held}, ${dropped})
        ${again === undefined ? sql`` : sql`and chat_id = any(${textArray(again)}::text[])`}`,
    learntAt,
  )
}
