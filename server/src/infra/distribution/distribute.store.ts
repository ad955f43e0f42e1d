import type pg from 'pg'
import type { Step } from './plan.ts'

/**
 * Takes one table to its place, rows and all, in a transaction of its own: what is interrupted is as before, and the next
 * run goes on there. The table is locked for writing meanwhile.
 */
export async function takeToItsPlace(client: pg.PoolClient, { table, comeBack, to }: Step): Promise<void> {
  await client.query('begin')
  try {
    if (comeBack) await client.query('select undistribute_table($1::regclass)', [table])
    if (to.kind === 'reference') await client.query('select create_reference_table($1::regclass)', [table])
    if (to.kind === 'distributed')
      await client.query('select create_distributed_table($1::regclass, $2, colocate_with => $3)', [
        table,
        to.column,
        to.beside ?? 'none',
      ])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

/** Tables whose rows still lie on the coordinator besides on their shards. */
export async function leftBehind(client: pg.PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ table: string }>(`
    select c.relname as table from pg_dist_partition p join pg_class c on c.oid = p.logicalrelid
    where c.relkind = 'r' and p.colocationid <> 0 and pg_relation_size(c.oid) > 0 order by 1`)
  return rows.map((row) => row.table)
}

/** Frees the coordinator's copy of rows that were moved to shards. */
export async function emptyTheOldPlace(client: pg.PoolClient, table: string): Promise<void> {
  await client.query('select truncate_local_data_after_distributing_table($1::regclass)', [table])
}
