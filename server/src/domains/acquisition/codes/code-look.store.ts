import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { schedule, unschedule } from '../../../infra/due/due.store.ts'

/** Business-time appointments of channels: when time alone changes who stands behind a code. */
export const lookKind = 'channel.look'
export const recheckKind = 'staff.recheck'

/** Only appointments that move are written: every sweep plans those of all channels anew. */
export async function planLooks(
  on: Executor,
  corpId: number,
  looks: readonly { readonly channelId: string; readonly at: Date | undefined }[],
): Promise<void> {
  if (looks.length === 0) return
  const rows = await on
    .selectFrom('due')
    .select(['key', 'at'])
    .where('kind', '=', lookKind)
    .where(
      'key',
      'in',
      looks.map((look) => look.channelId),
    )
    .execute()
  const planned = new Map(rows.map((row) => [row.key, row.at.getTime()]))
  await unschedule(
    on,
    lookKind,
    looks.flatMap(({ channelId, at }) => (at === undefined && planned.has(channelId) ? [channelId] : [])),
  )
  await schedule(
    on,
    looks.flatMap(({ channelId, at }) =>
      at === undefined || planned.get(channelId) === at.getTime()
        ? []
        : [{ corpId, kind: lookKind, key: channelId, at }],
    ),
  )
}

/** A member who could not be added is tried again after a while: he may have been mended. */
export async function planRechecks(on: Executor, corpId: number, userids: readonly string[], at: Date): Promise<void> {
  await schedule(
    on,
    userids.map((userid) => ({ corpId, kind: recheckKind, key: `${corpId}:${userid}`, at, payload: { userid } })),
  )
}

export async function markStaleIds(on: Executor, channelIds: readonly string[]): Promise<void> {
  await sql`
    update channels set stale = true
    where status <> 'deleted' and not stale and id = any(${[...channelIds]}::uuid[])`.execute(on)
}

/** Members who could not be added may be tried again; the codes of their corps are looked at anew. */
export async function doubtAgain(
  on: Executor,
  members: readonly { readonly corpId: number; readonly userid: string }[],
): Promise<void> {
  await sql`
    with doubted as (
      update staff s set addable = 'unknown', addable_reason = null
      from unnest(${members.map((m) => m.corpId)}::int[], ${members.map((m) => m.userid)}::text[]) as m(corp_id, userid)
      where s.corp_id = m.corp_id and s.userid = m.userid and s.addable = 'no'
      returning s.corp_id
    )
    update channels set stale = true
    where status <> 'deleted' and not stale and corp_id in (select corp_id from doubted)`.execute(on)
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
