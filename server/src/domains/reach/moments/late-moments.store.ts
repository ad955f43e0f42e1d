import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Taking } from '../run/tasks.store.ts'
import type { Moment, MomentKey } from './moment.ts'
import { momentColumns } from './moments.store.ts'

/** A Moment of which an attempt was given up as never made, which the platform may make yet. */
export interface Doubted extends Moment {
  readonly lateUntil: Date
}

/** An attempt was given up: it may come up until then. */
export async function expectLate(tx: Tx, { runId, number }: MomentKey, at: Date, until: Date): Promise<void> {
  await sql`
    update campaign_moments set late_at = ${at}, late_until = greatest(late_until, ${until}::timestamptz)
    where run_id = ${runId} and number = ${number}`.execute(tx)
}

/** Takes those that are to be looked for now. While another attempt is on its way nobody could tell the two apart. */
export async function takeDoubted(on: Executor, corpId: number, ask: Taking): Promise<readonly Doubted[]> {
  const until = new Date(ask.machine.getTime() + ask.leaseMs)
  const { rows } = await sql<Doubted>`
    with ripe as (
      select run_id, number from campaign_moments
      where corp_id = ${corpId} and late_at <= ${ask.at} and state not in ('asking', 'made', 'unknown')
        and (leased_until is null or leased_until <= ${ask.machine})
      order by late_at, run_id, number limit ${ask.limit} for update skip locked)
    update campaign_moments m set leased_until = ${until} from ripe
    where m.run_id = ripe.run_id and m.number = ripe.number returning ${momentColumns}, m.late_until as "lateUntil"`.execute(
    on,
  )
  return rows
}

/** It was looked for; null: it is not any more. */
export async function noteDoubt(on: Executor, { runId, number }: MomentKey, nextAt: Date | null): Promise<void> {
  await sql`
    update campaign_moments set leased_until = null, late_at = ${nextAt}
    where run_id = ${runId} and number = ${number}`.execute(on)
}

/** What came up late is known as one that was, whatever the Moment is now. */
export async function noteLate(tx: Tx, { runId, number }: MomentKey, momentId: string): Promise<void> {
  await sql`
    update campaign_moments set past_ids = array_append(past_ids, ${momentId}::text)
    where run_id = ${runId} and number = ${number} and ${momentId} <> all(past_ids)`.execute(tx)
}
