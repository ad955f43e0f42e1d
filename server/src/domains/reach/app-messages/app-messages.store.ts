import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Button } from './button.ts'
import type { MessageCard } from './card.ts'
import type { MessageKindName, Values } from './words.ts'

/** Something that a member of staff is to be told through the app; once a kind and key. */
export interface AppMessage {
  readonly corpId: number
  readonly userid: string
  readonly kind: MessageKindName
  readonly key: string
  /** Of whom it speaks: the words go when he is erased. */
  readonly customerId?: number | undefined
  readonly values: Values
  /** Told as this card and never as a line among others; the platform takes its task once. */
  readonly card?: MessageCard | undefined
}

/**
 * Puts messages on their members' desks; those that are known are left as they are, and a kind that the brand does not want
 * told is not kept. Answers how many are new.
 */
export async function tellStaff(tx: Tx, messages: readonly AppMessage[], at: Date): Promise<number> {
  if (messages.length === 0) return 0
  const { rows } = await sql<{ corpId: number; userid: string }>`
    insert into app_messages (corp_id, userid, kind, key, customer_id, values, card, created_at)
    select corp_id, userid, kind, key, customer_id, said, card, ${at} from unnest(
      ${numberArray(messages.map((one) => one.corpId))}::int[], ${textArray(messages.map((one) => one.userid))}::text[],
      ${textArray(messages.map((one) => one.kind))}::text[], ${textArray(messages.map((one) => one.key))}::text[],
      ${numberArray(messages.map((one) => one.customerId ?? null))}::bigint[],
      ${textArray(messages.map((one) => JSON.stringify(one.values)))}::jsonb[],
      ${textArray(messages.map((one) => (one.card === undefined ? null : JSON.stringify(one.card))))}::jsonb[]
    ) as told(corp_id, userid, kind, key, customer_id, said, card)
    where not exists (select from app_message_templates t
      where t.corp_id = told.corp_id and t.kind = told.kind and not t.enabled)
    on conflict (corp_id, kind, key) do nothing
    returning corp_id as "corpId", userid`.execute(tx)
  await sql`
    insert into app_message_desks (corp_id, userid, next_at)
    select distinct corp_id, userid, ${at}::timestamptz from unnest(
      ${numberArray(rows.map((row) => row.corpId))}::int[], ${textArray(rows.map((row) => row.userid))}::text[]
    ) as told(corp_id, userid) order by 1, 2
    on conflict (corp_id, userid) do update set next_at = least(app_message_desks.next_at, excluded.next_at)`.execute(
    tx,
  )
  return rows.length
}

export interface WaitingMessage {
  readonly id: number
  readonly kind: string
  readonly values: Values
  readonly card: MessageCard | null
}

export interface Desk {
  readonly corpId: number
  readonly userid: string
  /** The oldest of what waits, and how much waits in all. */
  readonly waiting: readonly WaitingMessage[]
  readonly count: number
  /** When he was sent something within the last hour. */
  readonly sent: readonly Date[]
}

/** The corps in which it is somebody's turn. */
export async function corpsWaiting(on: Executor, now: Date): Promise<readonly number[]> {
  const { rows } = await sql<{ corpId: number }>`
    select distinct corp_id as "corpId" from app_message_desks where next_at <= ${now}`.execute(on)
  return rows.map((row) => row.corpId)
}

/**
 * Members of these corps whose turn it is, taken for this transaction; two processes never take the same. Who is being told
 * something at this moment is left alone: when the platform has been away, what was written for him meanwhile would all be
 * said at once.
 */
export async function takeDesks(
  tx: Tx,
  corpIds: readonly number[],
  now: Date,
  { desks, lines }: { readonly desks: number; readonly lines: number },
): Promise<readonly Desk[]> {
  const { rows: ripe } = await sql<Pick<Desk, 'corpId' | 'userid'>>`
    select corp_id as "corpId", userid from app_message_desks d
    where next_at <= ${now} and corp_id = any(${numberArray(corpIds)}::int[])
      and not exists (select from app_message_sends s
        where s.corp_id = d.corp_id and s.userid = d.userid and s.state = 'making')
    order by next_at, corp_id, userid limit ${desks} for update skip locked`.execute(tx)
  // only once they are locked: what was put there in between would be overlooked, and its desk cleared
  const { rows } = await sql<Desk & { sent: readonly string[] }>`
    select ripe.corp_id as "corpId", ripe.userid, coalesce(held.waiting, '[]') as waiting, held.count::int as count,
      array(select greatest(s.made_at, s.settled_at) from app_message_sends s
        where s.corp_id = ripe.corp_id and s.userid = ripe.userid and s.state <> 'refused'
          and s.made_at > ${now}::timestamptz - interval '1 day'
          and greatest(s.made_at, s.settled_at) > ${now}::timestamptz - interval '1 hour') as sent
    from unnest(
      ${numberArray(ripe.map((one) => one.corpId))}::int[], ${textArray(ripe.map((one) => one.userid))}::text[]
    ) as ripe(corp_id, userid) cross join lateral (
      select json_agg(json_build_object('id', m.id, 'kind', m.kind, 'values', m.values, 'card', m.card) order by m.id)
        filter (where m.place <= ${lines}) as waiting, count(*) as count
      from (
        select id, kind, values, card, row_number() over (order by id) as place from app_messages
        where corp_id = ripe.corp_id and userid = ripe.userid and send_id is null
      ) m
    ) held`.execute(tx)
  return rows.map((row) => ({ ...row, sent: row.sent.map((at) => new Date(at)) }))
}

/** When the next desk has its turn. */
export async function setDesks(
  tx: Tx,
  turns: readonly { readonly corpId: number; readonly userid: string; readonly nextAt: Date | null }[],
): Promise<void> {
  const of = (list: typeof turns) => sql`unnest(
    ${numberArray(list.map((one) => one.corpId))}::int[], ${textArray(list.map((one) => one.userid))}::text[],
    ${textArray(list.map((one) => one.nextAt?.toISOString()))}::timestamptz[]) as turn(corp_id, userid, next_at)`
  await sql`
    update app_message_desks d set next_at = turn.next_at from ${of(turns.filter((one) => one.nextAt !== null))}
    where d.corp_id = turn.corp_id and d.userid = turn.userid`.execute(tx)
  await sql`
    delete from app_message_desks d using ${of(turns.filter((one) => one.nextAt === null))}
    where d.corp_id = turn.corp_id and d.userid = turn.userid`.execute(tx)
}

export interface NewSend {
  readonly corpId: number
  readonly userid: string
  readonly text: string
  readonly messages: readonly number[]
  /** The message as a card; the text is said where the app can take no taps. */
  readonly card?: MessageCard | undefined
}

export interface Send {
  readonly id: number
  readonly corpId: number
  readonly userid: string
  readonly text: string
  readonly card: MessageCard | null
  readonly madeAt: Date
}

/** What the number of a repetition may add to a text, in bytes. */
export const repetitionBytes = 8

/**
 * Writes down what is about to be said, and that these messages go with it. The same words as before get the first number
 * that none of them has as long as the platform remembers it: the platform, which is to know a call again whose answer was
 * lost, would take them for that.
 */
export async function writeSends(
  tx: Tx,
  sends: readonly NewSend[],
  by: { readonly processId: number; readonly at: Date; readonly memoryS: number },
): Promise<readonly Send[]> {
  if (sends.length === 0) return []
  const { rows } = await sql<{ id: number; place: number; text: string }>`
    with given as (
      select nextval(pg_get_serial_sequence('app_message_sends', 'id')) as id, said.*,
        row_number() over (partition by corp_id, userid, content order by place) as turn,
        array(select coalesce(substring(s.content->>'text' from length(s.content->>'said') + 1 for 12), '')
          from app_message_sends s where s.corp_id = said.corp_id and s.userid = said.userid
            and (s.state = 'making' or greatest(s.made_at, s.settled_at) > ${by.at}::timestamptz - make_interval(secs => ${by.memoryS}))
            and s.made_at > ${by.at}::timestamptz - interval '1 day' and s.content->>'said' = said.content) as used
      from unnest(
        ${numberArray(sends.map((one) => one.corpId))}::int[], ${textArray(sends.map((one) => one.userid))}::text[],
        ${textArray(sends.map((one) => one.text))}::text[], ${numberArray(sends.map((one) => one.messages.length))}::int[],
        ${textArray(sends.map((one) => (one.card === undefined ? null : JSON.stringify(one.card))))}::jsonb[]
      ) with ordinality as said(corp_id, userid, content, messages, card, place)
    ), told as (
      select *, content || (
        select mark from (
          select n, case when n > 1 then ' (' || n || ')' else '' end as mark
          from generate_series(1, cardinality(used) + turn) n
        ) numbered where mark <> all(used) order by n offset turn - 1 limit 1
      ) as text from given
    ), written as (
      insert into app_message_sends (id, corp_id, userid, made_at, content, messages, process_id, task_id)
      overriding system value
      select id, corp_id, userid, ${by.at}, jsonb_build_object('text', text, 'said', content, 'card', card), messages,
        ${by.processId}, card->>'task_id'
      from told
    )
    select id::bigint as id, place::int as place, text from told order by place`.execute(tx)
  const writtenAt = new Map(rows.map((row) => [row.place - 1, row]))
  const made = sends.flatMap((one, place) => {
    const row = writtenAt.get(place)
    return row === undefined ? [] : [{ ...one, id: row.id, text: row.text }]
  })
  const carried = made.flatMap((send) => send.messages.map((message) => ({ message, send: send.id })))
  await sql`
    update app_messages m set send_id = carried.send from unnest(
      ${numberArray(carried.map((one) => one.message))}::bigint[], ${numberArray(carried.map((one) => one.send))}::bigint[]
    ) as carried(message, send) where m.id = carried.message`.execute(tx)
  return made.map(({ id, corpId, userid, text, card }) => ({
    ...{ id, corpId, userid, text, card: card ?? null, madeAt: by.at },
  }))
}

/** Takes over what dead processes were about to say, or said without hearing the answer. */
export async function adoptSends(tx: Tx, processId: number): Promise<void> {
  await sql`
    update app_message_sends set process_id = ${processId}
    where state = 'making' and process_id in (
      select process_id from (
        select distinct process_id from app_message_sends where state = 'making' and process_id <> ${processId} offset 0
      ) as others where pg_try_advisory_xact_lock(1, process_id))`.execute(tx)
}

/** What this process has begun and could not bring to an end, of corps that may be asked now. */
export async function unsettledSends(
  on: Executor,
  processId: number,
  resting: readonly number[],
): Promise<readonly Send[]> {
  const { rows } = await sql<Send>`
    select id, corp_id as "corpId", userid, content->>'text' as text, nullif(content->'card', 'null') as card,
      made_at as "madeAt" from app_message_sends
    where state = 'making' and process_id = ${processId} and corp_id <> all(${numberArray(resting)}::int[])
    order by id limit 500`.execute(on)
  return rows
}

export type SendOutcome =
  | { readonly id: number; readonly state: 'sent'; readonly msgid: string | null }
  | { readonly id: number; readonly state: 'refused' | 'unknown'; readonly errcode: number | null }

export async function settleSends(on: Executor, outcomes: readonly SendOutcome[], at: Date): Promise<void> {
  if (outcomes.length === 0) return
  const said = outcomes.map((one) => ('msgid' in one ? { ...one, errcode: null } : { ...one, msgid: null }))
  await sql`
    update app_message_sends s set state = told.state, msgid = told.msgid, errcode = told.errcode,
      settled_at = ${at},
      -- of whom it told may have been erased meanwhile
      content = case when exists (select from app_messages m where m.send_id = s.id) then s.content else '{}' end
    from unnest(
      ${numberArray(said.map((one) => one.id))}::bigint[], ${textArray(said.map((one) => one.state))}::text[],
      ${textArray(said.map((one) => one.msgid))}::text[], ${numberArray(said.map((one) => one.errcode))}::int[]
    ) as told(id, state, msgid, errcode) where s.id = told.id`.execute(on)
}

export interface OwnTemplate {
  readonly words: string
  readonly buttons: readonly Button[]
}

/** How these brands want kinds told that they changed, by corp and kind. */
export async function ownTemplates(
  on: Executor,
  corpIds: readonly number[],
): Promise<ReadonlyMap<number, ReadonlyMap<string, OwnTemplate>>> {
  const { rows } = await sql<OwnTemplate & { corpId: number; kind: string }>`
    select corp_id as "corpId", kind, words, buttons from app_message_templates
    where corp_id = any(${numberArray(corpIds)}::int[])`.execute(on)
  const of = (corpId: number) => rows.filter((row) => row.corpId === corpId).map((row) => [row.kind, row] as const)
  return new Map(corpIds.map((corpId) => [corpId, new Map(of(corpId))]))
}

/** The app that speaks to members, by the platform's number; null: none is connected with its number. */
export async function speakingAgent(on: Executor, corpId: number): Promise<number | null> {
  const row = await on
    .selectFrom('apps')
    .select('agent_id')
    .where('corp_id', '=', corpId)
    .where('kind', '=', 'app')
    .where('secret_sealed', 'is not', null)
    .orderBy('created_at')
    .orderBy('app_key')
    .executeTakeFirst()
  return row?.agent_id ?? null
}
