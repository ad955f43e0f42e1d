import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { z } from 'zod'
import { migrate } from '../db/migrate.ts'
import { distribute } from '../distribution/distribute.ts'
import { startEmbeddedPostgres } from './embedded.ts'

/** The database server of a run of tests, with a migrated database in it that test files get a copy of. */
export interface TestServer {
  /** A database to give orders from, on each machine: the coordinator's first; only that one without Citus. */
  readonly nodes: readonly string[]
  readonly template: string
  stop(): Promise<void>
}

/** Small on purpose: every test file copies all shards of all tables. */
const shards = 4

/** An embedded server of this run's own, or what `DATABASE_URL` names. */
export async function startTestServer(dir: string): Promise<TestServer> {
  const given = process.env['DATABASE_URL']
  if (given !== undefined && given !== '') return onServer(given)
  const cluster = await startEmbeddedPostgres({
    dataDir: join(dir, 'data'),
    log: { info() {}, warn: (fields, message) => console.warn(message, fields) },
    durable: false,
  })
  const template = 'template_migrated'
  await order(cluster.url, `create database ${template}`)
  await migrated(databaseAt(cluster.url, template))
  return { nodes: [cluster.url], template, stop: () => cluster.stop() }
}

/** Where the server has Citus and workers, every database of the run is distributed over them. */
async function onServer(home: string): Promise<TestServer> {
  const workers = await workersOf(home)
  const nodes = [home, ...workers]
  const template = `nuanyu_test_template_${process.pid}`
  for (const node of nodes) await order(node, `create database ${template}`)
  const drop = async () => {
    for (const node of nodes) {
      await order(node, `alter database ${template} allow_connections true`)
      await dropDatabase(node, template)
    }
  }
  try {
    if (workers.length > 0) await joined(nodes.map((node) => databaseAt(node, template)))
    await migrated(databaseAt(home, template), workers.length > 0)
    // PostgreSQL copies only a database that nobody is in, and Citus's own daemon would come back
    for (const node of nodes) {
      await order(node, `alter database ${template} allow_connections false`)
      await order(node, `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${template}'`)
    }
  } catch (error) {
    await drop()
    throw error
  }
  return { nodes, template, stop: drop }
}

const Node = z.object({ host: z.string(), port: z.number() })

async function workersOf(home: string): Promise<readonly string[]> {
  const has = await order(home, `select 1 from pg_extension where extname = 'citus'`)
  if (has.length === 0) return []
  const rows = await order(
    home,
    `select nodename as host, nodeport as port from pg_dist_node
     where groupid <> 0 and isactive and noderole = 'primary' order by nodeid`,
  )
  return rows.map((row) => {
    const { host, port } = Node.parse(row)
    return at(home, host, port)
  })
}

/** Makes one Citus cluster of a new database on each machine. */
async function joined(nodes: readonly string[]): Promise<void> {
  for (const node of nodes) await order(node, 'create extension citus')
  const [coordinator = '', ...workers] = nodes
  const name = (url: string) => [new URL(url).hostname, Number(new URL(url).port || 5432)]
  await order(coordinator, 'select citus_set_coordinator_host($1, $2)', name(coordinator))
  for (const worker of workers) await order(coordinator, 'select citus_add_node($1, $2)', name(worker))
}

async function migrated(url: string, distributed = false): Promise<void> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    ...(distributed ? { options: `-c citus.shard_count=${shards}` } : {}),
  })
  pool.on('error', () => undefined) // whoever is still leaving when the template is closed is put out
  try {
    await migrate(pool)
    if (distributed) await distribute(pool, () => undefined)
  } finally {
    await pool.end()
  }
}

export function databaseAt(node: string, name: string): string {
  const url = new URL(node)
  url.pathname = `/${name}`
  return url.href
}

function at(home: string, host: string, port: number): string {
  const url = new URL(home)
  url.hostname = host
  url.port = String(port)
  return url.href
}

/**
 * Whoever is still in it is put out. One who does not go at once, as Citus's own daemon, is put out again; autovacuum,
 * whom only a superuser may put out, goes by itself when it hears of the drop.
 */
export async function dropDatabase(node: string, name: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await order(node, `drop database if exists ${name} with (force)`)
      return
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if ((code !== '55006' && code !== '42501') || tries === 50) throw error
      await wait(20 * Math.min(tries, 10))
    }
  }
}

/** One statement on a connection of its own. */
export async function order(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows
  } finally {
    await client.end()
  }
}
