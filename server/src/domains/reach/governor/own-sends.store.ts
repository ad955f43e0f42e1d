import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { type OwnCounts, type OwnKind, type OwnListing, type OwnSend, ownEffect } from './own-sends.ts'
import { type Channel, type TouchKind, weights } from './touch.ts'
import { bookTouches } from './touches.store.ts'

/** How far a kind was listed; undefined: never. */
export async function listingOf(on: Executor, corpId: number, kind: OwnKind): Promise<OwnListing | undefined> {
  return await on
    .selectFrom('own_listings')
    .select(['listed_until as listedUntil', 'swept_at as sweptAt'])
    .where('corp_id', '=', corpId)
    .where('kind', '=', kind)
    .executeTakeFirst()
}

/** Everything of a kind up to then is known; `swept`: from days before. */
export async function noteListed(
  on: Executor,
  corpId: number,
  kind: OwnKind,
  { until, swept }: { readonly until: Date; readonly swept: boolean },
): Promise<void> {
  await sql`
    insert into own_listings (corp_id, kind, listed_until, swept_at)
    values (${corpId}, ${kind}, ${until}, ${swept ? until : new Date(0)})
    on conflict (corp_id, kind) do update set listed_until = greatest(own_listings.listed_until, excluded.listed_until),
      swept_at = greatest(own_listings.swept_at, excluded.swept_at)`.execute(on)
}

export async function noteOwnSends(
  on: Executor,
  corpId: number,
  sends: readonly Omit<OwnSend, 'reads' | 'sent'>[],
  at: Date,
): Promise<void> {
  if (sends.length === 0) return
  await sql`
    insert into own_sends (corp_id, msgid, kind, sender, made_at, read_next)
    select ${corpId}::int, msgid, kind, sender, made_at, ${at}::timestamptz from unnest(
      ${textArray(sends.map((one) => one.msgid))}::text[], ${textArray(sends.map((one) => one.kind))}::text[],
      ${textArray(sends.map((one) => one.sender))}::text[], ${textArray(sends.map(({ madeAt }) => madeAt.toISOString()))}::timestamptz[]
    ) as given(msgid, kind, sender, made_at)
    on conflict do nothing`.execute(on)
}

/** Those whose results are to be read now, the oldest first. */
export async function dueOwnSends(on: Executor, corpId: number, at: Date, limit: number): Promise<readonly OwnSend[]> {
  const { rows } = await sql<OwnSend>`
    select msgid, kind, sender, made_at as "madeAt", reads, sent from own_sends
    where corp_id = ${corpId} and read_next <= ${at} order by read_next, msgid limit ${limit}`.execute(on)
  return rows
}

/** `counts`: left out where nothing was told. */
export async function noteOwnReading(
  on: Executor,
  corpId: number,
  msgid: string,
  { counts, next }: { readonly counts?: OwnCounts; readonly next: Date | null },
): Promise<void> {
  await sql`
    update own_sends set sent = coalesce(${counts?.sent ?? null}::int, sent), reads = reads + 1,
      over_cap = coalesce(${counts?.overCap ?? null}::int, over_cap), read_next = ${next}::timestamptz
    where corp_id = ${corpId} and msgid = ${msgid}`.execute(on)
}

/** Which of these persons' touches since then members made by themselves. */
export async function ownTouchesSince(
  on: Executor,
  homes: readonly number[],
  since: Date,
  until: Date,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from touches
    where customer_id = any(${numberArray(homes)}::bigint[]) and at > ${since} and at <= ${until}
      and starts_with(effect, ${ownEffect})`.execute(on)
  return rows[0]?.n ?? 0
}

/** A send to groups: of the house, or a member's own. */
export interface GroupSend {
  readonly effect: string
  readonly channel: 'group_send' | 'by_hand'
  readonly sender: string
  readonly kind: TouchKind
  readonly campaignId: string | null
}

/** Groups of which the people are booked in one statement. */
const groupsAtOnce = 20

/**
 * Who was in these groups when something was sent to them was touched by it, each in each of his groups, whoever sent it:
 * a member's own send to a group is no message to one person. Who came later reads it, and is not counted.
 */
async function bookMembers(tx: Tx, corpId: number, of: GroupSend, reached: readonly Moment[]): Promise<void> {
  const channel: Channel = 'group_send'
  for (let from = 0; from < reached.length; from += groupsAtOnce) {
    const some = reached.slice(from, from + groupsAtOnce)
    await bookTouches(
      tx,
      sql`select m.customer_id, to_timestamp(g.at), ${`${of.effect}:`}::text || g.chat_id, ${corpId}::int, ${channel}::text, ${of.kind}::text,
        ${of.campaignId}::uuid, ${of.sender}::text, ${weights[channel]}::smallint
      from unnest(${textArray(some.map(({ to }) => to))}::text[], ${secondsOf(some)}::float8[]) as g(chat_id, at)
      join group_members m on m.chat_id = g.chat_id and m.corp_id = ${corpId} and m.customer_id is not null
        and m.joined_at <= to_timestamp(g.at)
        and (m.left_at is null or m.left_at < m.joined_at or m.left_at > to_timestamp(g.at))
        and (m.absent_at is null or m.absent_at < m.joined_at or m.absent_at > to_timestamp(g.at))`,
    )
  }
}

interface Moment {
  readonly to: string
  readonly at: Date
}

const secondsOf = (moments: readonly Moment[]) => numberArray(moments.map(({ at }) => at.getTime() / 1000))

/** Groups that a send reached with their people, and those that were refused as over the platform's cap. */
export async function noteGroupTouches(
  tx: Tx,
  corpId: number,
  of: GroupSend,
  reached: readonly Moment[],
  fulls: readonly Moment[],
): Promise<void> {
  await sql`
    insert into group_touches (chat_id, at, effect, corp_id, channel, sender)
    select chat_id, to_timestamp(at), ${of.effect}::text, ${corpId}::int, ${of.channel}::text, ${of.sender}::text
    from unnest(${textArray(reached.map(({ to }) => to))}::text[], ${secondsOf(reached)}::float8[]) as given(chat_id, at)
    on conflict do nothing`.execute(tx)
  await sql`
    insert into group_quota_fulls (chat_id, corp_id, at)
    select chat_id, ${corpId}::int, to_timestamp(max(at))
    from unnest(${textArray(fulls.map(({ to }) => to))}::text[], ${secondsOf(fulls)}::float8[]) as given(chat_id, at)
    group by chat_id order by chat_id
    on conflict (chat_id) do update set at = greatest(group_quota_fulls.at, excluded.at)`.execute(tx)
  await bookMembers(tx, corpId, of, reached)
}
