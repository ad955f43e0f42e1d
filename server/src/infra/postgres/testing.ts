import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, inject } from 'vitest'
import { z } from 'zod'
import { type OpenDatabase, openDatabase } from '../db/database.ts'
import { until } from './processes.ts'
import { databaseAt, dropDatabase, order, type TestServer } from './testing-server.ts'

export type TestDatabase = OpenDatabase & { url: string }

const Answer = z.union([
  z.object({ nodes: z.array(z.string()).min(1), template: z.string() }),
  z.object({ failure: z.string() }),
])

let made = 0

/**
 * A migrated, empty database for this test file alone: `const { db, pool, url } = await testDatabase()` at the top of
 * the file. It is dropped after the file's tests; a connection that the tests left open fails the file.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const { nodes, template } = await serverOfTheRun()
  made += 1
  const name = `test_${process.pid}_${made}`
  // Copying files is faster than logging blocks for a template of this size: there is nothing to make durable.
  await Promise.all(nodes.map((node) => order(node, `create database ${name} template ${template} strategy file_copy`)))
  const [home = ''] = nodes
  const url = databaseAt(home, name)
  const open = openDatabase(url, { max: 8 })
  afterAll(async () => {
    await open.close()
    const left = await connectionsLeft(home, name)
    await Promise.all(nodes.map((node) => dropDatabase(node, name)))
    if (left.length > 0) throw new Error(`The tests left connections to their database open: ${left.join('; ')}`)
  })
  return { ...open, url }
}

async function serverOfTheRun(): Promise<Pick<TestServer, 'nodes' | 'template'>> {
  const answer = Answer.parse(JSON.parse(await text(connect(inject('testDatabaseDoor')))))
  if ('failure' in answer) throw new Error(`The database for the tests did not start: ${answer.failure}`)
  return answer
}

/** Closing takes a moment at the other end, so what is still there after a second is left open. */
async function connectionsLeft(home: string, name: string): Promise<string[]> {
  let left: string[] = []
  await until(async () => {
    const rows = await order(
      home,
      `select application_name || ': ' || left(query, 120) as line from pg_stat_activity where datname = '${name}' and backend_type = 'client backend' and application_name not like 'citus%'`,
    )
    left = rows.map((row) => String(row.line))
    return left.length === 0
  }, 1_000)
  return left
}
