import { createHash } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { type Account, databaseAccount } from './account.ts'
import { type Binaries, installedBinaries, reachableBinaries } from './binaries.ts'
import { checkVersion, clusterExists, createCluster, superuser } from './cluster.ts'
import { folderFailure } from './failure.ts'
import { ownFolder } from './owner.ts'
import { placeCluster, placeSocket, sharedHome } from './place.ts'
import { runningPostmaster, startPostmaster, stopPostmaster } from './postmaster.ts'
import { isAlive, until } from './processes.ts'
import { settings } from './settings.ts'
import { ensureDataDir, keyFileMissing, newPassword, type Running, readState, type State, writeState } from './state.ts'

export type Log = { info(fields: object, message: string): void; warn(fields: object, message: string): void }

export type EmbeddedPostgres = {
  /** For the application's own role, which owns the database `nuanyu`. */
  url: string
  version: string
  /** True when the database was still alive from an earlier server. */
  adopted: boolean
  pid: number
  /** Where the cluster lies; not below `dataDir` when the database's account cannot enter that. */
  cluster: string
  /** Ends the watch, shuts the database down and gives the folder back. The last thing a server does. */
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  dataDir: string
  log: Log
  /** False gives up all safety against a crash: for tests only. */
  durable?: boolean
}

const role = 'nuanyu'

/** Makes sure that the data folder has a database and that it runs: creates, starts, restarts or adopts it. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  const giveBack = sayingWhy(dataDir, () => {
    ensureDataDir(dataDir)
    return ownFolder(dataDir)
  })
  try {
    const home = await prepare(dataDir, options)
    const { running, adopted } = await bringUp(home)
    await createDatabase(home.state, running).catch(async (error: unknown) => {
      await takeDown(home, running.pid, running.host)
      throw error
    })
    const watch = keepRunning(home, running)
    return {
      url: running.url,
      version: home.binaries.version,
      adopted,
      cluster: home.state.cluster,
      get pid() {
        return watch.pid()
      },
      async stop() {
        await watch.end()
        await takeDown(home, watch.pid(), running.host)
        giveBack()
      },
    }
  } catch (error) {
    giveBack()
    throw folderFailure(dataDir, error) ?? error
  }
}

function sayingWhy<T>(dataDir: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw folderFailure(dataDir, error) ?? error
  }
}

/** Stops the database that a killed server left running; false when none was. Refuses while a server owns the folder. */
export async function stopAbandoned(folder: string): Promise<boolean> {
  const dataDir = resolve(folder)
  const state = existsSync(dataDir) ? readState(dataDir) : undefined
  if (!state) return false
  const giveBack = ownFolder(dataDir)
  try {
    const alive = runningPostmaster(state.cluster)
    if (alive) await stopPostmaster(alive.pid)
    if (state.running) removeSocket(state.running.host)
    writeState(dataDir, { cluster: state.cluster, password: state.password })
    return alive !== undefined
  } finally {
    giveBack()
  }
}

/** Everything that a start needs to know about one data folder. */
type Home = {
  dataDir: string
  state: State
  account: Account | undefined
  binaries: Binaries
  log: Log
  durable: boolean
}

async function prepare(dataDir: string, { log, durable = true }: EmbeddedOptions): Promise<Home> {
  const known = readState(dataDir)
  const account = databaseAccount(known?.cluster ?? join(dataDir, 'postgres'))
  const state = known ?? { cluster: placeCluster(dataDir, account), password: newPassword() }
  const installed = installedBinaries()
  const binaries = reachableBinaries(installed, account, account ? sharedHome() : dataDir)
  if (!state.cluster.startsWith(dataDir)) {
    log.info(
      { cluster: state.cluster },
      `the database's account cannot enter ${dataDir}; its files are in ${state.cluster}`,
    )
  }
  if (clusterExists(state.cluster)) {
    if (!known) throw keyFileMissing(dataDir)
    checkVersion(state.cluster, binaries)
  } else {
    writeState(dataDir, state)
    await createCluster({ binaries, cluster: state.cluster, account, password: state.password, durable })
  }
  return { dataDir, state, account, binaries, log, durable }
}

/** Adopts the database that is still alive, if it listens and was started with these settings; else starts one. */
async function bringUp(home: Home): Promise<{ running: Running; adopted: boolean }> {
  const before = home.state.running
  const alive = runningPostmaster(home.state.cluster)
  if (
    alive &&
    before?.pid === alive.pid &&
    before.settings === fingerprint(home, before) &&
    (await answers(before.url))
  ) {
    return { running: before, adopted: true }
  }
  if (alive) await stopPostmaster(alive.pid)
  if (before) removeSocket(before.host)
  return { running: await start(home, await placeSocket(home.account)), adopted: false }
}

async function start(home: Home, { host, port }: { host: string; port: number }): Promise<Running> {
  const where = { host, port }
  const pid = await startPostmaster({
    ...home,
    cluster: home.state.cluster,
    configuration: settings(where, home.durable),
    logFile: join(home.dataDir, 'postgres.log'),
    stillRecovering: (seconds) => home.log.info({ seconds }, 'the database is replaying its log after a crash'),
  })
  const url = address(role, home.state.password, where, role)
  const running = { pid, ...where, settings: fingerprint(home, where), url }
  writeState(home.dataDir, { ...home.state, running })
  return running
}

async function takeDown(home: Home, pid: number, host: string): Promise<void> {
  await stopPostmaster(pid)
  removeSocket(host)
  const { cluster, password } = home.state
  writeState(home.dataDir, { cluster, password })
}

/** Starts the database again, at the same address, when it dies while the server lives; ever less often in vain. */
function keepRunning(home: Home, running: Running) {
  let pid = running.pid
  let busy: Promise<void> | undefined
  let pause = 0
  let notBefore = 0
  const timer = setInterval(() => {
    if (busy || isAlive(pid) || performance.now() < notBefore) return
    home.log.warn({ pid }, 'the database ended unexpectedly; starting it again')
    busy = start(home, running)
      .then((again) => {
        pid = again.pid
        pause = 0
      })
      .catch((error: unknown) => {
        pause = Math.min(15_000, pause * 2 || 500)
        notBefore = performance.now() + pause
        home.log.warn({ err: error }, `the database could not be started again; trying once more in ${pause} ms`)
      })
      .finally(() => {
        busy = undefined
      })
  }, 250)
  timer.unref()
  return {
    pid: () => pid,
    async end() {
      clearInterval(timer)
      await busy
    },
  }
}

/** The application's role and database; the role is no superuser, but may create databases. */
async function createDatabase(state: State, running: Running): Promise<void> {
  const client = new pg.Client({ connectionString: address(superuser, state.password, running, 'postgres') })
  await client.connect()
  try {
    const existing = await client.query('select 1 from pg_database where datname = $1', [role])
    if (existing.rowCount) return
    const roles = await client.query('select 1 from pg_roles where rolname = $1', [role])
    if (!roles.rowCount) {
      await client.query(`create role ${role} login createdb password ${client.escapeLiteral(state.password)}`)
    }
    await client.query(`create database ${role} owner ${role}`)
  } finally {
    await client.end()
  }
}

function address(user: string, password: string, { host, port }: { host: string; port: number }, database: string) {
  return `postgresql://${user}:${encodeURIComponent(password)}@${encodeURIComponent(host)}:${port}/${database}`
}

async function answers(url: string): Promise<boolean> {
  return until(async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
    client.on('error', () => {}) // what connect and query reject with is answer enough
    try {
      await client.connect()
      await client.query('select 1')
      return true
    } catch {
      return false // still replaying, or shutting down
    } finally {
      await client.end().catch(() => {})
    }
  }, 3_000)
}

function fingerprint(home: Home, where: { host: string; port: number }): string {
  return createHash('sha256')
    .update(`${home.binaries.version}\n${settings(where, home.durable)}`)
    .digest('hex')
}

function removeSocket(host: string): void {
  if (host.startsWith('/') && /nuanyu-db-[^/]+$/.test(host)) rmSync(host, { recursive: true, force: true })
}
