import { sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { fateNumber, senderReasons } from '../campaigns/recipient.ts'
import { releaseTouchesOf } from '../governor/reservations.store.ts'
import type { MomentKey } from './moment.ts'

const n = (value: number) => sql.raw(String(value))
const sentTo = n(fateNumber('sent_to'))
const notMarked = n(senderReasons.indexOf('not_marked'))

/** A Moment whose own tag is in hand. */
export interface Tagging extends MomentKey {
  readonly corpId: number
  /** The platform's; null: it is not known to have been made. */
  readonly tag: string | null
  /** What it is called: of this run and no other, in the life of any database. */
  readonly name: string
  /** Before which task all that could be marked are. */
  readonly markedTo: number
}

const nameOfTag = sql`'朋友圈 ' || m.run_id || '-' || m.number || ' ' || to_hex(extract(epoch from r.created_at)::bigint)`
const tagging = sql`m.corp_id as "corpId", m.run_id as "runId", m.number, m.tags[1] as tag, m.marked_to as "markedTo",
  ${nameOfTag} as name`
/** Of a canary only the canary, until its verdict has come: a run that it stops costs no mark for the rest. */
const toMark = sql`m.own_tag and m.state in ('planned', 'marking')
  and (r.state in ('planned', 'running') or (r.state = 'canary' and m.canary))`
const toUnmark = sql`m.own_tag and m.unmarked_at is null and r.ended_at is not null`

export interface Take {
  readonly at: Date
  readonly machine: Date
  readonly leaseMs: number
}

export async function corpsToTag(on: Executor, at: Date): Promise<readonly number[]> {
  const { rows } = await sql<{ corpId: number }>`
    select distinct m.corp_id as "corpId" from campaign_moments m join campaign_runs r on r.id = m.run_id
    where m.own_tag and m.unmarked_at is null and ((${toMark} and m.next_at <= ${at}) or ${toUnmark}) order by 1`.execute(
    on,
  )
  return rows.map((row) => row.corpId)
}

/** Takes a Moment to be marked, or one whose run is over, for so long as nobody else has it. */
export async function takeTagging(
  on: Executor,
  corpId: number,
  what: 'mark' | 'unmark',
  { at, machine, leaseMs }: Take,
): Promise<Tagging | undefined> {
  const until = new Date(machine.getTime() + leaseMs)
  const { rows } = await sql<Tagging>`
    with ripe as (
      select m.run_id, m.number from campaign_moments m join campaign_runs r on r.id = m.run_id
      where m.corp_id = ${corpId} and (m.leased_until is null or m.leased_until <= ${machine})
        and ${what === 'mark' ? sql`${toMark} and m.next_at <= ${at}` : toUnmark}
      order by not m.canary, m.run_id, m.number limit 1 for update of m skip locked)
    update campaign_moments m set leased_until = ${until}${what === 'mark' ? sql`, state = 'marking'` : sql``}
    from ripe, campaign_runs r
    where m.run_id = ripe.run_id and m.number = ripe.number and r.id = m.run_id returning ${tagging}`.execute(on)
  return rows[0]
}

/** Says that it is still in hand; false: it is not to go on with any more. */
export async function goesOn(on: Executor, { runId, number }: MomentKey, { machine, leaseMs }: Take): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update campaign_moments m set leased_until = ${new Date(machine.getTime() + leaseMs)} from campaign_runs r
    where m.run_id = ${runId} and m.number = ${number} and r.id = m.run_id and ${toMark}`.execute(on)
  return numAffectedRows === 1n
}

export async function letGoTagging(on: Executor, { runId, number }: MomentKey, until: Date | null): Promise<void> {
  await sql`
    update campaign_moments set leased_until = ${until} where run_id = ${runId} and number = ${number}`.execute(on)
}

export async function noteOwnTag(on: Executor, { runId, number }: MomentKey, tag: string): Promise<void> {
  await sql`
    update campaign_moments set tags = array[${tag}]::text[] where run_id = ${runId} and number = ${number}`.execute(on)
}

/** Somebody of a Moment who does not carry its tag yet. */
export interface Unmarked {
  readonly person: number
  readonly userid: string
  readonly externalUserid: string
}

export interface Batch {
  readonly people: readonly Unmarked[]
  /** Before which task all is done once these are. */
  readonly next: number
}

/**
 * The next who are to carry the tag of a Moment, task by task: of as many tasks as fill a batch, so that none of them is read
 * more often than it takes. Undefined: there are no more tasks.
 */
export async function nextUnmarked(
  on: Executor,
  { runId, number, markedTo }: Pick<Tagging, 'runId' | 'number' | 'markedTo'>,
  limit: number,
): Promise<Batch | undefined> {
  const { rows: tasks } = await sql<{ number: number }>`
    select number from (
      select number, sum(recipients) over (order by number) - recipients as before from campaign_tasks
      where run_id = ${runId} and moment = ${number} and number >= ${markedTo}
    ) t where before < ${limit} order by number`.execute(on)
  const last = tasks.at(-1)
  if (last === undefined) return undefined
  const { rows: people } = await sql<Unmarked & { task: number }>`
    select customer_id as person, sender as userid, external_userid as "externalUserid", task from campaign_recipients
    where run_id = ${n(runId)} and task = any(${numberArray(tasks.map((one) => one.number))}::int[]) and fate = ${sentTo}
      and marked is null
    order by task, customer_id limit ${limit}`.execute(on)
  return { people, next: people.length < limit ? last.number + 1 : (people.at(-1)?.task ?? last.number) }
}

/** What came of some marks: who carries the tag, and who cannot and so is in the run no more. */
export async function noteMarks(
  tx: Tx,
  { runId, number }: MomentKey,
  {
    marked,
    unmarkable,
    next,
  }: {
    readonly marked: readonly number[]
    readonly unmarkable: readonly number[]
    /** Before which task all that could be is done. */
    readonly next: number
  },
): Promise<void> {
  // whoever changes the run as a whole changes its tasks too: one after the other
  await sql`select id from campaign_runs where id = ${runId} for share`.execute(tx)
  const fresh = await sql`
    update campaign_recipients set marked = true where run_id = ${n(runId)} and customer_id = any(${numberArray(marked)}::bigint[])
      and marked is null and fate = ${sentTo}`.execute(tx)
  const { rows: dropped } = await sql<{ person: number; task: number }>`
    select customer_id as person, task from campaign_recipients
    where run_id = ${n(runId)} and customer_id = any(${numberArray(unmarkable)}::bigint[]) and fate = ${sentTo}
      and marked is null`.execute(tx)
  const gone = numberArray(dropped.map(({ person }) => person))
  await sql`
    update campaign_recipients set fate = ${n(fateNumber('no_sender'))}, reason = ${notMarked}, task = null
    where run_id = ${n(runId)} and customer_id = any(${gone}::bigint[])`.execute(tx)
  const fewer = Map.groupBy(dropped, ({ task }) => task)
  await sql`
    update campaign_tasks t set recipients = t.recipients - gone.count
    from unnest(${numberArray([...fewer.keys()])}::int[], ${numberArray([...fewer.values()].map((one) => one.length))}::int[])
      as gone(number, count)
    where t.run_id = ${runId} and t.number = gone.number`.execute(tx)
  await releaseTouchesOf(
    tx,
    runId,
    dropped.map(({ person }) => person),
  )
  await sql`
    update campaign_moments set marked = marked + ${Number(fresh.numAffectedRows ?? 0n)}::int,
      unmarkable = unmarkable + ${dropped.length}::int, marked_to = greatest(marked_to, ${next}::bigint)
    where run_id = ${runId} and number = ${number}`.execute(tx)
}

/**
 * Everybody who can carry the tag does. Members who have nobody left are not asked; without any, there is no Moment. Answers
 * whether it can go out, whether it is of the canary, and whether nothing of its run went out before.
 */
export async function finishMarking(
  tx: Tx,
  { runId, number }: MomentKey,
): Promise<{ readonly open: boolean; readonly canary: boolean; readonly first: boolean }> {
  const why = 'nobody could be marked'
  await sql`
    update campaign_tasks set state = 'failed', why = ${why}, next_at = null, leased_until = null
    where run_id = ${runId} and moment = ${number} and state = 'planned' and recipients <= 0`.execute(tx)
  const { rows } = await sql<{ open: boolean; canary: boolean; first: boolean }>`
    update campaign_moments m set leased_until = null, next_at = null,
      state = case when tasks.open then 'ready' else 'failed' end, why = case when tasks.open then m.why else ${why} end
    from (select exists(select from campaign_tasks where run_id = ${runId} and moment = ${number} and state = 'planned') as open) tasks
    where m.run_id = ${runId} and m.number = ${number} and m.state = 'marking'
    returning tasks.open, m.canary, not exists (
      select from campaign_moments o where o.run_id = m.run_id and o.asked_at is not null) as first`.execute(tx)
  return rows[0] ?? { open: false, canary: false, first: false }
}

/** The tag is not at the platform any more: whoever carried it is marked anew, with another of the same name. */
export async function beginAnew(tx: Tx, { runId, number }: MomentKey): Promise<void> {
  const { rows } = await sql<{ task: number }>`
    select number as task from campaign_tasks where run_id = ${runId} and moment = ${number}`.execute(tx)
  await sql`
    update campaign_recipients set marked = null
    where run_id = ${n(runId)} and marked and task = any(${numberArray(rows.map(({ task }) => task))}::int[])`.execute(
    tx,
  )
  await sql`
    update campaign_moments set state = 'planned', tags = '{}', marked = 0, marked_to = 0, leased_until = null
    where run_id = ${runId} and number = ${number} and state = 'marking'`.execute(tx)
}

/** The run is over and nobody carries its tag any more; what was never asked for is not any more. */
export async function noteUnmarked(on: Executor, { runId, number }: MomentKey, at: Date): Promise<void> {
  await sql`
    update campaign_moments set unmarked_at = ${at}, leased_until = null,
      next_at = case when state in ('planned', 'marking') then null else next_at end,
      state = case when state in ('planned', 'marking') then 'cancelled' else state end
    where run_id = ${runId} and number = ${number}`.execute(on)
}

/** The own tags of runs that are not taken back yet: what the platform calls them, as far as it is known, and their names. */
export async function ownTagsInUse(
  on: Executor,
  corpId: number,
): Promise<readonly { readonly id: string | null; readonly name: string }[]> {
  const { rows } = await sql<{ id: string | null; name: string }>`
    select m.tags[1] as id, ${nameOfTag} as name from campaign_moments m join campaign_runs r on r.id = m.run_id
    where m.corp_id = ${corpId} and m.own_tag and m.unmarked_at is null`.execute(on)
  return rows
}
