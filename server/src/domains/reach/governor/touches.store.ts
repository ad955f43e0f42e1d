import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { ownEffect } from './own-sends.ts'
import { type Channel, type Felt, packed, secondOf, type Touch, type TouchKind, weights } from './touch.ts'

/**
 * Writes touches into the ledger, in the transaction that records what sent them. Those that are known are left as they
 * are; rows are taken in the order of persons, so that two writers never wait for each other in a ring. Answers what was new.
 */
export async function recordTouches(tx: Tx, touches: readonly Touch[]): Promise<readonly Touched[]> {
  if (touches.length === 0) return []
  return bookTouches(
    tx,
    sql`select * from unnest(
      ${numberArray(touches.map((one) => one.customerId))}::bigint[],
      ${textArray(touches.map((one) => one.at.toISOString()))}::timestamptz[],
      ${textArray(touches.map((one) => one.effect))}::text[], ${numberArray(touches.map((one) => one.corpId))}::int[],
      ${textArray(touches.map((one) => one.channel))}::text[], ${textArray(touches.map((one) => one.kind))}::text[],
      ${textArray(touches.map((one) => one.campaignId))}::uuid[], ${textArray(touches.map((one) => one.sender))}::text[],
      ${numberArray(touches.map((one) => weights[one.channel]))}::smallint[]
    ) as touch(customer_id, at, effect, corp_id, channel, kind, campaign_id, sender, weight)`,
  )
}

/**
 * The same of what a query answers: customer_id, at, effect, corp_id, channel, kind, campaign_id, sender and weight, in this
 * order. What was new passes through the process, so a query is to answer some ten thousands at most.
 */
export async function bookTouches(tx: Tx, query: RawBuilder<unknown>): Promise<readonly Touched[]> {
  const { rows } = await sql<Touched>`
    insert into touches (customer_id, at, effect, corp_id, channel, kind, campaign_id, sender, weight)
    ${query} order by 1
    on conflict do nothing
    returning customer_id as "customerId", corp_id as "corpId", at, channel, kind, weight`.execute(tx)
  await keepRecent(
    tx,
    rows.filter(({ kind }) => kind === 'marketing'),
  )
  return rows
}

interface Touched {
  readonly customerId: number
  readonly corpId: number
  readonly at: Date
  readonly channel: Channel
  readonly kind: TouchKind
  readonly weight: number
}

/** What is kept of each person beside the ledger, after these were written to it. */
async function keepRecent(tx: Tx, touched: readonly Touched[]): Promise<void> {
  if (touched.length === 0) return
  await sql`
    insert into recent_touches (customer_id, corp_id, latest)
    select customer_id, min(corp_id), fold_touches('{}', array_agg(touch)) from unnest(
      ${numberArray(touched.map((one) => one.customerId))}::bigint[], ${numberArray(touched.map((one) => one.corpId))}::int[],
      ${numberArray(touched.map((one) => packed({ ...one, second: secondOf(one.at) })))}::bigint[]
    ) as given(customer_id, corp_id, touch)
    group by customer_id order by customer_id
    on conflict (customer_id) do update set latest = fold_touches(recent_touches.latest, excluded.latest)`.execute(tx)
}

/** The marketing touches of these homes after one moment and up to another, the latest first. */
export async function feltBetween(
  on: Executor,
  homes: readonly number[],
  after: Date,
  until: Date,
): Promise<readonly Felt[]> {
  const { rows } = await sql<{ at: Date; channel: Channel; weight: number }>`
    select at, channel, weight from touches
    where customer_id = any(${numberArray(homes)}::bigint[]) and kind = 'marketing' and at > ${after} and at <= ${until}
    order by at desc`.execute(on)
  return rows.map(({ at, channel, weight }) => ({ second: secondOf(at), channel, weight }))
}

export interface TouchRow {
  readonly at: Date
  readonly effect: string
  readonly channel: Channel
  readonly kind: TouchKind
  readonly campaignId: string | null
  readonly campaign: string | null
  readonly sender: string | null
  readonly senderName: string | null
  readonly weight: number
  /** A member sent it by himself. */
  readonly own: boolean
  /** Whether it is sure that it reached him; of what was sent without an answer it is not. */
  readonly certain: boolean
}

/**
 * A page of a person's touches, the latest first, by all his homes. Who serves him sees every touch, for it counts; in whose
 * name it went is seen within the data scope.
 */
export async function touchesOf(
  on: Executor,
  actor: Actor,
  homes: readonly number[],
  before: { readonly at: Date; readonly effect: string } | undefined,
  limit: number,
): Promise<readonly TouchRow[]> {
  const older = before === undefined ? sql`true` : sql`(at, effect) < (${before.at}, ${before.effect})`
  const { rows } = await sql<Omit<TouchRow, 'certain' | 'own'>>`
    with own as materialized (
      select at, effect, channel, kind, campaign_id, sender, weight from touches
      where customer_id = any(${numberArray(homes)}::bigint[]) and corp_id = ${actor.corpId} and ${older}
      order by at desc, effect desc limit ${limit}
    )
    select own.at, own.effect, own.channel, own.kind, own.campaign_id as "campaignId", c.name as campaign,
      s.userid as sender, s.name as "senderName", own.weight
    from own left join campaigns c on c.id = own.campaign_id
    left join staff s on s.corp_id = ${actor.corpId} and s.userid = own.sender and ${staffInScope(actor, 's.userid')}
    order by own.at desc, own.effect desc`.execute(on)
  const unanswered = await on
    .selectFrom('effects')
    .select('key')
    .where('state', '=', 'unknown')
    .where('key', 'in', ['', ...rows.map(({ effect }) => effect)])
    .execute()
  const doubtful = new Set(unanswered.map(({ key }) => key))
  return rows.map((row) => ({ ...row, own: row.effect.startsWith(ownEffect), certain: !doubtful.has(row.effect) }))
}
