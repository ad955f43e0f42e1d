import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { OwnSend } from './own-sends.ts'

/** The latest that is known of; undefined: none yet. */
export async function latestOwnSend(on: Executor, corpId: number): Promise<Date | undefined> {
  const row = await on
    .selectFrom('own_sends')
    .select((eb) => eb.fn.max('made_at').as('latest'))
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  return row?.latest ?? undefined
}

export async function noteOwnSends(
  on: Executor,
  corpId: number,
  sends: readonly Omit<OwnSend, 'reads'>[],
  at: Date,
): Promise<void> {
  if (sends.length === 0) return
  await sql`
    insert into own_sends (corp_id, msgid, chat_type, sender, made_at, read_next)
    select ${corpId}::int, msgid, chat_type, sender, made_at, ${at}::timestamptz from unnest(
      ${textArray(sends.map((one) => one.msgid))}::text[], ${textArray(sends.map((one) => one.chatType))}::text[],
      ${textArray(sends.map((one) => one.sender))}::text[], ${textArray(sends.map(({ madeAt }) => madeAt.toISOString()))}::timestamptz[]
    ) as given(msgid, chat_type, sender, made_at)
    on conflict do nothing`.execute(on)
}

/** Those whose results are to be read now, the oldest first. */
export async function dueOwnSends(on: Executor, corpId: number, at: Date, limit: number): Promise<readonly OwnSend[]> {
  const { rows } = await sql<OwnSend>`
    select msgid, chat_type as "chatType", sender, made_at as "madeAt", reads from own_sends
    where corp_id = ${corpId} and read_next <= ${at} order by read_next, msgid limit ${limit}`.execute(on)
  return rows
}

export interface OwnReading {
  readonly sent: number
  readonly overCap: number
  readonly next: Date | null
}

export async function noteOwnReading(
  on: Executor,
  corpId: number,
  msgid: string,
  { sent, overCap, next }: OwnReading,
): Promise<void> {
  await sql`
    update own_sends set sent = ${sent}, over_cap = ${overCap}, read_next = ${next}::timestamptz, reads = reads + 1
    where corp_id = ${corpId} and msgid = ${msgid}`.execute(on)
}

/** Groups that a send reached, and those that were refused as over the platform's cap. */
export async function noteGroupTouches(
  tx: Tx,
  corpId: number,
  of: { readonly effect: string; readonly channel: 'group_send' | 'by_hand'; readonly sender: string },
  reached: readonly { readonly to: string; readonly at: Date }[],
  fulls: readonly { readonly to: string; readonly at: Date }[],
): Promise<void> {
  const seconds = (moments: readonly { readonly at: Date }[]) =>
    numberArray(moments.map(({ at }) => at.getTime() / 1000))
  await sql`
    insert into group_touches (chat_id, at, effect, corp_id, channel, sender)
    select chat_id, to_timestamp(at), ${of.effect}::text, ${corpId}::int, ${of.channel}::text, ${of.sender}::text
    from unnest(${textArray(reached.map(({ to }) => to))}::text[], ${seconds(reached)}::float8[]) as given(chat_id, at)
    on conflict do nothing`.execute(tx)
  await sql`
    insert into group_quota_fulls (chat_id, corp_id, at)
    select chat_id, ${corpId}::int, to_timestamp(max(at))
    from unnest(${textArray(fulls.map(({ to }) => to))}::text[], ${seconds(fulls)}::float8[]) as given(chat_id, at)
    group by chat_id order by chat_id
    on conflict (chat_id) do update set at = greatest(group_quota_fulls.at, excluded.at)`.execute(tx)
}
