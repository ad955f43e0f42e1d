import { sql } from 'kysely'
import type { Database, Executor, Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import type { BehaviourOfPerson } from '../rules/facts.ts'

/** What a person did that day, by name, once more; as it comes in it is kept apart from what is folded. */
export interface Behaved extends BehaviourOfPerson {
  readonly personNo: number
}

export async function noteBehaved(tx: Tx, corpId: number, behaved: readonly Behaved[]): Promise<void> {
  if (behaved.length === 0) return
  await sql`insert into audience_behaved (corp_id, name, day, chunk, person_no, times)
    select ${corpId}, name, day, no >> 16, no, sum(times)
    from unnest(${behaved.map((one) => one.name)}::text[], ${behaved.map((one) => one.day)}::int[],
      ${behaved.map((one) => one.personNo)}::int[], ${behaved.map((one) => one.times)}::int[]) given(name, day, no, times)
    group by name, day, no order by no
    on conflict (corp_id, person_no, name, day, chunk) do update set times = audience_behaved.times + excluded.times`.execute(
    tx,
  )
}

/** What these persons did, of these names; a day may come twice. */
export async function behavioursOf(
  on: Executor,
  corpId: number,
  persons: readonly number[],
  names: readonly string[],
): Promise<readonly (BehaviourOfPerson & { readonly no: number })[]> {
  const of = sql`where corp_id = ${corpId} and person_no = any(${[...persons]}::int[]) and name = any(${[...names]}::text[])`
  const { rows } = await sql<BehaviourOfPerson & { readonly no: number }>`
    select no, name, day, sum(times)::int as times from (
      select person_no as no, name, day, times from audience_behaviours ${of}
      union all select person_no, name, day, times from audience_behaved ${of}) did
    group by no, name, day`.execute(on)
  return rows
}

/** Every name of what somebody did: a look at the index a name, however many did it. */
export const behaviourNames = (corpId: number) => sql`(
  with recursive folded as (
    (select name from audience_behaviours where corp_id = ${corpId} order by name limit 1)
    union all
    select (select b.name from audience_behaviours b where b.corp_id = ${corpId} and b.name > folded.name order by b.name limit 1)
    from folded where folded.name is not null
  )
  select name from folded where name is not null
  union select name from audience_behaved where corp_id = ${corpId})`

/** What the persons of these homes did, counted anew from what the homes did: homes joined or parted. */
export async function moveBehaviours(tx: Tx, corpId: number, homes: readonly number[], zone: string): Promise<void> {
  const ids = [...homes]
  // in this order: what is being folded is waited for, and found among what is kept
  await sql`delete from audience_behaved b using audience_people p
    where p.customer_id = any(${ids}::bigint[]) and b.corp_id = ${corpId} and b.person_no = p.person_no`.execute(tx)
  await sql`delete from audience_behaviours b using audience_people p
    where p.customer_id = any(${ids}::bigint[]) and b.corp_id = ${corpId} and b.person_no = p.person_no
      and b.name = any(array(select name from ${behaviourNames(corpId)} names))`.execute(tx)
  await sql`
    with b as materialized (
      select customer_id, name, at from behaviours where customer_id = any(${ids}::bigint[]) and corp_id = ${corpId})
    insert into audience_behaved (corp_id, name, day, chunk, person_no, times)
    select ${corpId}, b.name, (b.at at time zone ${zone})::date - date '1970-01-01', p.person_no >> 16, p.person_no, count(*)
    from b join customers c on c.id = b.customer_id
    join audience_people p on p.customer_id = coalesce(c.merged_into, c.id) group by 2, 3, 4, 5`.execute(tx)
}

/** So many are moved at a time. */
const most = 100_000

/** Moves what was noted to what is kept; fewer than `least` wait until they are more. Answers how many they were. */
export async function foldBehaved(db: Database, corpId: number, least: number): Promise<number> {
  const { rows } = await sql<{ noted: number }>`select count(*)::int as noted from (
    select from audience_behaved where corp_id = ${corpId} limit ${Math.max(least, 1)}) few`.execute(db)
  if ((rows[0]?.noted ?? 0) < Math.max(least, 1)) return 0
  let folded = 0
  for (let moved = most; moved === most; folded += moved)
    moved = await db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${locks.bits}, ${corpId})`.execute(tx)
      const { rows: taken } = await sql<{ moved: number }>`with few as (
          select corp_id, person_no, name, day, chunk from audience_behaved where corp_id = ${corpId}
          order by person_no limit ${most} for update skip locked
        ), taken as (
          delete from audience_behaved b using few where b.corp_id = few.corp_id and b.person_no = few.person_no
            and b.name = few.name and b.day = few.day and b.chunk = few.chunk
          returning b.corp_id, b.name, b.day, b.chunk, b.person_no, b.times
        ), kept as (
          insert into audience_behaviours (corp_id, name, day, chunk, person_no, times)
          select corp_id, name, day, chunk, person_no, times from taken order by name, person_no
          on conflict (corp_id, name, day, person_no, chunk) do update set times = audience_behaviours.times + excluded.times
        ) select count(*)::int as moved from taken`.execute(tx)
      return taken[0]?.moved ?? 0
    })
  return folded
}
