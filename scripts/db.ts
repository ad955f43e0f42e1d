// npm run db -- url | status | stop | distribute: the database, for the person at the terminal.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { DistributionError, distribute, statusOf } from '../server/src/infra/distribution/distribute.ts'
import { stopAbandoned } from '../server/src/infra/postgres/index.ts'
import { statusInWords } from './db/status-words.ts'

const dataDir = resolve(process.env.DATA_DIR ?? './data')
const file = join(dataDir, 'postgres.json')
const state: { cluster?: string; running?: { pid: number; url: string } } = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : {}
const given = process.env.DATABASE_URL || undefined

const commands: Record<string, () => void | Promise<void>> = {
  /** The address of the running database, for psql or another process: it holds the password. */
  url() {
    if (!state.running) fail('The embedded database is not running. Start the server first: npm start')
    else console.log(state.running.url)
  },
  /** Where the database is, and where each of its tables. */
  async status() {
    if (given === undefined) console.log(embedded())
    const url = given ?? state.running?.url
    if (url !== undefined) await inDatabase(url, async (pool) => console.log(statusInWords(await statusOf(pool))))
  },
  /** Stops what a killed server left running. */
  async stop() {
    console.log(
      (await stopAbandoned(dataDir)) ? 'The embedded database is stopped.' : 'The embedded database was not running.',
    )
  },
  /** Brings every table of a Citus coordinator's database to the place that it declares. */
  async distribute() {
    if (given === undefined)
      return fail(
        'DATABASE_URL is not set. The embedded database is one machine and cannot be distributed: name the database of a Citus coordinator (docs/deployment.md).',
      )
    await inDatabase(given, async (pool) => {
      const moved = await distribute(pool, (line) => console.log(line))
      console.log(
        moved === 0 ? 'Every table lies as declared.' : `${moved} tables moved: every table lies as declared.`,
      )
    })
  },
}

function embedded(): string {
  if (!state.cluster) return `There is no embedded database in ${dataDir} yet.`
  return `${resolve(dataDir, state.cluster)}: ${state.running ? `process ${state.running.pid}` : 'not running'}`
}

async function inDatabase(url: string, work: (pool: pg.Pool) => Promise<void>): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 5_000 })
  try {
    await work(pool)
  } catch (error) {
    if (error instanceof DistributionError) fail(error.message)
    else if (error instanceof Error) fail(`${new URL(url).host || 'The database'}: ${error.message}`)
    else throw error
  } finally {
    await pool.end()
  }
}

function fail(message: string): void {
  console.error(message)
  process.exitCode = 1
}

const command = commands[process.argv[2] ?? 'status']
if (command) await command()
else fail(`Usage: npm run db -- ${Object.keys(commands).join(' | ')}`)
