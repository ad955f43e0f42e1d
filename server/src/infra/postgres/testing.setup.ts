import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { stopAbandoned } from './embedded.ts'
import { isAlive } from './processes.ts'
import { startTestServer, type TestServer } from './testing-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The socket on which a test file asks for the run's database. */
    testDatabaseDoor: string
  }
}

/**
 * One database server for the whole run, begun when the first test file asks for it: runs of pure rules never wait
 * for it. It is an embedded one, or what DATABASE_URL names: then the run makes its databases there and drops them. Test
 * files live in processes of their own, so they ask through a socket.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepUp()
  const dir = mkdtempSync(join(tmpdir(), `nuanyu-test-${process.pid}-`))
  chmodSync(dir, 0o755) // as root, the database runs as another account
  let database: Promise<TestServer> | undefined
  const server = createServer((socket) => {
    database ??= startTestServer(dir)
    database.then(
      ({ nodes, template }) => socket.end(JSON.stringify({ nodes, template })),
      (error: unknown) => socket.end(JSON.stringify({ failure: String(error) })),
    )
    socket.on('error', () => socket.destroy()) // the test file went away
  })
  const door = join(dir, 'door')
  await new Promise<void>((resolve) => server.listen(door, resolve))
  project.provide('testDatabaseDoor', door)

  return async () => {
    server.close()
    await database?.then((started) => started.stop()).catch(() => {}) // its failure was told to those who asked
    rmSync(dir, { recursive: true, force: true })
  }
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
