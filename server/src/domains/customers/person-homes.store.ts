import { type RawBuilder, sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'

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
  corpId: number,
  homes: readonly number[],
): Promise<readonly { readonly home: number; readonly root: number }[]> {
  if (homes.length === 0) return []
  const { rows } = await sql<{ home: number; root: number }>`
    with roots as (
      select distinct coalesce(merged_into, id) as root from customers
      where id = any(${[...new Set(homes)]}::bigint[]) and corp_id = ${corpId}
    )
    select root as home, root from roots union all
    select c.id, roots.root from roots join customers c on c.merged_into = roots.root order by 2, 1`.execute(on)
  return rows
}

/** Every home of the person of one home; empty when there is no such home. */
export async function homesOf(on: Executor, corpId: number, home: number): Promise<readonly number[]> {
  return (await homesOfPersons(on, corpId, [home])).map((row) => row.home)
}

/** The homes of the person whose root is `root`, as a subquery of a statement: `customer_id in (…)`. Both are trusted expressions. */
export function homesUnder(root: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`(select ${root} union all select home.id from customers home where home.merged_into = ${root})`
}
