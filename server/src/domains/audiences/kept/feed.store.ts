import { sql } from 'kysely'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Change } from '../rules/change.ts'
import { markOf, type OrderOfPerson, type RelationOfPerson } from '../rules/facts.ts'
import { moveBehaviours } from './behaviours.store.ts'
import { noteChanges } from './changes.store.ts'
import { type RelationRow, relationChanges, relationsOfPerson } from './feed.ts'
import { accountChanges, differing, type Home, identityChanges, type Wanted, wishChanges } from './feed-marks.store.ts'
import { heldMarks, numbersOf } from './marks.store.ts'
import { touchPersons } from './touched.store.ts'

/** The department above each. */
async function parentsOf(on: Executor, corpId: number): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ id: number; parent: number }>`
    select department_id as id, parent_id as parent from departments where corp_id = ${corpId}`.execute(on)
  return new Map(rows.filter((row) => row.id !== row.parent).map((row) => [row.id, row.parent]))
}

/** All homes of the persons of these homes. */
async function homesOf(on: Executor, corpId: number, homes: readonly number[]): Promise<readonly Home[]> {
  const { rows } = await sql<Home>`
    with named as materialized (select id, coalesce(merged_into, id) as root from customers
      where id = any(${[...homes]}::bigint[]) and corp_id = ${corpId}),
    homes as materialized (select id from named union select root from named
      union select c.id from customers c where c.merged_into = any(array(select distinct root from named)))
    select c.id, coalesce(c.merged_into, c.id) as root, c.erased_at is not null as erased
    from customers c where c.id = any(array(select id from homes)) and c.corp_id = ${corpId} order by c.id`.execute(on)
  return rows
}

/**
 * Brings what audiences keep of these persons in line with the rooms that know it: who is a person, relations, groups. Writes
 * what differs and nothing else; the number of statements does not grow with the persons. `regrouped`: homes joined or parted,
 * so orders, behaviour and memberships go to whom they belong now.
 */
export async function feedPersons(
  tx: Tx,
  corpId: number,
  given: readonly number[],
  regrouped = false,
): Promise<number> {
  const homes = await homesOf(tx, corpId, given)
  if (homes.length === 0) return 0
  const changes: Change[] = [
    ...(await personChanges(tx, corpId, homes)),
    ...(await groupChanges(tx, corpId, homes)),
    ...(await identityChanges(tx, corpId, homes)),
    ...(await accountChanges(tx, corpId, homes)),
    ...(await wishChanges(tx, corpId, homes)),
    ...(await relationsOfHomes(tx, corpId, homes)),
    ...(regrouped ? await ordersMoved(tx, corpId, homes) : []),
    ...(regrouped ? await membershipsMoved(tx, corpId, homes) : []),
  ]
  await noteChanges(tx, corpId, changes)
  if (regrouped) {
    await moveBehaviours(
      tx,
      corpId,
      homes.map(({ id }) => id),
      await zoneOfCorp(tx, corpId),
    )
    const numbers = await numbersOf(
      tx,
      corpId,
      homes.map(({ id }) => id),
    )
    await touchPersons(tx, corpId, [...numbers.values()])
  }
  return changes.length
}

/** The persons of these homes of whom audiences do not know yet that there are such. */
export async function unmetPersons(tx: Tx, corpId: number, homes: readonly number[]): Promise<readonly number[]> {
  if (homes.length === 0) return []
  const { rows } = await sql<{ root: number }>`
    select distinct coalesce(merged_into, id) as root from customers
    where id = any(${[...homes]}::bigint[]) and corp_id = ${corpId} and erased_at is null`.execute(tx)
  const persons = rows.map(({ root }) => ({ customerId: root, key: markOf.person, present: true }))
  return (await differing(tx, corpId, persons)).map(({ customerId }) => customerId)
}

async function personChanges(tx: Tx, corpId: number, homes: readonly Home[]): Promise<readonly Change[]> {
  return differing(
    tx,
    corpId,
    homes.map(({ id, root, erased }) => ({ customerId: id, key: markOf.person, present: id === root && !erased })),
    (one) => ({ customerId: one.customerId, kind: 'person', present: one.present }),
  )
}

async function groupChanges(tx: Tx, corpId: number, homes: readonly Home[]): Promise<readonly Change[]> {
  const rootOf = new Map(homes.map((home) => [home.id, home.root]))
  const { rows } = await sql<{ home: number; chat: string; inside: boolean }>`
    select m.customer_id as home, m.chat_id as chat, m.left_at is null and g.dismissed_at is null as inside
    from group_members m join groups g on g.corp_id = m.corp_id and g.chat_id = m.chat_id
    where m.corp_id = ${corpId} and m.kind = 'external' and m.customer_id = any(${homes.map(({ id }) => id)}::bigint[])`.execute(
    tx,
  )
  const wanted = new Map<string, Wanted>()
  for (const { home, chat, inside } of rows) {
    const key = markOf.group(chat)
    for (const customerId of new Set([home, rootOf.get(home) ?? home])) {
      const known = wanted.get(`${customerId} ${chat}`)
      const own = customerId === (rootOf.get(home) ?? home)
      wanted.set(`${customerId} ${chat}`, { customerId, key, present: known?.present === true || (inside && own) })
    }
  }
  return differing(tx, corpId, [...wanted.values()])
}

async function relationsOfHomes(tx: Tx, corpId: number, homes: readonly Home[]): Promise<readonly Change[]> {
  const ids = homes.map(({ id }) => id)
  const { rows } = await sql<RelationRow & { readonly root: number }>`
    select coalesce(c.merged_into, c.id) as root, r.userid as staff, s.department_ids as departments, s.store_id::text as store,
      r.channel_id::text as channel, r.status, r.first_added_at as "firstAt", r.added_at as "addedAt",
      r.half_at as "halfAt", r.ended_at as "endedAt"
    from customers c join relations r on r.customer_id = c.id and r.corp_id = ${corpId}
    left join staff s on s.corp_id = r.corp_id and s.userid = r.userid
    where c.id = any(${ids}::bigint[])`.execute(tx)
  const facts =
    rows.length === 0
      ? { zone: '', parents: new Map<number, number>() }
      : { zone: await zoneOfCorp(tx, corpId), parents: await parentsOf(tx, corpId) }
  const byRoot = Map.groupBy(rows, (row) => row.root)
  const before = await keptRelations(tx, corpId, ids)
  const found = homes.map(({ id, root }) => {
    const now = id === root ? relationsOfPerson(byRoot.get(id) ?? [], facts) : []
    return { id, ...relationChanges(id, before.get(id) ?? [], now) }
  })
  const gone = found.flatMap(({ id, gone }) => gone.map((staff) => ({ id, staff })))
  if (gone.length > 0)
    await sql`delete from audience_relations r using audience_people p,
        unnest(${gone.map(({ id }) => id)}::bigint[], ${gone.map(({ staff }) => staff)}::text[]) as gone(id, staff)
      where p.customer_id = gone.id and r.corp_id = ${corpId} and r.person_no = p.person_no and r.staff = gone.staff`.execute(
      tx,
    )
  return found.flatMap(({ changes }) => changes)
}

async function keptRelations(
  tx: Tx,
  corpId: number,
  ids: readonly number[],
): Promise<ReadonlyMap<number, readonly RelationOfPerson[]>> {
  type Row = { id: number; store: string | null; channel: string | null; ended: number | null } & Pick<
    RelationOfPerson,
    'staff' | 'departments' | 'since'
  >
  const { rows } = await sql<Row>`
    select p.customer_id as id, r.staff, r.departments, r.store, r.channel, r.since, r.ended
    from audience_people p join audience_relations r on r.corp_id = p.corp_id and r.person_no = p.person_no
    where p.customer_id = any(${[...ids]}::bigint[]) and p.corp_id = ${corpId}`.execute(tx)
  const grouped = Map.groupBy(rows, (row) => row.id)
  return new Map(
    [...grouped].map(([id, list]) => [
      id,
      list.map(({ staff, departments, since, store, channel, ended }) => ({
        ...{ staff, departments, since },
        ...{ store: store ?? undefined, channel: channel ?? undefined, ended: ended ?? undefined },
      })),
    ]),
  )
}

/** Orders stand with the person of their home. */
async function ordersMoved(tx: Tx, corpId: number, homes: readonly Home[]): Promise<readonly Change[]> {
  type Row = Omit<OrderOfPerson, 'store' | 'channel' | 'lines'> & {
    readonly root: number
    readonly store: string | null
    readonly channel: string | null
    readonly lines: OrderOfPerson['lines'] | null
  }
  const { rows } = await sql<Row>`
    with r as materialized (
      select customer_id, corp_id, id from orders
      where customer_id = any(${homes.map(({ id }) => id)}::bigint[]) and corp_id = ${corpId})
    select coalesce(c.merged_into, c.id) as root, o.order_id as id, o.day, o.net, o.store, o.channel, (
      select json_agg(json_build_object('product', l.product, 'category', l.category, 'amount', l.amount) order by l.line)
      from audience_lines l where l.corp_id = o.corp_id and l.order_id = o.order_id) as lines
    from r join customers c on c.id = r.customer_id
    join audience_orders o on o.corp_id = r.corp_id and o.order_id = r.id
    left join audience_people p on p.customer_id = coalesce(c.merged_into, c.id)
    where p.person_no is distinct from o.person_no`.execute(tx)
  return rows.map(({ root, id, day, net, store, channel, lines }) => ({
    ...{ kind: 'order', customerId: root, id },
    order: { id, day, net, lines: lines ?? [], store: store ?? undefined, channel: channel ?? undefined },
  }))
}

/** Who was in an audience stays in it when he is found to be somebody known: the person has what any of his homes had. */
async function membershipsMoved(tx: Tx, corpId: number, homes: readonly Home[]): Promise<readonly Change[]> {
  const { rows } = await sql<{
    id: string
  }>`select id from audiences where corp_id = ${corpId} and archived_at is null`.execute(tx)
  const keys = rows.map((row) => markOf.audience(row.id))
  const numbers = await numbersOf(
    tx,
    corpId,
    homes.map(({ id }) => id),
  )
  const held = await heldMarks(tx, corpId, keys, [...numbers.values()])
  const merged = homes.filter(({ id, root }) => id !== root)
  return differing(
    tx,
    corpId,
    merged.flatMap(({ id, root }) =>
      [...(held.get(numbers.get(id) ?? -1) ?? [])].flatMap((key) => [
        { customerId: id, key, present: false },
        { customerId: root, key, present: true },
      ]),
    ),
  )
}

/** The next customers of a corp by id, for the walk over all of them. */
export async function customersAfter(
  on: Executor,
  corpId: number,
  after: number,
  limit: number,
): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from customers where corp_id = ${corpId} and id > ${after} order by id limit ${limit}`.execute(on)
  return rows.map((row) => row.id)
}

export async function countCustomers(on: Executor, corpId: number): Promise<number> {
  const { rows } = await sql<{ total: number }>`select count(*)::int as total from customers
    where corp_id = ${corpId}`.execute(on)
  return rows[0]?.total ?? 0
}

export async function noteReconciled(on: Executor, corpId: number, at: Date): Promise<void> {
  await sql`insert into audience_settings (corp_id, reconciled_at) values (${corpId}, ${at})
    on conflict (corp_id) do update set reconciled_at = excluded.reconciled_at`.execute(on)
}

/** Corps for which the walk over everybody has no next moment. */
export async function unscheduledCorps(on: Executor, dueKind: string): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`select id from corps where not exists (
    select from due where due.kind = ${dueKind} and due.key = corps.id::text) order by id`.execute(on)
  return rows.map((row) => row.id)
}

/** Corps of which a sync has met people since the last walk, which tells no event of who was there before us. */
export async function corpsSyncedSince(on: Executor, operationKind: string): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`select s.corp_id as id from customer_syncs s
    left join audience_settings a on a.corp_id = s.corp_id
    where s.last_done_at is not null and (a.reconciled_at is null or a.reconciled_at < s.last_done_at) and not exists (
      select from operations o where o.corp_id = s.corp_id and o.kind = ${operationKind} and o.state in ('waiting', 'running'))`.execute(
    on,
  )
  return rows.map((row) => row.id)
}

export async function countedCorps(on: Executor): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`select corp_id as id from audience_corps order by corp_id`.execute(on)
  return rows.map((row) => row.id)
}
