import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../db/migrate.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres, stopAbandoned } from './embedded.ts'
import { isAlive } from './processes.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The socket on which a test file asks for the run's database. */
    testDatabaseDoor: string
  }
}

export const templateDatabase = 'template_migrated'

/**
 * One database cluster for the whole run, created when the first test file asks for it: runs of pure rules never wait
 * for it. Test files live in processes of their own, so they ask through a socket.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepUp()
  const dir = mkdtempSync(join(tmpdir(), `nuanyu-test-${process.pid}-`))
  chmodSync(dir, 0o755) // as root, the database runs as another account
  let cluster: Promise<EmbeddedPostgres> | undefined
  const server = createServer((socket) => {
    cluster ??= start(dir)
    cluster.then(
      ({ url }) => socket.end(JSON.stringify({ url })),
      (error: unknown) => socket.end(JSON.stringify({ failure: String(error) })),
    )
    socket.on('error', () => socket.destroy()) // the test file went away
  })
  const door = join(dir, 'door')
  await new Promise<void>((resolve) => server.listen(door, resolve))
  project.provide('testDatabaseDoor', door)

  return async () => {
    server.close()
    await cluster?.then((started) => started.stop()).catch(() => {}) // its failure was told to those who asked
    rmSync(dir, { recursive: true, force: true })
  }
}

async function start(dir: string): Promise<EmbeddedPostgres> {
  const cluster = await startEmbeddedPostgres({
    dataDir: join(dir, 'data'),
    log: { info() {}, warn: (fields, message) => console.warn(message, fields) },
    durable: false,
  })
  const admin = new pg.Client({ connectionString: cluster.url })
  await admin.connect()
  await admin.query(`create database ${templateDatabase}`)
  await admin.end()
  const template = new URL(cluster.url)
  template.pathname = `/${templateDatabase}`
  const pool = new pg.Pool({ connectionString: template.href })
  try {
    await migrate(pool)
  } finally {
    await pool.end()
  }
  return cluster
}

/** What runs that were killed left behind. */
async function sweepUp(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^nuanyu-test-(\d+)-/.exec(name)?.[1])
    if (!pid || isAlive(pid)) continue
    const dir = join(tmpdir(), name)
    await stopAbandoned(join(dir, 'data'))
    rmSync(dir, { recursive: true, force: true })
  }
}
