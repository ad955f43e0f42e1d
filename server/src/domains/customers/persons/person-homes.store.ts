import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'

/** The root of each of these homes, as it is now. Homes that are not the corp's are not among the answers. */
export async function rootsOf(
  on: Executor,
  corpId: number,
  homes: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (homes.length === 0) return new Map()
  const { rows } = await sql<{ id: number; root: number }>`
    select id, coalesce(merged_into, id) as root from customers
    where id = any(${[...new Set(homes)]}::bigint[]) and corp_id = ${corpId}`.execute(on)
  return new Map(rows.map((row) => [row.id, row.root]))
}

/** All homes of the persons whom these homes belong to: by any home, root or not. */
export async function homesOfPersons(
  on: Executor,
  homes: readonly number[],
): Promise<readonly { readonly home: number; readonly root: number }[]> {
  if (homes.length === 0) return []
  const { rows } = await sql<{ home: number; root: number }>`
    with roots as (
      select distinct coalesce(merged_into, id) as root from customers where id = any(${[...new Set(homes)]}::bigint[])
    )
    select root as home, root from roots union all
    select c.id, roots.root from roots join customers c on c.merged_into = roots.root order by 2, 1`.execute(on)
  return rows
}

/** Every home of the person of one home of this corp; empty when there is none. */
export async function homesOf(on: Executor, corpId: number, home: number): Promise<readonly number[]> {
  const { rows } = await sql<{ home: number }>`
    with given as (select coalesce(merged_into, id) as root from customers where id = ${home} and corp_id = ${corpId})
    select root as home from given union all
    select c.id from given join customers c on c.merged_into = given.root order by 1`.execute(on)
  return rows.map((row) => row.home)
}
