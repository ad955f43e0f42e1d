import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { fullShare, type Readiness } from './staff.ts'

export interface StaffMember {
  readonly userid: string
  readonly name: string
  readonly pinyin: string
  readonly position: string | null
  readonly departments: readonly { readonly id: number; readonly name: string }[]
  readonly storeId: string | null
  readonly storeName: string | null
  readonly status: number | null
  readonly follows: boolean
  readonly visible: boolean | null
  readonly addable: 'unknown' | 'yes' | 'no'
  readonly addableReason: string | null
  readonly customers: number
  readonly cap: number
  readonly addsToday: number
  readonly lossesToday: number
  readonly net7: number
  readonly codes: number
  readonly readiness: Readiness
  readonly seenAt: Date
  readonly goneAt: Date | null
  /** The one he has, or the next; moments as PostgreSQL writes them in JSON. */
  readonly leave: { readonly from: string; readonly until: string } | null
}

export interface StaffFilter {
  readonly q?: string | undefined
  readonly department?: number | undefined
  readonly store?: string | undefined
  readonly status?: 'present' | 'gone' | undefined
  readonly readiness?: Readiness | 'blocked' | undefined
}

export interface StaffAsked {
  readonly actor: Actor
  /** Customers a member may have, where nothing else is granted to him. */
  readonly memberCap: number
  /** The business day in the corp's zone, `YYYY-MM-DD`. */
  readonly today: string
  readonly at: Date
}

/** `readinessOf` in SQL, so that lists filter by it; a test holds both against each other. */
const readiness = (memberCap: number): RawBuilder<Readiness> => sql`case
  when s.gone_at is not null then 'gone'
  when s.status in (2, 5) then 'disabled'
  when s.status <> 1 then 'not_active'
  when s.visible = false then 'not_visible'
  when not s.follows then 'not_following'
  when s.addable = 'no' then 'not_addable'
  when coalesce(l.customers, 0) >= coalesce(s.customer_cap, ${memberCap}::int) * ${fullShare}::float8 then 'capacity'
  when s.addable = 'yes' then 'ready'
  else 'unproven' end`

const selection = ({ actor, memberCap, today, at }: StaffAsked) => sql`
  select s.userid, s.name, s.name_pinyin as pinyin, s.position, s.store_id as "storeId", st.name as "storeName", s.status, s.follows,
    s.visible, s.addable, s.addable_reason as "addableReason", coalesce(l.customers, 0) as customers,
    coalesce(s.customer_cap, ${memberCap}::int) as cap, coalesce(d.adds, 0) as "addsToday", coalesce(d.losses, 0) as "lossesToday",
    (select coalesce(sum(w.adds - w.losses), 0)::int from staff_days w where w.corp_id = s.corp_id and w.userid = s.userid
      and w.day >= ${today}::date - 7 and w.day < ${today}::date) as net7,
    (select count(*)::int from channel_codes k where k.corp_id = s.corp_id and k.removed_at is null and s.userid = any(k.effective_users)) as codes,
    coalesce((select jsonb_agg(jsonb_build_object('id', p.department_id, 'name', p.name) order by p.department_id = s.main_department desc, p.department_id)
      from departments p where p.corp_id = s.corp_id and p.department_id = any(s.department_ids)), '[]') as departments,
    (select jsonb_build_object('from', v.from_at, 'until', v.until_at) from staff_leaves v
      where v.corp_id = s.corp_id and v.userid = s.userid and v.until_at > ${at} order by v.from_at limit 1) as leave,
    ${readiness(memberCap)} as readiness, s.seen_at as "seenAt", s.gone_at as "goneAt"
  from staff s left join staff_loads l on l.corp_id = s.corp_id and l.userid = s.userid
    left join staff_days d on d.corp_id = s.corp_id and d.userid = s.userid and d.day = ${today}::date
    left join stores st on st.id = s.store_id
  where s.corp_id = ${actor.corpId} and ${staffInScope(actor, 's.userid')}`

/** Members that the actor may see, by their names' pinyin. */
export async function listStaff(
  on: Executor,
  asked: StaffAsked,
  filter: StaffFilter,
  after: readonly [string, string] | undefined,
  limit: number,
): Promise<readonly StaffMember[]> {
  const { rows } = await sql<StaffMember>`
    ${selection(asked)} and ${matches(asked, filter)}
      and ${after === undefined ? sql`true` : sql`(s.name_pinyin, s.userid) > (${after[0]}, ${after[1]})`}
    order by s.name_pinyin, s.userid limit ${limit}`.execute(on)
  return rows
}

export async function findMember(on: Executor, asked: StaffAsked, userid: string): Promise<StaffMember | undefined> {
  const { rows } = await sql<StaffMember>`${selection(asked)} and s.userid = ${userid}`.execute(on)
  return rows[0]
}

function matches({ actor, memberCap }: StaffAsked, filter: StaffFilter): RawBuilder<boolean> {
  const parts = [filter.status === 'gone' ? sql`s.gone_at is not null` : sql`s.gone_at is null`]
  if (filter.q !== undefined && filter.q.trim() !== '') {
    const typed = filter.q.trim().toLowerCase()
    const like = `%${typed.replace(/[\\%_]/g, '\\$&')}%`
    const joined = `%${typed.replaceAll(' ', '').replace(/[\\%_]/g, '\\$&')}%`
    parts.push(sql`(s.name ilike ${like} or s.userid ilike ${like} or replace(s.name_pinyin, ' ', '') like ${joined}
      or regexp_replace(s.name_pinyin, '([a-z0-9])[a-z0-9]* ?', '\\1', 'g') like ${joined})`)
  }
  if (filter.department !== undefined)
    parts.push(sql`s.department_ids && array(
      with recursive tree(id) as (
        select ${filter.department}::int
        union
        select c.department_id from departments c join tree on c.parent_id = tree.id where c.corp_id = ${actor.corpId}
      ) select id from tree)`)
  if (filter.store === 'none') parts.push(sql`s.store_id is null`)
  else if (filter.store !== undefined) parts.push(sql`s.store_id = ${filter.store}::uuid`)
  if (filter.readiness === 'blocked') parts.push(sql`${readiness(memberCap)} not in ('ready', 'unproven')`)
  else if (filter.readiness !== undefined) parts.push(sql`${readiness(memberCap)} = ${filter.readiness}`)
  return sql<boolean>`${sql.join(parts, sql` and `)}`
}

export interface StaffFacets {
  readonly departments: readonly { readonly id: number; readonly name: string; readonly parentId: number }[]
  readonly stores: readonly { readonly id: string; readonly name: string }[]
  /** Present members by readiness. */
  readonly readiness: Readonly<Partial<Record<Readiness, number>>>
}

/** What the list can be narrowed by, over those whom the actor may see. */
export async function staffFacets(on: Executor, asked: StaffAsked): Promise<StaffFacets> {
  const { actor, memberCap } = asked
  const counts = await sql<{ readiness: Readiness; count: number }>`
    select ${readiness(memberCap)} as readiness, count(*)::int as count
    from staff s left join staff_loads l on l.corp_id = s.corp_id and l.userid = s.userid
    where s.corp_id = ${actor.corpId} and s.gone_at is null and ${staffInScope(actor, 's.userid')} group by 1`.execute(
    on,
  )
  const departments = await sql<StaffFacets['departments'][number]>`
    select department_id as id, name, parent_id as "parentId" from departments
    where corp_id = ${actor.corpId} and gone_at is null order by parent_id, position desc, department_id limit 5000`.execute(
    on,
  )
  const stores = await sql<StaffFacets['stores'][number]>`
    select distinct st.id, st.name from staff s join stores st on st.id = s.store_id
    where s.corp_id = ${actor.corpId} and s.gone_at is null and ${staffInScope(actor, 's.userid')}
    order by st.name limit 5000`.execute(on)
  return {
    departments: departments.rows,
    stores: stores.rows,
    readiness: Object.fromEntries(counts.rows.map((row) => [row.readiness, row.count])),
  }
}
