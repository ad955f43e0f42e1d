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

/** Counts anew what lies in a table's new place: until then plans are made as for an empty one. */
export async function analyse(client: pg.PoolClient, table: string): Promise<void> {
  await client.query(`analyze ${client.escapeIdentifier(table)}`)
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

/**
 * When a transaction that wrote to several machines ends, the coordinator counts it as ended before it has told the
 * machines, so that its events would be missing for those who read at this moment, and be skipped for good. It holds the
 * lock of its own number until they are told: events are read below the oldest of these too.
 */
export async function settleEventsCarefully(client: pg.PoolClient): Promise<void> {
  await client.query(`
    create or replace function events_settled() returns xid8 language sql stable as $$
      select least(pg_snapshot_xmin(now.seen), (
        select min(((pg_snapshot_xmax(now.seen)::text::bigint - (pg_snapshot_xmax(now.seen)::text::bigint - l.transactionid::text::bigint) % 4294967296))::text::xid8)
        from pg_locks l where l.locktype = 'transactionid' and l.mode = 'ExclusiveLock' and l.granted))
      from (select pg_current_snapshot() as seen) now
    $$`)
}
