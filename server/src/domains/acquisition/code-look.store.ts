import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'

/** Business-time appointments of channels in the due table: when time alone changes who stands behind a code. */
const kind = 'channel.look'
const recheckKind = 'staff.recheck'

export async function planLooks(
  on: Executor,
  corpId: number,
  looks: readonly { readonly channelId: string; readonly at: Date | undefined }[],
): Promise<void> {
  if (looks.length === 0) return
  const none = looks.filter((look) => look.at === undefined).map((look) => look.channelId)
  if (none.length > 0) await sql`delete from due where kind = ${kind} and key = any(${none}::text[])`.execute(on)
  const some = looks.filter((look) => look.at !== undefined)
  if (some.length === 0) return
  await sql`
    insert into due (corp_id, at, kind, key)
    select ${corpId}, at, ${kind}, key from unnest(
      ${some.map((look) => look.channelId)}::text[], ${some.map((look) => look.at?.toISOString() ?? null)}::timestamptz[]) as w(key, at)
    on conflict (kind, key) do update set at = excluded.at where due.at is distinct from excluded.at`.execute(on)
}

/** A member who could not be added is tried again after a while: he may have been mended. */
export async function planRechecks(on: Executor, corpId: number, userids: readonly string[], at: Date): Promise<void> {
  if (userids.length === 0) return
  await sql`
    insert into due (corp_id, at, kind, key, payload)
    select ${corpId}, ${at}::timestamptz, ${recheckKind}, ${corpId}::text || ':' || userid, jsonb_build_object('userid', userid)
    from unnest(${[...userids]}::text[]) as w(userid)
    on conflict (kind, key) do update set at = excluded.at`.execute(on)
}

/** Turns ripe appointments into stale channels; answers whether there were any. */
export async function ripen(on: Executor, now: Date): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    with ripe as (
      delete from due where id in (
        select id from due where kind in (${kind}, ${recheckKind}) and at <= ${now}::timestamptz limit 5000 for update skip locked)
      returning corp_id, kind, key, payload
    ), doubted as (
      update staff s set addable = 'unknown', addable_reason = null from ripe
      where ripe.kind = ${recheckKind} and s.corp_id = ripe.corp_id and s.userid = ripe.payload->>'userid' and s.addable = 'no'
      returning s.corp_id
    )
    update channels set stale = true
    where status <> 'deleted' and (id in (select key::uuid from ripe where kind = ${kind}) or corp_id in (select corp_id from doubted))`.execute(
    on,
  )
  return numAffectedRows > 0n
}

/** Lets the whole corp be looked at anew, e.g. after a member was mended or filled up. */
export async function markStale(on: Executor, corpId: number, channelIds?: readonly string[]): Promise<void> {
  let query = on.updateTable('channels').set({ stale: true }).where('corp_id', '=', corpId).where('stale', '=', false)
  if (channelIds !== undefined) query = query.where('id', 'in', [...channelIds])
  await query.execute()
}

/** A person says that a member was mended: he is tried at the next look. */
export async function recheckNow(on: Executor, corpId: number, userid: string): Promise<boolean> {
  const { numUpdatedRows } = await on
    .updateTable('staff')
    .set({ addable: 'unknown', addable_reason: null })
    .where('corp_id', '=', corpId)
    .where('userid', '=', userid)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
