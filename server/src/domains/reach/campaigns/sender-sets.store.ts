import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor } from '../../../infra/db/database.ts'

export interface SenderSet {
  readonly id: string
  readonly name: string
  readonly userids: readonly string[]
  readonly managerUserid: string | null
  /** How many of them have left. */
  readonly gone: number
  /** Campaigns that are not over and send through it. */
  readonly usedBy: number
  readonly changedAt: Date
}

export async function senderSets(on: Executor, corpId: number, id?: string): Promise<readonly SenderSet[]> {
  const { rows } = await sql<SenderSet>`
    select s.id, s.name, s.userids, s.manager_userid as "managerUserid", s.changed_at as "changedAt",
      (select count(*)::int from unnest(s.userids) as u(userid) where not exists (
        select from staff m where m.corp_id = s.corp_id and m.userid = u.userid and m.gone_at is null)) as gone,
      (select count(*)::int from campaigns c join campaign_versions v on v.campaign_id = c.id and v.version = c.version
        where c.corp_id = s.corp_id and c.state not in ('ended', 'cancelled')
          and v.spec->'senders'->>'set' = s.id::text) as "usedBy"
    from sender_sets s where s.corp_id = ${corpId} and (${id ?? null}::uuid is null or s.id = ${id ?? null})
    order by lower(s.name) limit 500`.execute(on)
  return rows
}

type SetGiven = Pick<SenderSet, 'name' | 'userids' | 'managerUserid'>

/** Undefined: the name is taken. */
export async function addSenderSet(
  on: Executor,
  set: SetGiven & { readonly corpId: number },
  at: Date,
): Promise<string | undefined> {
  const row = await on
    .insertInto('sender_sets')
    .values({
      ...{ id: uuid(), corp_id: set.corpId, name: set.name, userids: [...set.userids] },
      manager_userid: set.managerUserid,
      ...{ created_at: at, changed_at: at },
    })
    .onConflict((conflict) => conflict.columns(['corp_id', 'name']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

export async function changeSenderSet(
  on: Executor,
  corpId: number,
  id: string,
  { name, userids, managerUserid }: SetGiven,
  at: Date,
): Promise<'changed' | 'taken' | 'gone'> {
  const { rows } = await sql<{ taken: boolean }>`
    select exists (select from sender_sets where corp_id = ${corpId} and name = ${name} and id <> ${id}) as taken`.execute(
    on,
  )
  if (rows[0]?.taken === true) return 'taken'
  const { numUpdatedRows } = await on
    .updateTable('sender_sets')
    .set({
      ...{ name, userids: [...userids], manager_userid: managerUserid },
      // only another set of senders makes what was approved another
      changed_at: sql`case when userids @> ${[...userids]}::text[] and userids <@ ${[...userids]}::text[] then changed_at else ${at}::timestamptz end`,
    })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n ? 'changed' : 'gone'
}

export async function deleteSenderSet(on: Executor, corpId: number, id: string): Promise<boolean> {
  const { numDeletedRows } = await on
    .deleteFrom('sender_sets')
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Of these, who is no member of the corp. */
export async function unknownUserids(
  on: Executor,
  corpId: number,
  userids: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ userid: string }>`
    select u.userid from unnest(${[...userids]}::text[]) as u(userid)
    where not exists (select from staff s where s.corp_id = ${corpId} and s.userid = u.userid)`.execute(on)
  return rows.map((row) => row.userid)
}
