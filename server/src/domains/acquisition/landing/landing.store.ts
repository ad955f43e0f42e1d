import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import { memberState } from '../channels/channel.ts'
import { findCode, insertCode, writeDesired } from '../codes/code.store.ts'
import { memberWish } from '../codes/code-refresh.ts'

export interface LandingChannel {
  readonly id: string
  readonly corpId: number
  readonly kind: string
  readonly name: string
  readonly state: string
  readonly status: string
  readonly strategy: string
  readonly closedText: string
  readonly corpid: string
  readonly corpName: string
  readonly zone: string
  readonly settings: unknown
  readonly storeName: string | null
}

export async function channelByCode(on: Executor, code: string): Promise<LandingChannel | undefined> {
  const { rows } = await sql<LandingChannel>`
    select c.id, c.corp_id as "corpId", c.kind, c.name, c.state, c.status, c.strategy, c.closed_text as "closedText",
      o.corpid, o.name as "corpName", o.time_zone as zone, o.settings, s.name as "storeName"
    from channels c join corps o on o.id = c.corp_id left join stores s on s.id = coalesce(c.routed_store_id, c.store_id)
    where c.code = ${code}`.execute(on)
  return rows[0]
}

/** One decision of a channel at a time, in whatever process: two visitors never get the last place. */
export async function lockChannel(tx: Tx, channelId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.landing}, hashtext(${channelId}))`.execute(tx)
}

export interface Shown {
  readonly id: number
  readonly userid: string
  readonly usedAt: Date | null
  readonly open: boolean
}

/** Whom this visitor was shown last, within two days. */
export async function lastShown(
  on: Executor,
  channelId: string,
  visitor: string,
  at: Date,
): Promise<Shown | undefined> {
  const { rows } = await sql<Shown>`
    select id, userid, used_at as "usedAt", used_at is null and expires_at > ${at} as open
    from channel_assignments
    where channel_id = ${channelId} and visitor = ${visitor} and assigned_at > ${at}::timestamptz - interval '2 days'
    order by assigned_at desc, id desc limit 1`.execute(on)
  return rows[0]
}

export async function assign(
  tx: Tx,
  assignment: {
    corpId: number
    channelId: string
    visitor: string
    userid: string
    day: string
    at: Date
    expiresAt: Date
  },
): Promise<void> {
  await tx
    .insertInto('channel_assignments')
    .values({
      corp_id: assignment.corpId,
      channel_id: assignment.channelId,
      visitor: assignment.visitor,
      userid: assignment.userid,
      day: assignment.day,
      assigned_at: assignment.at,
      expires_at: assignment.expiresAt,
    })
    .execute()
}

/** Holds the place on while the visitor still looks at the page. */
export async function prolong(tx: Tx, id: number, expiresAt: Date): Promise<void> {
  await tx.updateTable('channel_assignments').set({ expires_at: expiresAt }).where('id', '=', id).execute()
}

/** Gives a place back, because the member turned out not to be addable. */
export async function release(on: Executor, channelId: string, visitor: string, userid: string): Promise<void> {
  await on
    .deleteFrom('channel_assignments')
    .where('channel_id', '=', channelId)
    .where('visitor', '=', visitor)
    .where('userid', '=', userid)
    .where('used_at', 'is', null)
    .execute()
}

/** The member's own code of this channel; made here, told to the platform by the caller. Under the channel's lock. */
export async function memberCode(
  tx: Tx,
  channel: Pick<LandingChannel, 'id' | 'corpId' | 'state'>,
  userid: string,
  at: Date,
): Promise<string> {
  const known = await tx
    .selectFrom('channel_codes')
    .select('id')
    .where('channel_id', '=', channel.id)
    .where('userid', '=', userid)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (known !== undefined) return known.id
  const { rows } = await sql<{ n: number }>`
    select count(*)::int + 1 as n from channel_codes where channel_id = ${channel.id}`.execute(tx)
  const state = memberState(channel.state, rows[0]?.n ?? 1)
  const id = await insertCode(
    tx,
    { corpId: channel.corpId, channelId: channel.id, kind: 'contact_way', userid, state },
    at,
  )
  const code = await findCode(tx, channel.corpId, id)
  if (code !== undefined) await writeDesired(tx, [{ id, ...memberWish(code), problem: null }], at)
  return id
}

/** The member whose customer he is: the relation that lives longest, with a member who is still here. */
export async function ownerOfHomes(
  on: Executor,
  corpId: number,
  homes: readonly number[],
): Promise<{ userid: string; name: string } | undefined> {
  const { rows } = await sql<{ userid: string; name: string }>`
    select s.userid, s.name
    from relations r join staff s on s.corp_id = r.corp_id and s.userid = r.userid and s.gone_at is null
    where r.corp_id = ${corpId} and r.customer_id = any(${[...homes]}::bigint[]) and r.status = 'alive'
    order by r.first_added_at nulls last, s.userid limit 1`.execute(on)
  return rows[0]
}

/** Remembers the owner for this visitor, so that the question is asked once. */
export async function rememberOwner(
  on: Executor,
  known: { corpId: number; channelId: string; visitor: string; userid: string; day: string; at: Date },
): Promise<void> {
  await on
    .insertInto('channel_assignments')
    .values({
      corp_id: known.corpId,
      channel_id: known.channelId,
      visitor: known.visitor,
      userid: known.userid,
      day: known.day,
      assigned_at: known.at,
      expires_at: known.at,
      // he is the owner's customer already: no place of today is used
      used_at: known.at,
    })
    .execute()
}

export async function saveLandingSettings(
  on: Executor,
  corpId: number,
  settings: { url: string | null; know_customers: boolean; asked_by: string | null },
): Promise<void> {
  await sql`update corps set settings = settings || jsonb_build_object(
    'landing_url', ${settings.url}::text, 'landing_know_customers', ${settings.know_customers}::boolean,
    'landing_asked_by', ${settings.asked_by}::text) where id = ${corpId}`.execute(on)
}
