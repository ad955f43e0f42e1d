import { sql } from 'kysely'
import type { Database, Executor, Tx } from '../db/database.ts'
import { locks } from '../db/locks.ts'
import { isCitus } from '../db/shards.ts'
import type { Span } from './periods.ts'
import type { OwnedRule } from './rules.ts'

/** Partitions are made and dropped by one process at a time, and never wait long for those who write. */
async function exclusively<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${locks.installation}, 7)`.execute(tx)
    await sql`set local lock_timeout = '1s'`.execute(tx)
    return work(tx)
  })
}

/** Names of the partitions of each of these tables. */
export async function partitionsOf(
  on: Executor,
  tables: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await sql<{ table: string; name: string }>`
    select p.relname as table, c.relname as name from pg_inherits i
    join pg_class p on p.oid = i.inhparent join pg_class c on c.oid = i.inhrelid
    join pg_namespace n on n.oid = p.relnamespace
    where n.nspname = 'public' and p.relname = any(${[...tables]}::text[])`.execute(on)
  return new Map(
    [...Map.groupBy(rows, (row) => row.table)].map(([table, list]) => [table, list.map((row) => row.name)]),
  )
}

/**
 * Makes the partitions that are missing. Rows of their spans that fell into the default partition meanwhile, because
 * time jumped, move to them. Only the default partition is locked: nothing is written to it in the ordinary case.
 */
export async function makePartitions(
  db: Database,
  table: string,
  column: string,
  spans: readonly Span[],
): Promise<readonly string[]> {
  return exclusively(db, async (tx) => {
    // another process may have made them while we waited
    const there = new Set((await partitionsOf(tx, [table])).get(table))
    const missing = spans.filter((span) => !there.has(span.name))
    if (missing.length === 0) return []
    const remainder = sql.table(`${table}_default`)
    await sql`lock table ${remainder} in access exclusive mode`.execute(tx)
    for (const { name, from, until } of missing) {
      await sql`create table ${sql.table(name)} (like ${sql.table(table)} including defaults including constraints)`.execute(
        tx,
      )
      const within = sql`${sql.ref(column)} >= ${from} and ${sql.ref(column)} < ${until}`
      await sql`insert into ${sql.table(name)} select * from ${remainder} where ${within}`.execute(tx)
      await sql`delete from ${remainder} where ${within}`.execute(tx)
      await sql`
        alter table ${sql.table(table)} attach partition ${sql.table(name)}
        for values from (${sql.lit(from.toISOString())}) to (${sql.lit(until.toISOString())})`.execute(tx)
    }
    return missing.map((span) => span.name)
  })
}

export async function dropPartition(db: Database, name: string): Promise<void> {
  await exclusively(db, async (tx) => {
    await sql`drop table if exists ${sql.table(name)}`.execute(tx)
  })
}

/** The partitions of owners that are older. */
export async function ownedBefore(
  on: Executor,
  { table, owner, flag }: Omit<OwnedRule, 'days'>,
  before: Date,
): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits i
    join pg_class p on p.oid = i.inhparent join pg_class c on c.oid = i.inhrelid
    join pg_namespace n on n.oid = p.relnamespace
    join ${sql.table(owner.table)} o on c.relname = ${`${table}_`} || o.${sql.ref(owner.key)}
    where n.nspname = 'public' and p.relname = ${table} and o.${sql.ref(flag.column)} = ${flag.is}
      and o.${sql.ref(owner.column)} < ${before} order by o.${sql.ref(owner.key)}`.execute(on)
  return rows.map((row) => row.name)
}

/** Deletes at most so many rows that are older; answers how many. */
export async function deleteOlder(
  on: Executor,
  rule: { readonly table: string; readonly column: string; readonly key: string; readonly keepState?: string },
  before: Date,
  limit: number,
): Promise<number> {
  const table = sql.table(rule.table)
  const key = sql.ref(rule.key)
  const { numAffectedRows } = await sql`
    delete from ${table} where ${key} in (
      select ${key} from ${table} where ${sql.ref(rule.column)} < ${before}
      ${rule.keepState === undefined ? sql`` : sql`and state <> ${rule.keepState}`} limit ${limit})`.execute(on)
  return Number(numAffectedRows ?? 0n)
}

/** The same of what a table's default partition holds: rows of times for which there never was a partition. */
export async function deleteOlderRemainder(
  on: Executor,
  table: string,
  column: string,
  before: Date,
  limit: number,
): Promise<number> {
  const remainder = sql.table(`${table}_default`)
  const time = sql.ref(column)
  // a row's place names it on one machine only: of several, all rows of the oldest moments go
  const { numAffectedRows } = (await isCitus(on))
    ? await sql`
        delete from ${remainder} where ${time} <= (
          select max(${time}) from (select ${time} from ${remainder} where ${time} < ${before} order by ${time} limit ${limit}) oldest)`.execute(
        on,
      )
    : await sql`
        delete from ${remainder} where ctid = any(array(
          select ctid from ${remainder} where ${time} < ${before} limit ${limit}))`.execute(on)
  return Number(numAffectedRows ?? 0n)
}
