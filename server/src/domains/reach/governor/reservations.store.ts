import { sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import { fateNumber, sendStatus } from '../campaigns/recipient.ts'
import { type Channel, type TouchKind, weights } from './touch.ts'
import { bookTouches } from './touches.store.ts'

/**
 * Runs of a corp take touches one after the other: whoever decides on people (`decisions`) and then reserves takes this first
 * and holds it until both are committed. Otherwise two runs that are planned at the same time would each see the last free
 * touch of somebody. Confirming and releasing need no lock: they only turn what counts into what counts, or set it free.
 */
export async function lockReserving(tx: Tx, corpId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.reserving}, ${corpId})`.execute(tx)
}

/**
 * Takes a touch of everybody to whom this run will send; answers of how many. A rehearsal takes none, and neither does what
 * is no marketing. Said again it takes no more. `after`: only of tasks with a greater number.
 */
export async function reserveTouches(tx: Tx, runId: number, after = -1): Promise<number> {
  const run = await runOf(tx, runId)
  if (run.rehearsal || run.kind !== 'marketing') return 0
  await lockReserving(tx, run.corpId)
  const { channel } = run
  const { numAffectedRows } = await sql`
    insert into touch_reservations (customer_id, run_id, corp_id, at, channel, weight)
    select customer_id, ${runId}, ${run.corpId}::int, ${run.plannedFor}::timestamptz, ${channel}::text, ${weights[channel]}::smallint
    from campaign_recipients
    where run_id = ${runId} and fate = ${fateNumber('sent_to')} and status is null and task > ${after}
    on conflict do nothing`.execute(tx)
  return Number(numAffectedRows ?? 0n)
}

/**
 * What the platform said of a task's people becomes what they felt: who was sent to gets a row in the ledger, of the time at
 * which it was sent, and who is no friend any more or over the platform's cap gets his touch back; that he was over it is kept
 * for what is reckoned of his quota. Where the platform told no time, it is that of the confirmation, else `at`. To be told
 * after the statuses were written, in their transaction, as often as they are read: a touch counts once. One task a
 * transaction: two that book the same people in turns would wait for each other in a ring.
 */
export async function confirmTouches(tx: Tx, runId: number, task: number, at: Date): Promise<void> {
  const run = await runOf(tx, runId)
  const told = sql`run_id = ${runId} and task = ${task}`
  const { confirmed_at } = await tx
    .selectFrom('campaign_tasks')
    .select('confirmed_at')
    .where('run_id', '=', runId)
    .where('number', '=', task)
    .executeTakeFirstOrThrow()
  const confirmed = confirmed_at ?? at
  await bookTouches(
    tx,
    sql`select customer_id, coalesce(sent_at, ${confirmed}::timestamptz), ${`campaign:${runId}`}::text, ${run.corpId}::int, ${run.channel}::text,
      ${run.kind}::text, ${run.campaignId}::uuid, sender, ${weights[run.channel]}::smallint
    from campaign_recipients where ${told} and status = ${sendStatus.sent}`,
  )
  await sql`
    insert into quota_fulls (customer_id, corp_id, at)
    select customer_id, ${run.corpId}::int, ${confirmed}::timestamptz
    from campaign_recipients where ${told} and status = ${sendStatus.overCap} order by customer_id
    on conflict (customer_id) do update set at = greatest(quota_fulls.at, excluded.at)`.execute(tx)
  const settled = sql`${told} and status in (${sendStatus.sent}, ${sendStatus.noFriend}, ${sendStatus.overCap})`
  await sql`
    delete from touch_reservations where run_id = ${runId}
      and customer_id in (select customer_id from campaign_recipients where ${settled})`.execute(tx)
}

/** Gives back the touches of those whom these tasks did not reach: they expired, were cancelled or could not be made. */
export async function releaseTouches(tx: Tx, runId: number, tasks: readonly number[]): Promise<void> {
  await sql`
    delete from touch_reservations where run_id = ${runId} and customer_id in (
      select customer_id from campaign_recipients where run_id = ${runId} and task = any(${numberArray(tasks)}::int[]))`.execute(
    tx,
  )
}

interface Run {
  readonly corpId: number
  readonly campaignId: string
  readonly rehearsal: boolean
  readonly plannedFor: Date
  readonly kind: TouchKind
  readonly channel: Channel
}

export async function runOf(on: Executor, runId: number): Promise<Run> {
  const { rows } = await sql<Run>`
    select r.corp_id as "corpId", r.campaign_id as "campaignId", r.rehearsal, r.planned_for as "plannedFor",
      case when coalesce((v.spec->>'marketing')::boolean, true) then 'marketing' else 'service' end as kind,
      case when v.spec->>'kind' = 'moment' then 'moments' else 'customer_send' end as channel
    from campaign_runs r join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version
    where r.id = ${runId}`.execute(on)
  const [run] = rows
  if (run === undefined) throw new Error(`there is no run ${runId}`)
  return run
}

/** The same for some people of a run, to whom nobody can send after all. */
export async function releaseTouchesOf(tx: Tx, runId: number, customers: readonly number[]): Promise<void> {
  if (customers.length === 0) return
  await sql`
    delete from touch_reservations where run_id = ${runId} and customer_id = any(${numberArray(customers)}::bigint[])`.execute(
    tx,
  )
}
