import { type RawBuilder, sql } from 'kysely'
import type { Executor } from './database.ts'

/** Some values of a table's distribution column that one statement may lock the rows of. */
export interface Part<T> {
  readonly values: readonly T[]
  /** Leads a statement whose conditions do not name the column to the shard of these values; always true on one machine. */
  among(column: RawBuilder<unknown>): RawBuilder<boolean>
}

let citus: boolean | undefined

/** Whether the database of this process is one of Citus; asked once. */
export async function isCitus(on: Executor): Promise<boolean> {
  if (citus !== undefined) return citus
  const { rows } = await sql<{ is: boolean }>`select to_regclass('pg_dist_partition') is not null as is`.execute(on)
  citus = rows[0]?.is === true
  return citus
}

/**
 * These values in parts, each in one shard, always in the same order: Citus locks rows (`for update`) of one shard by a
 * statement. All in one part where the database is one machine.
 */
export async function byShard<T extends number | string>(
  on: Executor,
  table: string,
  values: readonly T[],
): Promise<readonly Part<T>[]> {
  if (values.length === 0 || !(await isCitus(on))) return [{ values, among: () => sql`true` }]
  const type = sql.raw(typeof values[0] === 'number' ? 'bigint[]' : 'text[]')
  const { rows } = await sql<{ part: T[] }>`
    select array_agg(value order by value) as part from (
      select value, case when exists (select from pg_dist_partition where logicalrelid = ${table}::regclass and partmethod = 'h')
        then get_shard_id_for_distribution_column(${table}::regclass, value) end as shard
      from unnest(${[...values]}::${type}) as n(value) offset 0) placed
    group by shard order by shard`.execute(on)
  return rows.map(({ part }) => ({ values: part, among: (column) => sql<boolean>`${column} = any(${part}::${type})` }))
}
