import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { taskKey } from './recipients.store.ts'
import { nextLook, type Task, type TaskKey } from './task.ts'
import { columns } from './tasks.store.ts'

/** Why the effect of an attempt was given up that stood in no list: it may be listed late. */
export const neverMade = 'never made'
/** What is said of it once it was. */
export const listedLate = 'listed late'

interface Planned extends TaskKey {
  readonly lateAt: Date | null
}

const given = (tasks: readonly Planned[]) =>
  sql`unnest(${numberArray(tasks.map((one) => one.runId))}::int[], ${numberArray(tasks.map((one) => one.number))}::int[],
    ${textArray(tasks.map((one) => one.lateAt?.toISOString()))}::timestamptz[]) as n(run_id, number, late_at)`

/**
 * When these tasks are looked for next among what is listed late; null: no more. They may be in hand, several together: whoever
 * waits for one here would be waited for by the other, so what is locked keeps the time until which it was taken.
 */
export async function planLate(on: Executor, tasks: readonly Planned[]): Promise<void> {
  if (tasks.length === 0) return
  await sql`
    with free as (
      select t.run_id, t.number, n.late_at from ${given(tasks)}
      join campaign_tasks t on t.run_id = n.run_id and t.number = n.number for update of t skip locked)
    update campaign_tasks t set late_at = free.late_at from free
    where t.run_id = free.run_id and t.number = free.number`.execute(on)
}

/** What these were asked for is given up, and may come up all the same. They are in the hand of whoever says so. */
export async function expectLate(on: Executor, tasks: readonly Task[], now: Date): Promise<void> {
  if (tasks.length === 0) return
  const planned = tasks.map(({ runId, number, askedAt }) => ({
    runId,
    number,
    lateAt: nextLook({ number, askedAt }, now),
  }))
  await sql`
    update campaign_tasks t set late_at = n.late_at from ${given(planned)}
    where t.run_id = n.run_id and t.number = n.number`.execute(on)
}

/** When one of a corp's is to be looked for, all are: one list tells of them all. Nobody else looks for them until then. */
export async function takeLate(on: Executor, corpId: number, at: Date, until: Date): Promise<readonly Task[]> {
  const { rows } = await sql<Task>`
    with ripe as (
      select run_id, number from campaign_tasks
      where corp_id = ${corpId} and late_at is not null
        and exists (select from campaign_tasks where corp_id = ${corpId} and late_at <= ${at})
      order by run_id, number for update skip locked)
    update campaign_tasks t set late_at = ${until} from ripe
    where t.run_id = ripe.run_id and t.number = ripe.number returning ${columns}`.execute(on)
  return rows
}

/** An attempt that was given up. */
export interface GivenUp {
  readonly effect: string
  readonly askedAt: Date
  /** It has been listed since, and what became of it is known. */
  readonly listed: boolean
  /** It carries links of its own, by which it is known for sure. */
  readonly linked: boolean
}

/** By the task the attempt that was given up since then: the first that has not been listed, else one that has. */
export async function givenUpOf(
  on: Executor,
  tasks: readonly Task[],
  since: Date,
): Promise<ReadonlyMap<string, GivenUp>> {
  const of = new Map<string, string>(
    tasks.flatMap((task) =>
      Array.from({ length: task.attempt }, (_, at) => [`campaign:${taskKey(task)}:${at + 1}`, taskKey(task)] as const),
    ),
  )
  const { rows } = await sql<GivenUp>`
    select key as effect, claimed_at as "askedAt", state <> 'refused' as listed,
      coalesce(jsonb_array_length(detail->'links'), 0) > 0 as linked
    from effects
    where key = any(${textArray([...of.keys()])}::text[]) and detail->>'reason' in (${neverMade}, ${listedLate})
      and claimed_at > ${since} order by state <> 'refused' desc, claimed_at desc`.execute(on)
  return new Map(rows.map((row) => [of.get(row.effect) ?? '', row]))
}

/** Whether messages of a corp are being asked for, or looked for: what is listed may be one of these. */
export async function isAsking(on: Executor, corpId: number): Promise<boolean> {
  const { rows } = await sql<{ asking: boolean }>`
    select exists (select from campaign_tasks
      where corp_id = ${corpId} and state in ('asking', 'unknown') and moment is null) as asking`.execute(on)
  return rows[0]?.asking ?? false
}

interface LateSend {
  readonly msgid: string
  readonly effect: string
}

/** Whoever books what a task's people felt holds it first. */
export async function holdTask(tx: Tx, { runId, number }: TaskKey): Promise<void> {
  await sql`select from campaign_tasks where run_id = ${runId} and number = ${number} for update`.execute(tx)
}

/** A send that was listed late is the task, which its member has confirmed; false: the task does not stand as it did. */
export async function keepLate(
  tx: Tx,
  task: Task,
  { msgid, effect }: LateSend,
  confirmedAt: Date,
  now: Date,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update campaign_tasks set state = 'confirmed', msgid = ${msgid}, effect = ${effect}, confirmed_at = ${confirmedAt},
      next_at = ${now}, leased_until = null, remind_at = null, settled_at = null, results_cursor = null,
      past_msgids = case when msgid is null then past_msgids else array_append(past_msgids, msgid) end
    where run_id = ${task.runId} and number = ${task.number} and state = ${task.state} and attempt = ${task.attempt}
      and msgid is not distinct from ${task.msgid}`.execute(tx)
  return Number(numAffectedRows ?? 0n) > 0
}

/** A send that was listed late is known from now on, beside what the task is. */
export async function noteLate(tx: Tx, { runId, number }: TaskKey, msgid: string): Promise<void> {
  await sql`
    update campaign_tasks set past_msgids = array_append(past_msgids, ${msgid})
    where run_id = ${runId} and number = ${number} and not past_msgids @> array[${msgid}::text]`.execute(tx)
}
