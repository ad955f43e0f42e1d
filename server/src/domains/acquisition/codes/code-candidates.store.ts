import { type RawBuilder, sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import type { Candidate } from '../channels/assignment.ts'

/** A query that answers the ids of channels, as the column `id`. */
export type ChosenChannels = RawBuilder<unknown>

export interface RoledCandidate extends Candidate {
  readonly role: 'member' | 'spare'
}

interface Row {
  channel_id: string
  role: 'member' | 'spare'
  key: string
  weight: number
  daily_limit: number | null
  userid: string
}

/**
 * The staff behind the rows of each channel: named members, the members of a department and of those below it, the staff
 * of a store (of the store that the code is routed to, where it is). Who comes by two rows counts by the first.
 */
export async function loadCandidates(
  on: Executor,
  corpId: number,
  chosen: ChosenChannels,
): Promise<ReadonlyMap<string, readonly RoledCandidate[]>> {
  const { rows } = await sql<Row>`
    with recursive entries as materialized (
      select m.channel_id, m.role, m.position, m.kind, m.ref, m.weight, m.daily_limit,
        case when m.kind = 'store' and c.routed_store_id is not null and m.ref = c.store_id::text then c.routed_store_id::text else m.ref end as target
      from channel_members m join channels c on c.id = m.channel_id
      where m.channel_id in (${chosen})
    ), tree(root, id) as (
      select distinct target::int, target::int from entries where kind = 'department'
      union
      select t.root, d.department_id from tree t join departments d on d.corp_id = ${corpId} and d.parent_id = t.id and d.gone_at is null
    ), people as (
      select channel_id, role, position, kind, ref, weight, daily_limit, target as userid from entries where kind = 'staff'
      union all
      select e.channel_id, e.role, e.position, e.kind, e.ref, e.weight, e.daily_limit, s.userid
      from entries e join staff s on s.corp_id = ${corpId} and s.store_id = e.target::uuid and s.gone_at is null
      where e.kind = 'store'
      union all
      select distinct e.channel_id, e.role, e.position, e.kind, e.ref, e.weight, e.daily_limit, s.userid
      from entries e join tree t on t.root = e.target::int
      join (select userid, unnest(department_ids) as department_id from staff where corp_id = ${corpId} and gone_at is null) s
        on s.department_id = t.id
      where e.kind = 'department'
    )
    select channel_id, role, kind || ':' || ref as key, weight, daily_limit, userid
    from people order by channel_id, role, position, userid`.execute(on)
  const people = new Map<string, RoledCandidate[]>()
  const seen = new Set<string>()
  for (const { channel_id: id, daily_limit: dailyLimit, ...row } of rows) {
    const once = `${id} ${row.role} ${row.userid}`
    if (seen.has(once)) continue
    seen.add(once)
    const own = people.get(id) ?? []
    own.push({ ...row, dailyLimit, position: own.length })
    people.set(id, own)
  }
  return people
}

/** The same for members that are not stored yet: what an operator is typing. */
export async function expandRefs(
  on: Executor,
  corpId: number,
  entries: readonly {
    role: 'member' | 'spare'
    kind: string
    ref: string
    weight: number
    dailyLimit: number | null
  }[],
): Promise<readonly RoledCandidate[]> {
  const { rows } = await sql<{ n: number; userid: string }>`
    with recursive entries as materialized (
      select n::int, kind, ref from unnest(${entries.map((e) => e.kind)}::text[], ${entries.map((e) => e.ref)}::text[])
        with ordinality as e(kind, ref, n)
    ), tree(root, id) as (
      select distinct ref, ref::int from entries where kind = 'department' and ref ~ '^[0-9]{1,9}$'
      union
      select t.root, d.department_id from tree t join departments d on d.corp_id = ${corpId} and d.parent_id = t.id and d.gone_at is null
    )
    select n, ref as userid from entries where kind = 'staff'
    union all
    select e.n, s.userid from entries e join staff s on s.corp_id = ${corpId} and s.store_id::text = e.ref and s.gone_at is null
    where e.kind = 'store'
    union all
    select distinct e.n, s.userid from entries e join tree t on t.root = e.ref
    join (select userid, unnest(department_ids) as department_id from staff where corp_id = ${corpId} and gone_at is null) s
      on s.department_id = t.id
    where e.kind = 'department'
    order by 1, 2`.execute(on)
  const seen = new Set<string>()
  const people: RoledCandidate[] = []
  for (const { n, userid } of rows) {
    const entry = entries[n - 1]
    if (entry === undefined || seen.has(`${entry.role} ${userid}`)) continue
    seen.add(`${entry.role} ${userid}`)
    const { role, weight, dailyLimit } = entry
    people.push({ role, userid, key: `${entry.kind}:${entry.ref}`, position: people.length, weight, dailyLimit })
  }
  return people
}
