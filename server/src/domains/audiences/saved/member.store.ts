import { sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { heldMarks, numbersOf } from '../kept/marks.store.ts'
import { markOf } from '../rules/facts.ts'
import { personsIn } from './run.store.ts'

/** The numbers of the members after one of them, in order: chunk by chunk, until there are enough. */
export async function membersAfter(
  on: Executor,
  corpId: number,
  audienceId: string,
  after: number,
  limit: number,
): Promise<readonly number[]> {
  const key = markOf.audience(audienceId)
  const found: number[] = []
  let chunk = Math.floor((after + 1) / 65_536)
  let from = (after + 1) % 65_536
  while (found.length < limit) {
    const { rows } = await sql<{ chunk: number; bits: string; outs: number[] | null }>`
      with next as (
        select min(chunk) as chunk from (
          select chunk from audience_bits where corp_id = ${corpId} and key = ${key} and chunk >= ${chunk}
          union all
          select chunk from audience_changes where corp_id = ${corpId} and key = ${key} and chunk >= ${chunk}) found
      )
      select next.chunk, coalesce((select (b.bits & coalesce((select p.bits from audience_bits p
          where p.corp_id = ${corpId} and p.key = ${markOf.person} and p.chunk = next.chunk), b.bits & ~b.bits))::text
        from audience_bits b where b.corp_id = ${corpId} and b.key = ${key} and b.chunk = next.chunk), '') as bits,
        array(select distinct person_no from audience_changes where corp_id = ${corpId} and chunk = next.chunk
          and key = any(${[key, markOf.person]}::text[])) as outs
      from next where next.chunk is not null`.execute(on)
    const [row] = rows
    if (!row) break
    const unsure = new Set(row.outs ?? [])
    const sure = personsIn(row.chunk, row.bits).filter((no) => !unsure.has(no))
    const marks = await heldMarks(on, corpId, [key, markOf.person], [...unsure])
    const settled = [...unsure].filter((no) => marks.get(no)?.has(key) && marks.get(no)?.has(markOf.person))
    const least = row.chunk === chunk ? chunk * 65_536 + from : 0
    found.push(
      ...[...sure, ...settled]
        .filter((no) => no >= least)
        .sort((a, b) => a - b)
        .slice(0, limit - found.length),
    )
    chunk = row.chunk + 1
    from = 0
  }
  return found
}

/** How many are in each of these audiences, and in each two of them: `bit_count` of the and. */
export async function overlapsOf(
  on: Executor,
  corpId: number,
  ids: readonly string[],
): Promise<readonly { readonly a: string; readonly b: string; readonly both: number }[]> {
  const keys = ids.map(markOf.audience)
  const { rows } = await sql<{ a: string; b: string; both: number }>`
    with none as materialized (select repeat('0', 65536)::varbit as bits),
    chunks as materialized (select generate_series(0, ((next_no + 65535) >> 16) - 1) as chunk from audience_corps
      where corp_id = ${corpId}),
    pending as materialized (
      select key, chunk, bit_or(set_bit(none.bits, person_no & 65535, 1)) as touched,
        bit_or(set_bit(none.bits, person_no & 65535, present::int)) as came
      from audience_changes, none where corp_id = ${corpId} and key = any(${keys}::text[]) group by key, chunk
    ), now as materialized (
      select k.key, chunks.chunk, ((coalesce(b.bits, none.bits) & ~coalesce(p.touched, none.bits)) | coalesce(p.came, none.bits)) as bits
      from unnest(${keys}::text[]) k(key) cross join none
      cross join chunks
      left join audience_bits b on b.corp_id = ${corpId} and b.key = k.key and b.chunk = chunks.chunk
      left join pending p on p.key = k.key and p.chunk = chunks.chunk
    )
    select substr(a.key, 10) as a, substr(b.key, 10) as b, sum(bit_count(a.bits & b.bits))::bigint as both
    from now a join now b on b.chunk = a.chunk and a.key <= b.key group by a.key, b.key`.execute(on)
  return rows
}

export interface MemberRow {
  readonly no: number
  readonly id: number
  readonly name: string | null
  /** He has a relation, so he has a page. */
  readonly hasPage: boolean
  readonly lastAddedAt: Date | null
  readonly staff: readonly string[]
  readonly status: string | null
}

/** What lists show of persons, by their numbers. */
export async function peopleOf(
  on: Executor,
  corpId: number,
  numbers: readonly number[],
): Promise<readonly MemberRow[]> {
  if (numbers.length === 0) return []
  const { rows } = await sql<MemberRow>`
    select p.person_no as no, p.customer_id as id, c.name, k.customer_id is not null as "hasPage",
      k.last_added_at as "lastAddedAt", k.status,
      coalesce((select array_agg(coalesce(s.name, u.userid) order by u.at) from unnest(k.userids) with ordinality as u(userid, at)
        left join staff s on s.corp_id = ${corpId} and s.userid = u.userid), '{}') as staff
    from audience_people p join customers c on c.id = p.customer_id left join customer_cards k on k.customer_id = c.id
    where p.corp_id = ${corpId} and p.person_no = any(${[...numbers]}::int[]) order by p.person_no`.execute(on)
  return rows
}

/** The person of one of his homes, if the actor may see him. Whom no member added is seen by who sees the whole brand. */
export async function rootInScope(on: Executor, actor: Actor, id: number): Promise<number | undefined> {
  const { rows } = await sql<{ root: number }>`
    select coalesce(given.merged_into, given.id) as root from customers given
    where given.id = ${id} and given.corp_id = ${actor.corpId} and given.erased_at is null
      and (${actor.scope.kind === 'corp'}::boolean or exists (
        select from relations r join customers home on home.id = r.customer_id
        where (home.id = coalesce(given.merged_into, given.id) or home.merged_into = coalesce(given.merged_into, given.id))
          and r.corp_id = ${actor.corpId} and ${staffInScope(actor, 'r.userid')}))`.execute(on)
  return rows[0]?.root
}

/** The customers of persons, by their numbers. */
export async function customersOf(
  on: Executor,
  corpId: number,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ no: number; id: number }>`select person_no as no, customer_id as id from audience_people
    where corp_id = ${corpId} and person_no = any(${[...numbers]}::int[])`.execute(on)
  return new Map(rows.map((row) => [row.no, row.id]))
}

/** How many persons there are, what is pending merged in. */
export async function countPersons(on: Executor, corpId: number): Promise<number> {
  const { rows } = await sql<{ persons: number }>`
    select ((select coalesce(sum(bit_count(bits)), 0) from audience_bits where corp_id = ${corpId} and key = ${markOf.person})
      + (select coalesce(sum(c.present::int - coalesce(get_bit(b.bits, c.person_no & 65535), 0)), 0)
        from audience_changes c left join audience_bits b on b.corp_id = c.corp_id and b.key = c.key and b.chunk = c.chunk
        where c.corp_id = ${corpId} and c.key = ${markOf.person}))::bigint as persons`.execute(on)
  return rows[0]?.persons ?? 0
}

/** The next members of an audience, by their numbers; `next`: from where on there may be more. */
export async function memberPage(
  on: Executor,
  corpId: number,
  audienceId: string,
  after: number,
  limit: number,
): Promise<{ readonly customers: readonly number[]; readonly next: number | undefined }> {
  const numbers = await membersAfter(on, corpId, audienceId, after, limit)
  const customers = [...(await customersOf(on, corpId, numbers)).values()]
  return { customers, next: numbers.length < limit ? undefined : numbers.at(-1) }
}

/** Which of these audiences each of these persons is in, by customer. */
export async function memberships(
  on: Executor,
  corpId: number,
  audienceIds: readonly string[],
  customerIds: readonly number[],
): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const numbers = await numbersOf(on, corpId, customerIds)
  const held = await heldMarks(on, corpId, [...audienceIds.map(markOf.audience), markOf.person], [...numbers.values()])
  return new Map(
    [...numbers].map(([customerId, no]) => {
      const marks = held.get(no)
      const own = audienceIds.filter((id) => marks?.has(markOf.audience(id)) && marks.has(markOf.person))
      return [customerId, new Set(own)]
    }),
  )
}
