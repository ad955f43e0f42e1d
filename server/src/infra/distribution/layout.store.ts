import type pg from 'pg'
import { z } from 'zod'
import type { Laid } from './plan.ts'

/** What the database says of Citus and of itself. */
export interface Machine {
  /** Undefined: the extension is not in this database. */
  readonly citus: string | undefined
  /** The server has its files, so that `create extension citus` would work. */
  readonly available: boolean
  readonly onCoordinator: boolean
  readonly workers: number
  /** Processes of ours that hold this database now. */
  readonly servers: number
}

export interface Size {
  readonly shards: number
  readonly rows: number
  readonly bytes: number
}

const Version = z.object({ extversion: z.string().nullable(), available: z.boolean(), servers: z.coerce.number() })
const Nodes = z.object({ coordinator: z.boolean(), workers: z.coerce.number() })
const Place = z.object({
  table: z.string(),
  type: z.enum(['distributed', 'reference', 'local']),
  column: z.string().nullable(),
  group: z.number(),
})
const Key = z.object({ table: z.string(), pointsTo: z.string() })
const Measured = z.object({
  table: z.string(),
  rows: z.coerce.number(),
  bytes: z.coerce.number(),
  shards: z.coerce.number(),
})

export async function machineOf(client: pg.Pool | pg.PoolClient): Promise<Machine> {
  const { rows } = await client.query(`
    select (select extversion from pg_extension where extname = 'citus'),
      exists (select from pg_available_extensions where name = 'citus') as available,
      (select count(*) from pg_locks where locktype = 'advisory' and classid = 1 and objsubid = 2
        and database = (select oid from pg_database where datname = current_database())) as servers`)
  const { extversion, available, servers } = Version.parse(rows[0])
  if (extversion === null) return { citus: undefined, available, onCoordinator: true, workers: 0, servers }
  const nodes = await client.query(`
    select (select groupid = 0 from pg_dist_local_group) and exists (select from pg_dist_node where groupid = 0) as coordinator,
      (select count(*) from pg_dist_node where shouldhaveshards and isactive and noderole = 'primary') as workers`)
  const { coordinator, workers } = Nodes.parse(nodes.rows[0])
  return { citus: extversion, available, onCoordinator: coordinator, workers, servers }
}

/** Our own tables; a partition goes where its table goes. */
export async function tablesOf(client: pg.Pool | pg.PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query(`
    select c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migrations'
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    order by 1`)
  return z
    .array(z.object({ table: z.string() }))
    .parse(rows)
    .map((row) => row.table)
}

export async function placesOf(client: pg.Pool | pg.PoolClient, tables: readonly string[]): Promise<readonly Laid[]> {
  const { rows } = await client.query(
    `select c.relname as table, t.citus_table_type as type, nullif(t.distribution_column, '<none>') as column, t.colocation_id as group
     from citus_tables t join pg_class c on c.oid = t.table_name where c.relname = any($1)`,
    [tables],
  )
  const known = new Map(
    z
      .array(Place)
      .parse(rows)
      .map((row) => [row.table, row]),
  )
  return tables.map((table) => {
    const place = known.get(table)
    return {
      table,
      where: place?.type ?? 'local',
      column: place?.column ?? undefined,
      group: place?.type === 'distributed' ? place.group : undefined,
    }
  })
}

export async function foreignKeysOf(
  client: pg.Pool | pg.PoolClient,
): Promise<readonly { readonly table: string; readonly pointsTo: string }[]> {
  const { rows } = await client.query(`
    select c.conrelid::regclass::text as table, c.confrelid::regclass::text as "pointsTo" from pg_constraint c
    join pg_namespace n on n.oid = c.connamespace where c.contype = 'f' and n.nspname = 'public'`)
  return z.array(Key).parse(rows)
}

/** Rows as PostgreSQL estimates them, size on disk with indexes, by table; partitions and shards are added up. */
export async function sizesOf(client: pg.Pool | pg.PoolClient, citus: boolean): Promise<ReadonlyMap<string, Size>> {
  const { rows } = await client.query(citus ? distributedSizes : plainSizes)
  return new Map(
    z
      .array(Measured)
      .parse(rows)
      .map(({ table, ...size }) => [table, size]),
  )
}

const plainSizes = `
  select coalesce(p.relname, c.relname) as table, 0 as shards, sum(greatest(c.reltuples, 0))::bigint as rows,
    sum(pg_total_relation_size(c.oid)) as bytes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
  where n.nspname = 'public' and c.relkind = 'r' group by 1`

/** What a node says of its own tables; shards are tables whose name ends in the shard's number. */
const ofNode = `
  select coalesce(json_agg(json_build_array(c.relname, greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid))), '[]')
  from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`

/** A reference table is counted once, though it lies on every machine. */
const distributedSizes = `
  with node as (
    select n.groupid = 0 as coordinator, part ->> 0 as name, (part ->> 1)::bigint as rows, (part ->> 2)::bigint as bytes
    from run_command_on_all_nodes($node$ ${ofNode} $node$) answer join pg_dist_node n using (nodeid), json_array_elements(answer.result::json) part
    where answer.success
  ), shard as (
    select s.logicalrelid::oid as id, substring(shard_name(s.logicalrelid, s.shardid) from '[^.]+$') as name,
      p.partmethod = 'n' as whole from pg_dist_shard s join pg_dist_partition p on p.logicalrelid = s.logicalrelid
  ), one as (
    select s.id, s.name, s.whole, max(n.rows) as rows, max(n.bytes) as bytes from shard s join node n using (name) group by 1, 2, 3
    union all
    select c.oid, c.relname, true, n.rows, n.bytes from node n join pg_class c on c.relname = n.name and c.relnamespace = 'public'::regnamespace
    where n.coordinator and c.oid not in (select id from shard)
  )
  select coalesce(p.relname, c.relname) as table, count(*) filter (where not one.whole) as shards, sum(one.rows)::bigint as rows, sum(one.bytes) as bytes
  from one join pg_class c on c.oid = one.id
  left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent group by 1`
