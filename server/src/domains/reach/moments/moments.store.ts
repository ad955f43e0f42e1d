import { sql } from 'kysely'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Taking } from '../run/tasks.store.ts'
import type { Moment, MomentKey, MomentState } from './moment.ts'

export const momentColumns = sql`m.corp_id as "corpId", m.run_id as "runId", m.number, m.variant, m.canary, m.tags, m.own_tag as "ownTag",
  m.state, m.effect, m.attempt, m.jobid, m.moment_id as "momentId", m.past_ids as "pastIds", m.asked_at as "askedAt", m.sought`
const goesOn = sql`(r.state = 'running' or (r.state = 'canary' and m.canary))`

/**
 * Takes Moments of these states that are due: by themselves, or by a task of theirs, which is how a run says that it is to be
 * asked, or taken back. What is ready is taken while its run goes on, and of a canary only the canary.
 */
export async function takeMoments(
  on: Executor,
  corpId: number,
  states: readonly MomentState[],
  ask: Taking,
): Promise<readonly Moment[]> {
  const until = new Date(ask.machine.getTime() + ask.leaseMs)
  const { rows } = await sql<Moment>`
    with ripe as (
      select m.run_id, m.number from campaign_moments m join campaign_runs r on r.id = m.run_id
      where m.corp_id = ${corpId} and m.state = any(${textArray(states)}::text[])
        and (m.leased_until is null or m.leased_until <= ${ask.machine})
        and (m.state <> 'ready' or ${goesOn})
        and ((m.state <> 'ready' and m.next_at <= ${ask.at}) or (m.state in ('ready', 'asked') and exists (
          select from campaign_tasks t where t.run_id = m.run_id and t.moment = m.number and t.next_at <= ${ask.at}
            and t.state = case when m.state = 'ready' then 'planned' else 'asked' end)))
      order by m.run_id, m.number limit ${ask.limit} for update of m skip locked)
    update campaign_moments m set leased_until = ${until} from ripe
    where m.run_id = ripe.run_id and m.number = ripe.number returning ${momentColumns}`.execute(on)
  return rows
}

/** How many Moments the platform was asked for since then. */
export async function askedSince(on: Executor, corpId: number, since: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from campaign_moments where corp_id = ${corpId} and asked_at > ${since}`.execute(on)
  return rows[0]?.n ?? 0
}

/**
 * A Moment that is ready becomes one that is being asked for, with another attempt, and so do the tasks of its members. The run
 * is held: nobody pauses or cancels it meanwhile. Undefined: it is not to go out any more.
 */
export async function claimMoment(tx: Tx, { runId, number }: MomentKey, at: Date): Promise<Moment | undefined> {
  await sql`select id from campaign_runs where id = ${runId} for share`.execute(tx)
  const { rows } = await sql<Moment>`
    update campaign_moments m set state = 'asking', attempt = m.attempt + 1, sought = 0, asked_at = ${at}, next_at = ${at},
      jobid = null, errcode = null, why = null, effect = 'moment:' || m.run_id || ':' || m.number || ':' || (m.attempt + 1)
    from campaign_runs r where m.run_id = ${runId} and m.number = ${number} and r.id = m.run_id and m.state = 'ready' and ${goesOn}
    returning ${momentColumns}`.execute(tx)
  const [moment] = rows
  if (moment === undefined) return undefined
  await sql`
    update campaign_tasks set state = 'asking', attempt = attempt + 1, sought = 0, asked_at = ${at}, effect = ${moment.effect},
      next_at = null, leased_until = null
    where run_id = ${runId} and moment = ${number} and state = 'planned'`.execute(tx)
  return moment
}

/** What is known of a Moment now; what is left out stays. */
export interface MomentChange {
  readonly state: MomentState
  readonly nextAt: Date | null
  readonly jobid?: string
  readonly momentId?: string
  readonly sought?: number
  readonly errcode?: number
  readonly why?: string
}

/** Writes what became of a Moment and gives it out of hand, if it still stands as it was taken. */
export async function changeMoment(
  on: Executor,
  moment: MomentKey & Pick<Moment, 'state'>,
  to: MomentChange,
): Promise<void> {
  await sql`
    update campaign_moments set leased_until = null, state = ${to.state}, next_at = ${to.nextAt},
      jobid = coalesce(${to.jobid ?? null}, jobid), moment_id = coalesce(${to.momentId ?? null}, moment_id),
      sought = coalesce(${to.sought ?? null}::smallint, sought), errcode = coalesce(${to.errcode ?? null}::int, errcode),
      why = coalesce(${to.why ?? null}, why)
    where run_id = ${moment.runId} and number = ${moment.number} and state = ${moment.state}`.execute(on)
}

/** Gives a Moment out of hand as it is: it is looked at again then, and what of it waits to be asked or taken back too. */
export async function postpone(on: Executor, { runId, number }: MomentKey, at: Date): Promise<void> {
  await sql`
    update campaign_tasks set next_at = ${at} where run_id = ${runId} and moment = ${number} and next_at is not null
      and state in ('planned', 'asked')`.execute(on)
  await sql`
    update campaign_moments set leased_until = null, next_at = ${at} where run_id = ${runId} and number = ${number}`.execute(
    on,
  )
}

/** What was to be taken back and is not any more asks for no look of its own. */
export async function rest(on: Executor, { runId, number }: MomentKey): Promise<void> {
  await sql`
    update campaign_tasks set next_at = null
    where run_id = ${runId} and moment = ${number} and state = 'asked' and ending is null and next_at is not null`.execute(
    on,
  )
}

/**
 * A Moment of which nothing is open any more: what is planned of it is made anew as another one, and what it was is kept;
 * else it is over.
 */
export async function closeMoment(
  tx: Tx,
  { runId, number }: MomentKey,
  over: 'asked' | 'cancelled' | 'failed',
): Promise<void> {
  await sql`
    update campaign_moments m set leased_until = null, next_at = null, jobid = null,
      state = case when anew.planned then 'ready' else ${over} end,
      past_ids = case when anew.planned and m.moment_id is not null then array_append(m.past_ids, m.moment_id) else m.past_ids end,
      moment_id = case when anew.planned then null else m.moment_id end
    from (select exists(select from campaign_tasks where run_id = ${runId} and moment = ${number} and state = 'planned') as planned) anew
    where m.run_id = ${runId} and m.number = ${number}
      and not exists (select from campaign_tasks where run_id = ${runId} and moment = ${number} and state in ('asking', 'asked', 'unknown'))`.execute(
    tx,
  )
}

/** Which of these are known as Moments of ours, now or before they were made anew. */
export async function knownMoments(on: Executor, corpId: number, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const asked = textArray(ids)
  const { rows } = await sql<{ id: string }>`
    select moment_id as id from campaign_moments where corp_id = ${corpId} and moment_id = any(${asked}::text[])
    union
    select past.id from campaign_moments m cross join unnest(m.past_ids) as past(id)
    where m.corp_id = ${corpId} and m.past_ids && ${asked}::text[]`.execute(on)
  return new Set(rows.map((row) => row.id))
}
