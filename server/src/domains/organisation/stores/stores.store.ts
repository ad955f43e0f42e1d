import { type RawBuilder, sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Actor } from '../../../infra/auth/actor.ts'
import { storeInScope } from '../../../infra/auth/scope.ts'
import type { Executor } from '../../../infra/db/database.ts'
import type { StoreChange, StoreFields, StoreKnown, StoreRow } from './stores.ts'

export interface Store extends StoreFields {
  readonly id: string
  readonly code: string
  readonly closedAt: Date | null
  readonly createdAt: Date
  readonly departmentName: string | null
  readonly managerName: string | null
  readonly staff: number
  readonly channels: number
}

export interface StoreFilter {
  readonly q?: string | undefined
  readonly city?: string | undefined
  readonly region?: string | undefined
  readonly status?: 'open' | 'closed' | 'unmapped' | 'unmanned' | undefined
}

const columns = sql`
  s.id, s.code, s.name, s.city, s.region, s.address, s.latitude, s.longitude, s.opening_hours as "openingHours",
  s.manager_userid as "managerUserid", s.department_id as "departmentId", s.closed_at as "closedAt", s.created_at as "createdAt",
  (select d.name from departments d where d.corp_id = s.corp_id and d.department_id = s.department_id) as "departmentName",
  (select m.name from staff m where m.corp_id = s.corp_id and m.userid = s.manager_userid) as "managerName",
  (select count(*)::int from staff m where m.corp_id = s.corp_id and m.store_id = s.id and m.gone_at is null) as staff,
  (select count(*)::int from channels c where c.corp_id = s.corp_id and c.store_id = s.id and c.status <> 'deleted') as channels`

const statusIs: Readonly<Record<NonNullable<StoreFilter['status']>, RawBuilder<boolean>>> = {
  open: sql`s.closed_at is null`,
  closed: sql`s.closed_at is not null`,
  unmapped: sql`s.closed_at is null and s.department_id is null`,
  unmanned: sql`s.closed_at is null and not exists (
    select from staff m where m.corp_id = s.corp_id and m.store_id = s.id and m.gone_at is null)`,
}

/** Stores that the actor may see, by code. */
export async function listStores(
  on: Executor,
  actor: Actor,
  filter: StoreFilter,
  after: string | undefined,
  limit: number,
): Promise<readonly Store[]> {
  const like = filter.q === undefined ? undefined : `%${filter.q.trim().replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<Store>`
    select ${columns} from stores s
    where s.corp_id = ${actor.corpId} and ${storeInScope(actor, 's.id')}
      and (${like ?? null}::text is null or s.name ilike ${like ?? ''} or s.code ilike ${like ?? ''} or s.city ilike ${like ?? ''})
      and (${filter.city ?? null}::text is null or s.city = ${filter.city ?? null})
      and (${filter.region ?? null}::text is null or s.region = ${filter.region ?? null})
      and ${filter.status === undefined ? sql`true` : statusIs[filter.status]}
      and (${after ?? null}::text is null or s.code > ${after ?? null})
    order by s.code limit ${limit}`.execute(on)
  return rows
}

export async function findStore(on: Executor, actor: Actor, id: string): Promise<Store | undefined> {
  const { rows } = await sql<Store>`
    select ${columns} from stores s
    where s.corp_id = ${actor.corpId} and s.id = ${id} and ${storeInScope(actor, 's.id')}`.execute(on)
  return rows[0]
}

export interface StoreFacets {
  readonly cities: readonly string[]
  readonly regions: readonly string[]
  readonly open: number
  readonly closed: number
  readonly unmapped: number
  readonly unmanned: number
}

/** What the list can be narrowed by, over the stores that the actor may see. */
export async function storeFacets(on: Executor, actor: Actor): Promise<StoreFacets> {
  const { rows } = await sql<StoreFacets>`
    select coalesce(array_agg(distinct s.city order by s.city) filter (where s.city is not null), '{}') as cities,
      coalesce(array_agg(distinct s.region order by s.region) filter (where s.region is not null), '{}') as regions,
      (count(*) filter (where ${statusIs.open}))::int as open, (count(*) filter (where ${statusIs.closed}))::int as closed,
      (count(*) filter (where ${statusIs.unmapped}))::int as unmapped, (count(*) filter (where ${statusIs.unmanned}))::int as unmanned
    from stores s where s.corp_id = ${actor.corpId} and ${storeInScope(actor, 's.id')}`.execute(on)
  return rows[0] ?? { cities: [], regions: [], open: 0, closed: 0, unmapped: 0, unmanned: 0 }
}

/** What a chunk of rows is judged by. */
export async function knownForStores(
  on: Executor,
  corpId: number,
  rows: readonly Pick<StoreRow, 'code' | 'managerUserid' | 'departmentId'>[],
): Promise<Omit<StoreKnown, 'earlier'>> {
  const stores = await sql<StoreFields & { id: string; code: string; closed: boolean }>`
    select id, code, name, city, region, address, latitude, longitude, opening_hours as "openingHours",
      manager_userid as "managerUserid", department_id as "departmentId", closed_at is not null as closed
    from stores where corp_id = ${corpId} and code = any(${rows.map((row) => row.code)}::text[])`.execute(on)
  const staff = await sql<{ userid: string }>`
    select userid from staff where corp_id = ${corpId} and gone_at is null
      and userid = any(${rows.map((row) => row.managerUserid ?? '')}::text[])`.execute(on)
  const wanted = rows.map((row) => row.departmentId ?? '').filter((cell) => /^\d{1,9}$/.test(cell))
  const departments = await sql<{ id: number; code: string | null }>`
    select d.department_id as id, s.code
    from departments d left join stores s on s.corp_id = d.corp_id and s.department_id = d.department_id and s.closed_at is null
    where d.corp_id = ${corpId} and d.gone_at is null and d.department_id = any(${wanted.map(Number)}::int[])`.execute(
    on,
  )
  return {
    stores: new Map(stores.rows.map(({ code, ...store }) => [code, store])),
    staff: new Set(staff.rows.map((row) => row.userid)),
    departments: new Set(departments.rows.map((row) => row.id)),
    takenDepartments: new Map(departments.rows.flatMap(({ id, code }) => (code === null ? [] : [[id, code] as const]))),
  }
}

/** Makes and changes stores by code in one statement; a closed one that is named again is open again. Answers their ids. */
export async function saveStores(
  on: Executor,
  corpId: number,
  changes: readonly Pick<StoreChange, 'code' | 'fields'>[],
  at: Date,
): Promise<ReadonlyMap<string, string>> {
  if (changes.length === 0) return new Map()
  const of = <T>(pick: (fields: StoreFields) => T) => changes.map((change) => pick(change.fields))
  const { rows } = await sql<{ code: string; id: string }>`
    insert into stores as s (id, corp_id, code, name, city, region, address, latitude, longitude, opening_hours,
      manager_userid, department_id, created_at)
    select n.id, ${corpId}, n.code, n.name, n.city, n.region, n.address, n.lat, n.lng, n.hours, n.manager, n.department, ${at}
    from unnest(
      ${changes.map(() => uuid())}::uuid[], ${changes.map((change) => change.code)}::text[], ${of((f) => f.name)}::text[],
      ${of((f) => f.city)}::text[], ${of((f) => f.region)}::text[], ${of((f) => f.address)}::text[],
      ${of((f) => f.latitude)}::float8[], ${of((f) => f.longitude)}::float8[], ${of((f) => f.openingHours)}::text[],
      ${of((f) => f.managerUserid)}::text[], ${of((f) => f.departmentId)}::int[]
    ) as n(id, code, name, city, region, address, lat, lng, hours, manager, department) order by n.code
    on conflict (corp_id, code) do update set name = excluded.name, city = excluded.city, region = excluded.region,
      address = excluded.address, latitude = excluded.latitude, longitude = excluded.longitude,
      opening_hours = excluded.opening_hours, manager_userid = excluded.manager_userid,
      department_id = excluded.department_id, closed_at = null
    returning s.code, s.id`.execute(on)
  return new Map(rows.map((row) => [row.code, row.id]))
}

export async function setStoreClosed(on: Executor, corpId: number, id: string, closedAt: Date | null): Promise<void> {
  await on
    .updateTable('stores')
    .set({ closed_at: closedAt })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** Who came to which store, and who left one. */
export interface Mapped {
  readonly moved: number
}

/**
 * Puts every present member into the store of his departments: the main one first, else the nearest department above
 * that has an open store; without one he belongs to none. One statement, whatever the size; called after every import,
 * sync and change of the contacts. `userids`: only these.
 */
export async function mapStaffToStores(on: Executor, corpId: number, userids?: readonly string[]): Promise<Mapped> {
  const { numAffectedRows } = await sql`
    with recursive up(department_id, at, far) as (
      select d.department_id, d.department_id, 0 from departments d where d.corp_id = ${corpId} and d.gone_at is null
      union all
      select up.department_id, d.parent_id, up.far + 1
      from up join departments d on d.corp_id = ${corpId} and d.department_id = up.at
      -- a tree this deep does not exist; it ends where one bites its tail
      where up.far < 15 and d.parent_id > 0
        and not exists (select from stores s where s.corp_id = ${corpId} and s.closed_at is null and s.department_id = up.at)
    ), owned as (
      select distinct on (up.department_id) up.department_id, s.id as store_id, up.far
      from up join stores s on s.corp_id = ${corpId} and s.closed_at is null and s.department_id = up.at
      order by up.department_id, up.far
    ), belongs as (
      select m.userid, (
        select o.store_id from unnest(m.department_ids) with ordinality as u(id, nth) join owned o on o.department_id = u.id
        order by o.far, u.id = m.main_department desc nulls last, u.nth limit 1) as store_id
      from staff m where m.corp_id = ${corpId} and m.gone_at is null
        and (${userids === undefined} or m.userid = any(${[...(userids ?? [])]}::text[]))
    )
    update staff m set store_id = b.store_id from belongs b
    where m.corp_id = ${corpId} and m.userid = b.userid and m.store_id is distinct from b.store_id`.execute(on)
  return { moved: Number(numAffectedRows ?? 0) }
}

/** Everything of the list, for an export. */
export async function allStores(on: Executor, actor: Actor, filter: StoreFilter): Promise<readonly Store[]> {
  return listStores(on, actor, filter, undefined, 100_000)
}
