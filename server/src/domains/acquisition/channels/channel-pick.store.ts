import { sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import type { Executor } from '../../../infra/db/database.ts'

export interface PickRow {
  readonly userid: string
  readonly name: string
  readonly place: string | null
}

/** Members to choose from, by name, account or pinyin, in one department (with those below) or store. */
export async function pickStaff(
  on: Executor,
  actor: Actor,
  ask: {
    readonly q: string
    readonly department?: number | undefined
    readonly store?: string | undefined
    readonly limit: number
  },
): Promise<readonly PickRow[]> {
  const like = `%${ask.q.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`
  const initials = `%${ask.q.replaceAll(/\s+/g, '').toLowerCase()}%`
  const { rows } = await sql<PickRow>`
    with recursive tree(id) as (
      select ${ask.department ?? null}::int
      union
      select d.department_id from tree t join departments d on d.corp_id = ${actor.corpId} and d.parent_id = t.id and d.gone_at is null
    )
    select s.userid, s.name, coalesce(st.name, d.name) as place
    from staff s
    left join stores st on st.id = s.store_id
    left join departments d on d.corp_id = s.corp_id and d.department_id = s.main_department
    where s.corp_id = ${actor.corpId} and s.gone_at is null and ${staffInScope(actor, 's.userid')}
      and (${ask.q} = '' or s.name ilike ${like} or s.userid ilike ${like} or replace(s.name_pinyin, ' ', '') ilike ${initials}
        or (select string_agg(left(w, 1), '') from unnest(string_to_array(s.name_pinyin, ' ')) as w) ilike ${initials})
      and (${ask.department ?? null}::int is null or s.department_ids && array(select id from tree))
      and (${ask.store ?? null}::uuid is null or s.store_id = ${ask.store ?? null}::uuid)
    order by s.name_pinyin, s.userid limit ${ask.limit}`.execute(on)
  return rows
}

export interface PlaceRow {
  readonly kind: 'department' | 'store'
  readonly ref: string
  readonly name: string
  readonly depth: number
  readonly staff: number
}

/** Departments as a tree in its order, then stores that are open; with how many members each has. */
export async function pickPlaces(on: Executor, actor: Actor): Promise<readonly PlaceRow[]> {
  const departments = await sql<PlaceRow>`
    with recursive tree(id, name, depth, path) as (
      select d.department_id, d.name, 0, array[-d.position, d.department_id] from departments d
      where d.corp_id = ${actor.corpId} and d.gone_at is null and not exists (
        select 1 from departments p where p.corp_id = d.corp_id and p.department_id = d.parent_id and p.department_id <> d.department_id and p.gone_at is null)
      union all
      select d.department_id, d.name, t.depth + 1, t.path || array[-d.position, d.department_id::bigint]
      from tree t join departments d on d.corp_id = ${actor.corpId} and d.parent_id = t.id and d.gone_at is null and d.department_id <> t.id
      where t.depth < 20
    )
    select 'department' as kind, t.id::text as ref, t.name, t.depth,
      (select count(*)::int from staff s where s.corp_id = ${actor.corpId} and s.gone_at is null and t.id = any(s.department_ids)) as staff
    from tree t where ${actor.scope.kind === 'corp'} order by t.path limit 2000`.execute(on)
  const stores = await sql<PlaceRow>`
    select 'store' as kind, st.id::text as ref, st.name, 0 as depth,
      (select count(*)::int from staff s where s.corp_id = st.corp_id and s.gone_at is null and s.store_id = st.id) as staff
    from stores st
    where st.corp_id = ${actor.corpId} and st.closed_at is null
      and (${actor.scope.kind === 'corp'} or exists (
        select 1 from staff s where s.corp_id = st.corp_id and s.store_id = st.id and ${staffInScope(actor, 's.userid')}))
    order by st.code limit 5000`.execute(on)
  return [...departments.rows, ...stores.rows]
}
