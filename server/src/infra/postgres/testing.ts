import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { z } from 'zod'
import { type OpenDatabase, openDatabase } from '../db/database.ts'
import { until } from './processes.ts'
import { templateDatabase } from './testing.setup.ts'

export type TestDatabase = OpenDatabase & { url: string }

const Answer = z.object({ url: z.string().optional(), failure: z.string().optional() })

let made = 0

/**
 * A migrated, empty database for this test file alone: `const { db, pool, url } = await testDatabase()` at the top of
 * the file. It is dropped after the file's tests; a connection that the tests left open fails the file.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const home = await homeOfTheRun()
  made += 1
  const name = `test_${process.pid}_${made}`
  // Copying files is faster than logging blocks for a template of this size: there is nothing to make durable.
  await administer(home, `create database ${name} template ${templateDatabase} strategy file_copy`)
  const url = databaseUrl(home, name)
  const open = openDatabase(url, { max: 8 })
  afterAll(async () => {
    await open.close()
    const left = await connectionsLeft(home, name)
    await administer(home, `drop database ${name} with (force)`)
    if (left.length > 0) throw new Error(`The tests left connections to their database open: ${left.join('; ')}`)
  })
  return { ...open, url }
}

async function homeOfTheRun(): Promise<string> {
  const answer = Answer.parse(JSON.parse(await text(connect(inject('testDatabaseDoor')))))
  if (answer.url === undefined) throw new Error(`The database for the tests did not start: ${answer.failure}`)
  return answer.url
}

function databaseUrl(home: string, name: string): string {
  const url = new URL(home)
  url.pathname = `/${name}`
  return url.href
}

/** Closing takes a moment at the other end, so what is still there after a second is left open. */
async function connectionsLeft(home: string, name: string): Promise<string[]> {
  let left: string[] = []
  await until(async () => {
    const rows = await administer(
      home,
      `select application_name || ': ' || left(query, 120) as line from pg_stat_activity where datname = '${name}'`,
    )
    left = rows.map((row) => String(row.line))
    return left.length === 0
  }, 1_000)
  return left
}

async function administer(home: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: home })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
