import type { Department, Member } from '@nuanyu/wecom'
import { sql } from 'kysely'
import type { Database, Executor } from '../../../infra/db/database.ts'
import { presenceChanged } from '../../organisation/index.ts'
import { arrayLiteral, refreshCards } from '../cards/cards.store.ts'

/** Writes departments as the platform has them; with `whole`, those it no longer has are gone. */
export async function saveDepartments(
  on: Executor,
  corpId: number,
  departments: readonly Department[],
  at: Date,
  whole: boolean,
): Promise<void> {
  if (departments.length > 0) {
    await sql`
      insert into departments as d (corp_id, department_id, name, parent_id, position, seen_at)
      select ${corpId}, n.id, n.name, n.parent_id, n.position, ${at} from unnest(
        ${departments.map((one) => one.id)}::int[], ${departments.map((one) => one.name ?? '')}::text[],
        ${departments.map((one) => one.parentid)}::int[], ${departments.map((one) => one.order)}::bigint[]
      ) as n(id, name, parent_id, position) order by n.id
      on conflict (corp_id, department_id) do update set
        name = case when excluded.name = '' then d.name else excluded.name end,
        parent_id = excluded.parent_id, position = excluded.position, seen_at = excluded.seen_at, gone_at = null`.execute(
      on,
    )
  }
  if (whole)
    await sql`update departments set gone_at = ${at} where corp_id = ${corpId} and gone_at is null
      and department_id <> all(${departments.map((one) => one.id)}::int[])`.execute(on)
}

/** A member as read, with his name in pinyin; `follows` undefined: not asked. */
export interface SeenMember {
  readonly member: Member
  readonly pinyin: string
  readonly follows: boolean | undefined
}

/** Writes members; a store is found by the member's departments, the main one first. */
export async function saveMembers(on: Executor, corpId: number, seen: readonly SeenMember[], at: Date): Promise<void> {
  if (seen.length === 0) return
  const rows = [...new Map(seen.map((one) => [one.member.userid, one])).values()]
  await sql`
    insert into staff as s (corp_id, userid, name, name_pinyin, position, department_ids, main_department, leads, store_id, status,
      follows, first_seen_at, seen_at)
    select ${corpId}, n.userid, n.name, n.pinyin, n.position, n.departments::int[], n.main, n.leads::int[],
      (select st.id from stores st where st.corp_id = ${corpId} and st.closed_at is null and st.department_id = any(n.departments::int[])
       order by st.department_id = n.main desc, st.department_id limit 1),
      n.status, coalesce(n.follows, false), ${at}, ${at}
    from unnest(
      ${rows.map(({ member }) => member.userid)}::text[], ${rows.map(({ member }) => member.name ?? member.userid)}::text[],
      ${rows.map(({ pinyin }) => pinyin)}::text[], ${rows.map(({ member }) => member.position ?? null)}::text[],
      ${rows.map(({ member }) => arrayLiteral(member.department.map(String)))}::text[],
      ${rows.map(({ member }) => member.main_department ?? member.department[0] ?? null)}::int[],
      ${rows.map(({ member }) => arrayLiteral(ledBy(member).map(String)))}::text[],
      ${rows.map(({ member }) => member.status ?? null)}::smallint[], ${rows.map(({ follows }) => follows ?? null)}::boolean[]
    ) as n(userid, name, pinyin, position, departments, main, leads, status, follows) order by n.userid
    on conflict (corp_id, userid) do update set
      name = excluded.name, name_pinyin = excluded.name_pinyin, position = excluded.position,
      department_ids = excluded.department_ids, main_department = excluded.main_department, leads = excluded.leads,
      store_id = coalesce(excluded.store_id, s.store_id), status = coalesce(excluded.status, s.status),
      follows = case when ${rows[0]?.follows === undefined} then s.follows else excluded.follows end,
      seen_at = excluded.seen_at, gone_at = null`.execute(on)
}

/** Told beside his departments, one for one (D90196). */
const ledBy = ({ department, is_leader_in_dept }: Member) => department.filter((_, at) => is_leader_in_dept[at] === 1)

/** Members who were not met in a reading of all of them are gone. */
export async function leaveOut(on: Executor, corpId: number, present: readonly string[], at: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    update staff set gone_at = ${at}, follows = false where corp_id = ${corpId} and gone_at is null
      and userid <> all(${[...present]}::text[])`.execute(on)
  return Number(numAffectedRows ?? 0)
}

export async function memberGone(on: Executor, corpId: number, userids: readonly string[], at: Date): Promise<void> {
  await sql`update staff set gone_at = ${at}, follows = false where corp_id = ${corpId} and gone_at is null
    and userid = any(${[...userids]}::text[])`.execute(on)
  await presenceChanged(on, corpId, userids, at)
}

/** The member's own id was changed: all that is his goes with it. */
export async function renameMember(db: Database, corpId: number, from: string, to: string, at: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`
      insert into staff (corp_id, userid, name, name_pinyin, position, department_ids, main_department, leads, store_id, status,
        follows, first_seen_at, seen_at)
      select corp_id, ${to}, name, name_pinyin, position, department_ids, main_department, leads, store_id, status,
        follows, first_seen_at, ${at}
      from staff where corp_id = ${corpId} and userid = ${from} on conflict do nothing`.execute(tx)
    await sql`update staff_leaves set userid = ${to} where corp_id = ${corpId} and userid = ${from}`.execute(tx)
    await memberGone(tx, corpId, [from], at)
    const { rows } = await sql<{ customer_id: number }>`
      update relations r set userid = ${to} where corp_id = ${corpId} and userid = ${from}
        and not exists (select from relations o where o.customer_id = r.customer_id and o.corp_id = ${corpId} and o.userid = ${to})
      returning customer_id`.execute(tx)
    for (let next = 0; next < rows.length; next += 1_000)
      await refreshCards(
        tx,
        rows.slice(next, next + 1_000).map((row) => row.customer_id),
      )
  })
}
