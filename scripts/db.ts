// npm run db -- url | stop | status: the embedded database of DATA_DIR, for the person at the terminal.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stopAbandoned } from '../server/src/infra/postgres/index.ts'

const dataDir = resolve(process.env.DATA_DIR ?? './data')
const file = join(dataDir, 'postgres.json')
const state: { cluster?: string; running?: { pid: number; url: string } } = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : {}

const commands: Record<string, () => void | Promise<void>> = {
  /** The address of the running database, for psql or another process: it holds the password. */
  url() {
    if (!state.running) fail('The embedded database is not running. Start the server first: npm start')
    else console.log(state.running.url)
  },
  status() {
    if (!state.cluster) console.log(`There is no embedded database in ${dataDir} yet.`)
    else
      console.log(
        `${resolve(dataDir, state.cluster)}: ${state.running ? `process ${state.running.pid}` : 'not running'}`,
      )
  },
  /** Stops what a killed server left running. */
  async stop() {
    console.log(
      (await stopAbandoned(dataDir)) ? 'The embedded database is stopped.' : 'The embedded database was not running.',
    )
  },
}

function fail(message: string): void {
  console.error(message)
  process.exitCode = 1
}

const command = commands[process.argv[2] ?? 'status']
if (command) await command()
else fail(`Usage: npm run db -- ${Object.keys(commands).join(' | ')}`)
