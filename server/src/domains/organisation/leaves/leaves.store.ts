import { type RawBuilder, sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Leave, Window } from './leaves.ts'

/** Whether the member `s` (of `staff`) is on leave at that moment. */
export function onLeave(at: Date): RawBuilder<boolean> {
  return sql`exists (select from staff_leaves l
    where l.corp_id = s.corp_id and l.userid = s.userid and l.from_at <= ${at} and l.until_at > ${at})`
}

export interface LeaveRow extends Leave {
  readonly name: string
  readonly setAt: Date
  readonly setBy: string
}

const columns = sql`l.id, l.userid, coalesce(nullif(s.name, ''), l.userid) as name, l.from_at as "from", l.until_at as "until", l.note,
  l.set_at as "setAt", l.set_by as "setBy"`

export interface LeavesAsked {
  readonly userid?: string | undefined
  /** now: those that have begun; coming: those that have not; past: those that are over. */
  readonly when: 'now' | 'coming' | 'past' | 'open'
  readonly at: Date
  readonly after?: readonly [Date, string] | undefined
  readonly limit: number
}

/** Leave of members whom the actor may see, by its end. */
export async function listLeaves(on: Executor, actor: Actor, asked: LeavesAsked): Promise<readonly LeaveRow[]> {
  const { at, after } = asked
  const which = {
    now: sql`l.from_at <= ${at} and l.until_at > ${at}`,
    coming: sql`l.from_at > ${at}`,
    past: sql`l.until_at <= ${at}`,
    open: sql`l.until_at > ${at}`,
  }[asked.when]
  const { rows } = await sql<LeaveRow>`
    select ${columns} from staff_leaves l join staff s on s.corp_id = l.corp_id and s.userid = l.userid
    where l.corp_id = ${actor.corpId} and ${staffInScope(actor, 'l.userid')} and ${which}
      and (${asked.userid ?? null}::text is null or l.userid = ${asked.userid ?? null})
      and ${after === undefined ? sql`true` : sql`(l.until_at, l.id) > (${after[0]}, ${after[1]}::uuid)`}
    order by l.until_at, l.id limit ${asked.limit}`.execute(on)
  return rows
}

/** Of these members, whom the actor may see, with the leave they have that is not over. */
export async function leavesOf(
  on: Executor,
  actor: Actor | { readonly corpId: number },
  userids: readonly string[],
  at: Date,
): Promise<ReadonlyMap<string, readonly Leave[]>> {
  const seen = 'scope' in actor ? staffInScope(actor, 's.userid') : sql`true`
  const { rows } = await sql<{
    userid: string
    leaves: readonly (Omit<Leave, 'from' | 'until'> & { from: string; until: string })[]
  }>`
    select s.userid, coalesce((select jsonb_agg(jsonb_build_object('id', l.id, 'userid', l.userid, 'from', l.from_at, 'until', l.until_at, 'note', l.note))
      from staff_leaves l where l.corp_id = s.corp_id and l.userid = s.userid and l.until_at > ${at}), '[]') as leaves
    from staff s where s.corp_id = ${actor.corpId} and s.gone_at is null and s.userid = any(${textArray(userids)}::text[]) and ${seen}`.execute(
    on,
  )
  return new Map(
    rows.map(({ userid, leaves }) => [
      userid,
      leaves.map((one) => ({ ...one, from: new Date(one.from), until: new Date(one.until) })),
    ]),
  )
}

/** One change of a member's leave at a time: two managers who write at once see each other's. */
export async function lockMembers(tx: Tx, corpId: number, userids: readonly string[]): Promise<void> {
  await sql`select userid from staff where corp_id = ${corpId} and userid = any(${textArray([...userids].sort())}::text[])
    order by userid for update`.execute(tx)
}

export async function addLeaves(
  tx: Tx,
  corpId: number,
  leaves: readonly (Window & { readonly userid: string; readonly note: string })[],
  by: { readonly set: string; readonly at: Date },
): Promise<readonly string[]> {
  const rows = leaves.map((one) => ({
    ...{ id: uuid(), corp_id: corpId, userid: one.userid, from_at: one.from, until_at: one.until, note: one.note },
    ...{ set_by: by.set, set_at: by.at },
  }))
  if (rows.length > 0) await tx.insertInto('staff_leaves').values(rows).execute()
  return rows.map((row) => row.id)
}

export async function findLeave(on: Executor, actor: Actor, id: string): Promise<LeaveRow | undefined> {
  const { rows } = await sql<LeaveRow>`
    select ${columns} from staff_leaves l join staff s on s.corp_id = l.corp_id and s.userid = l.userid
    where l.corp_id = ${actor.corpId} and l.id = ${id} and ${staffInScope(actor, 'l.userid')}`.execute(on)
  return rows[0]
}

export async function changeLeave(
  tx: Tx,
  corpId: number,
  id: string,
  { from, until, note }: Window & { readonly note: string },
): Promise<void> {
  await tx
    .updateTable('staff_leaves')
    .set({ from_at: from, until_at: until, note })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export async function deleteLeave(tx: Tx, corpId: number, id: string): Promise<void> {
  await tx.deleteFrom('staff_leaves').where('corp_id', '=', corpId).where('id', '=', id).execute()
}

/** Deletes leaves by their members and beginnings; answers those that were there. */
export async function deleteLeaves<Named extends { readonly userid: string; readonly from: Date }>(
  tx: Tx,
  corpId: number,
  named: readonly Named[],
): Promise<readonly Named[]> {
  if (named.length === 0) return []
  const { rows } = await sql<{ userid: string; from: Date }>`
    delete from staff_leaves l using unnest(${textArray(named.map((one) => one.userid))}::text[],
      ${textArray(named.map((one) => one.from.toISOString()))}::timestamptz[]) as n(userid, from_at)
    where l.corp_id = ${corpId} and l.userid = n.userid and l.from_at = n.from_at
    returning l.userid, l.from_at as from`.execute(tx)
  const gone = new Set(rows.map((row) => `${row.userid} ${row.from.getTime()}`))
  return named.filter((one) => gone.has(`${one.userid} ${one.from.getTime()}`))
}
