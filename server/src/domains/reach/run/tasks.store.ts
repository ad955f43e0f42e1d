import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Ending, Task, TaskKey, TaskState } from './task.ts'

export const columns = sql`t.corp_id as "corpId", t.run_id as "runId", t.number, t.variant, t.sender, t.recipients, t.canary, t.state,
  t.attempt, t.effect, t.msgid, t.past_msgids as "pastMsgids", t.asked_at as "askedAt", t.expires_at as "expiresAt",
  t.confirmed_at as "confirmedAt", t.reminded, t.remind_at as "remindAt", t.ending, t.sought,
  t.results_cursor as "resultsCursor", t.tried, t.settled_at as "settledAt", t.moment`

const keys = (tasks: readonly TaskKey[]) =>
  sql`unnest(${numberArray(tasks.map((one) => one.runId))}::int[], ${numberArray(tasks.map((one) => one.number))}::int[])`

/** Which corps have tasks, or Moments, that are due, or sends that may be listed late. */
export async function corpsToRun(on: Executor, at: Date): Promise<readonly number[]> {
  const { rows } = await sql<{ corpId: number }>`
    select corp_id as "corpId" from campaign_tasks where next_at <= ${at}
    union select corp_id from campaign_moments where next_at <= ${at}
    union select corp_id from campaign_tasks where late_at <= ${at} order by 1`.execute(on)
  return rows.map((row) => row.corpId)
}

/** How much is taken in hand, and for how long nobody else takes it. */
export interface Taking {
  readonly limit: number
  readonly at: Date
  readonly machine: Date
  readonly leaseMs: number
}

/**
 * Takes tasks of these states that are due for so long: who dies with them in hand leaves them to whoever looks then. What
 * is only planned is taken while its run goes on, and of a canary only the canary.
 */
export async function takeTasks(
  on: Executor,
  corpId: number,
  states: readonly TaskState[],
  ask: Taking & { readonly of: 'messages' | 'moments' },
): Promise<readonly Task[]> {
  const until = new Date(ask.machine.getTime() + ask.leaseMs)
  const { rows } = await sql<Task>`
    with ripe as (
      select t.run_id, t.number from campaign_tasks t join campaign_runs r on r.id = t.run_id
      where t.corp_id = ${corpId} and t.state = any(${[...states]}::text[]) and t.next_at <= ${ask.at}
        -- a part of a Moment is not carried out as a message is
        and ${ask.of === 'moments' ? sql`t.moment is not null` : sql`t.moment is null`}
        and (t.leased_until is null or t.leased_until <= ${ask.machine})
        and (t.state <> 'planned' or r.state = 'running' or (r.state = 'canary' and t.canary))
      order by t.next_at, t.run_id, t.number limit ${ask.limit} for update of t skip locked)
    update campaign_tasks t set leased_until = ${until}, polled_at = ${ask.at} from ripe
    where t.run_id = ripe.run_id and t.number = ripe.number returning ${columns}`.execute(on)
  return rows
}

/** The tasks of a Moment in these states, by number. */
export async function tasksOfMoment(
  on: Executor,
  { runId, number }: { readonly runId: number; readonly number: number },
  states: readonly TaskState[],
): Promise<readonly Task[]> {
  const { rows } = await sql<Task>`
    select ${columns} from campaign_tasks t
    where t.run_id = ${runId} and t.moment = ${number} and t.state = any(${[...states]}::text[]) order by t.number`.execute(
    on,
  )
  return rows
}

/**
 * The tasks of a Moment that are to be taken back are taken back from now on, whatever is said of their run meanwhile; false: none
 * is to be any more.
 */
export async function beginTakingBack(
  on: Executor,
  { runId, number }: { readonly runId: number; readonly number: number },
  at: Date,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update campaign_tasks set polled_at = ${at}
    where run_id = ${runId} and moment = ${number} and state = 'asked' and ending is not null and ending <> 'absent'`.execute(
    on,
  )
  return Number(numAffectedRows ?? 0n) > 0
}

/**
 * Turns planned tasks into asked-for ones, each with another attempt. The runs are held: nobody pauses or cancels them
 * meanwhile, and those that were do not come back.
 */
export async function claimTasks(tx: Tx, tasks: readonly Task[], at: Date): Promise<readonly Task[]> {
  const runs = [...new Set(tasks.map((one) => one.runId))].sort((a, b) => a - b)
  await sql`select id from campaign_runs where id = any(${numberArray(runs)}::int[]) order by id for share`.execute(tx)
  const { rows } = await sql<Task>`
    update campaign_tasks t set state = 'asking', attempt = t.attempt + 1, asked_at = ${at}, sought = 0,
      effect = 'campaign:' || t.run_id || ':' || t.number || ':' || (t.attempt + 1)
    from ${keys(tasks)} as n(run_id, number), campaign_runs r
    where t.run_id = n.run_id and t.number = n.number and r.id = t.run_id and t.state = 'planned'
      and (r.state = 'running' or (r.state = 'canary' and t.canary))
    returning ${columns}`.execute(tx)
  return rows
}

/** What is known of a task now; what is left out stays. */
export interface TaskChange extends TaskKey {
  readonly state: TaskState
  readonly nextAt: Date | null
  readonly msgid?: string | null
  readonly expiresAt?: Date
  readonly confirmedAt?: Date
  readonly remindAt?: Date | null
  readonly reminded?: number
  readonly sought?: number
  readonly errcode?: number
  readonly why?: string
  readonly settledAt?: Date
  readonly cursor?: string | null
}

/**
 * Writes what became of tasks, and gives them out of hand. Only tasks that still stand as they were taken are changed. Whose
 * taking back was asked for while it was in hand is looked at when that was to be, not when a look without it would have been.
 */
export async function changeTasks(
  tx: Executor,
  changes: readonly (TaskChange & { readonly from: TaskState })[],
): Promise<void> {
  if (changes.length === 0) return
  const iso = (at: Date | null | undefined) => at?.toISOString() ?? null
  const given = (key: keyof TaskChange) => numberArray(changes.map((one) => (one[key] === undefined ? 0 : 1)))
  await sql`
    update campaign_tasks t set leased_until = null, state = n.state,
      next_at = case when n.state = 'asked' and t.ending is not null then least(t.next_at, n.next_at) else n.next_at end,
      msgid = case when n.has_msgid = 1 then n.msgid else t.msgid end,
      expires_at = coalesce(n.expires_at, t.expires_at),
      confirmed_at = coalesce(n.confirmed_at, t.confirmed_at),
      remind_at = case when n.has_remind = 1 then n.remind_at else t.remind_at end,
      reminded = coalesce(n.reminded, t.reminded), sought = coalesce(n.sought, t.sought),
      errcode = coalesce(n.errcode, t.errcode), why = coalesce(n.why, t.why),
      settled_at = coalesce(n.settled_at, t.settled_at),
      results_cursor = case when n.has_cursor = 1 then n.cursor else t.results_cursor end
    from unnest(
      ${numberArray(changes.map((one) => one.runId))}::int[], ${numberArray(changes.map((one) => one.number))}::int[],
      ${textArray(changes.map((one) => one.from))}::text[], ${textArray(changes.map((one) => one.state))}::text[],
      ${textArray(changes.map((one) => iso(one.nextAt)))}::timestamptz[],
      ${given('msgid')}::int[], ${textArray(changes.map((one) => one.msgid))}::text[],
      ${textArray(changes.map((one) => iso(one.expiresAt)))}::timestamptz[],
      ${textArray(changes.map((one) => iso(one.confirmedAt)))}::timestamptz[],
      ${given('remindAt')}::int[], ${textArray(changes.map((one) => iso(one.remindAt)))}::timestamptz[],
      ${numberArray(changes.map((one) => one.reminded ?? null))}::smallint[],
      ${numberArray(changes.map((one) => one.sought ?? null))}::smallint[],
      ${numberArray(changes.map((one) => one.errcode ?? null))}::int[],
      ${textArray(changes.map((one) => one.why))}::text[],
      ${textArray(changes.map((one) => iso(one.settledAt)))}::timestamptz[],
      ${given('cursor')}::int[], ${textArray(changes.map((one) => one.cursor))}::text[]
    ) as n(run_id, number, was, state, next_at, has_msgid, msgid, expires_at, confirmed_at, has_remind, remind_at,
      reminded, sought, errcode, why, settled_at, has_cursor, cursor)
    where t.run_id = n.run_id and t.number = n.number and t.state = n.was`.execute(tx)
}

/** Its member is about to be reminded. When again is known from how often he was. */
export async function noteReminder(on: Executor, { runId, number, reminded }: TaskKey & Pick<Task, 'reminded'>) {
  await sql`
    update campaign_tasks set reminded = ${reminded + 1}, remind_at = null
    where run_id = ${runId} and number = ${number} and state = 'asked'`.execute(on)
}

/**
 * A task that was taken back is planned once more: what it was there is kept, and it has a new attempt when it is asked. Its
 * member was reminded as often as he was: for him it is the same thing.
 */
export async function planAnew(tx: Executor, tasks: readonly (TaskKey & { readonly nextAt: Date })[]): Promise<void> {
  await sql`
    update campaign_tasks t set state = 'planned', leased_until = null, ending = null, remind_at = null,
      next_at = n.next_at, msgid = null, confirmed_at = null, errcode = null,
      past_msgids = case when t.msgid is null then t.past_msgids else array_append(t.past_msgids, t.msgid) end
    from unnest(${numberArray(tasks.map((one) => one.runId))}::int[], ${numberArray(tasks.map((one) => one.number))}::int[],
      ${textArray(tasks.map((one) => one.nextAt.toISOString()))}::timestamptz[]) as n(run_id, number, next_at)
    where t.run_id = n.run_id and t.number = n.number and t.state in ('asking', 'unknown', 'asked')`.execute(tx)
}

/**
 * Gives tasks out of hand as they are: they are looked at again at that time. Whose taking back was asked for while it was in
 * hand is looked at when that was to be.
 */
export async function letGo(
  on: Executor,
  tasks: readonly Pick<Task, 'runId' | 'number' | 'ending'>[],
  nextAt: Date,
): Promise<void> {
  if (tasks.length === 0) return
  await sql`
    update campaign_tasks t set leased_until = null,
      next_at = case when t.ending is distinct from n.ending then t.next_at else ${nextAt}::timestamptz end
    from unnest(${numberArray(tasks.map((one) => one.runId))}::int[], ${numberArray(tasks.map((one) => one.number))}::int[],
      ${textArray(tasks.map((one) => one.ending))}::text[]) as n(run_id, number, ending)
    where t.run_id = n.run_id and t.number = n.number`.execute(on)
}

/** Asks back what is open of a run: each is taken back at the next look. A graver reason takes the place of a lighter one. */
export async function takeBackOpen(
  tx: Tx,
  runId: number,
  ending: Ending,
  at: Date,
  only: { readonly numbers?: readonly number[]; readonly expiredBy?: Date } = {},
): Promise<number> {
  const lighter = lighterThan[ending]
  const { numAffectedRows } = await sql`
    update campaign_tasks set ending = ${ending}, next_at = ${at}, polled_at = null
    where run_id = ${runId} and state in ('asking', 'asked', 'unknown')
      and (ending is null or ending = any(${textArray(lighter)}::text[]))
      ${only.numbers === undefined ? sql`` : sql`and number = any(${numberArray(only.numbers)}::int[])`}
      ${only.expiredBy === undefined ? sql`` : sql`and expires_at <= ${only.expiredBy}`}`.execute(tx)
  return Number(numAffectedRows ?? 0n)
}

const lighterThan: Readonly<Record<Ending, readonly Ending[]>> = {
  quiet: [],
  paused: ['quiet'],
  absent: ['quiet', 'paused'],
  expired: ['quiet', 'paused', 'absent'],
  cancelled: ['quiet', 'paused', 'absent', 'expired'],
  stopped: ['quiet', 'paused', 'absent', 'expired'],
}

/** What has not been asked yet is not asked any more; answers the numbers. */
export async function dropPlanned(
  tx: Tx,
  runId: number,
  state: 'cancelled' | 'expired',
  only: { readonly expiredBy?: Date } = {},
): Promise<readonly number[]> {
  const { rows } = await sql<{ number: number }>`
    update campaign_tasks set state = ${state}, next_at = null, leased_until = null where run_id = ${runId} and state = 'planned'
      ${only.expiredBy === undefined ? sql`` : sql`and expires_at <= ${only.expiredBy}`}
    returning number`.execute(tx)
  return rows.map((row) => row.number)
}

/**
 * Sets when what is planned is asked; of a canary only the canary. What waits for a later moment of its own (a busy platform)
 * keeps it while members may be asked now.
 */
export async function askPlanned(tx: Tx, runId: number, at: Date, now: Date, only: 'canary' | 'all'): Promise<void> {
  await sql`
    update campaign_tasks set next_at = ${at} where run_id = ${runId} and state = 'planned'
      and (${only}::text = 'all' or canary) and (next_at is null or (${at > now} and next_at < ${at}))`.execute(tx)
}

/**
 * What was to be taken back for this reason stays with its member, where nobody had it in hand since: else the platform may have
 * cancelled it already, and its member could never confirm what we kept.
 */
export async function keepOpen(tx: Tx, runId: number, ending: Ending): Promise<void> {
  await sql`
    update campaign_tasks set ending = null where run_id = ${runId} and ending = ${ending} and polled_at is null
      and state in ('asking', 'asked', 'unknown')`.execute(tx)
}
