import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres, stopAbandoned } from './embedded.ts'
import { isAlive, until } from './processes.ts'
import { readState } from './state.ts'

const isRoot = process.getuid?.() === 0
const running = new Set<EmbeddedPostgres>()
const said: string[] = []
let home: string
let dataDir: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'nuanyu-embedded-'))
  chmodSync(home, 0o755)
  dataDir = join(home, 'data')
  said.length = 0
})

afterEach(async () => {
  for (const database of running) await database.stop()
  running.clear()
  await stopAbandoned(dataDir)
  const elsewhere = readState(dataDir)?.cluster
  if (elsewhere && !elsewhere.startsWith(dataDir)) {
    rmSync(elsewhere, { recursive: true, force: true })
    rmSync(`${elsewhere}.origin`, { force: true })
  }
  rmSync(home, { recursive: true, force: true })
})

async function start(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  const say = (_fields: object, message: string) => void said.push(message)
  const database = await startEmbeddedPostgres({ dataDir, log: { info: say, warn: say }, durable: false, ...options })
  running.add(database)
  return database
}

async function stop(database: EmbeddedPostgres): Promise<void> {
  running.delete(database)
  await database.stop()
}

async function query(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {}) // a database that is killed ends its connections
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

/** A server in a process of its own that starts the database and is then killed without a chance to clean up. */
async function startAndKillServer(): Promise<void> {
  const program = `
    import { startEmbeddedPostgres } from '${import.meta.resolve?.('./embedded.ts') ?? new URL('./embedded.ts', import.meta.url).href}'
    const log = { info() {}, warn() {} }
    await startEmbeddedPostgres({ dataDir: process.argv[1], log, durable: false })
    process.kill(process.pid, 'SIGKILL')`
  const server = spawn(process.execPath, ['--input-type=module', '-e', program, dataDir], { stdio: 'inherit' })
  const [, signal] = await once(server, 'exit')
  expect(signal).toBe('SIGKILL')
}

test('a new folder gets a database, and the next start goes on with its data', async () => {
  const first = await start({ durable: true })
  expect(first.adopted).toBe(false)
  expect(await query(first.url, 'show fsync')).toBe('on')
  await query(first.url, 'create table kept as select 42 as n')
  await stop(first)
  expect(isAlive(first.pid)).toBe(false)

  const second = await start({ durable: true })
  expect(await query(second.url, 'select n from kept')).toBe(42)
})

test('Chinese text is stored, compared and cut into trigrams', async () => {
  const { url } = await start()
  await query(url, 'create extension pg_trgm')
  expect(await query(url, `select cardinality(show_trgm('陈小雨'))`)).toBe(4)
  expect(await query(url, `select '暖域' < '暖意'`)).toBe(true)
})

test('the password is readable by its owner only, and nobody gets in without it', async () => {
  const { url } = await start()
  expect(statSync(join(dataDir, 'postgres.json')).mode & 0o777).toBe(0o600)
  const wrong = new URL(url)
  wrong.password = 'guess'
  await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/)
})

test('a database that outlived its killed server is adopted as it is', async () => {
  await startAndKillServer()
  const survivor = readState(dataDir)?.running?.pid
  const adopted = await start()
  expect(adopted).toMatchObject({ adopted: true, pid: survivor })
  expect(await query(adopted.url, 'select 1')).toBe(1)
})

test('a survivor with other settings is restarted instead of adopted', async () => {
  await startAndKillServer()
  const database = await start({ durable: true })
  expect(database.adopted).toBe(false)
  expect(await query(database.url, 'show fsync')).toBe('on')
})

test('a start after both were killed recovers by itself', async () => {
  await startAndKillServer()
  const pid = readState(dataDir)?.running?.pid ?? 0
  process.kill(pid, 'SIGKILL')
  const recovered = await start()
  expect(recovered.adopted).toBe(false)
  expect(await query(recovered.url, 'select 1')).toBe(1)
})

test('a stale postmaster.pid that names somebody else’s process does not keep the database from starting', async () => {
  await startAndKillServer()
  const state = readState(dataDir)
  if (!state?.running) throw new Error('the killed server left no state')
  process.kill(state.running.pid, 'SIGKILL')
  await until(() => !isAlive(state.running?.pid ?? 0), 5_000)
  const file = join(state.cluster, 'postmaster.pid')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(process.pid)))
  const database = await start()
  expect(await query(database.url, 'select 1')).toBe(1)
})

test('a database that dies while the server lives comes back at the same address', async () => {
  const database = await start()
  const before = database.pid
  process.kill(before, 'SIGKILL')
  const back = await until(
    async () => database.pid !== before && (await query(database.url, 'select 1').catch(() => 0)) === 1,
    15_000,
  )
  expect(back).toBe(true)
  expect(said.join()).toContain('ended unexpectedly')
})

test('an abandoned database can be stopped without a server', async () => {
  await startAndKillServer()
  const pid = readState(dataDir)?.running?.pid ?? 0
  expect(await stopAbandoned(dataDir)).toBe(true)
  expect(isAlive(pid)).toBe(false)
  expect(await stopAbandoned(dataDir)).toBe(false)
})

test('two servers on one data folder: the second is told which process is in its way', async () => {
  await start()
  await expect(start()).rejects.toMatchObject({
    code: 'folder_in_use',
    message: expect.stringContaining(`${process.pid}`),
  })
})

test('data of another major version is left alone and named', async () => {
  const database = await start()
  await stop(database)
  writeFileSync(join(database.cluster, 'PG_VERSION'), '17\n')
  await expect(start()).rejects.toMatchObject({
    code: 'other_major_version',
    message: expect.stringContaining('PostgreSQL 17'),
  })
})

test('a data folder that cannot be written to is one clear sentence', async () => {
  writeFileSync(join(home, 'file'), '')
  dataDir = join(home, 'file', 'data') // root may write anywhere, but not below a file
  await expect(start()).rejects.toMatchObject({
    code: 'folder_not_writable',
    messageZh: expect.stringContaining('DATA_DIR'),
  })
  dataDir = join(home, 'data')
})

test.runIf(isRoot)(
  'a full disk is one clear sentence, and the data is there when space is free again',
  async ({ skip }) => {
    mkdirSync(dataDir)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=100m,mode=755', 'tmpfs', dataDir]).status === 0
    if (!mounted) skip('tmpfs cannot be mounted here')
    try {
      const database = await start()
      await query(database.url, 'create table kept as select 1 as n')
      await stop(database)
      const filler = join(dataDir, 'filler')
      expect(() => writeFileSync(filler, Buffer.alloc(100_000_000))).toThrow(/ENOSPC/)
      await expect(start()).rejects.toMatchObject({ code: 'disk_full', messageZh: expect.stringContaining('磁盘已满') })
      rmSync(filler)
      const again = await start()
      expect(await query(again.url, 'select n from kept')).toBe(1)
      await stop(again)
    } finally {
      spawnSync('umount', ['-l', dataDir])
    }
  },
)

test('a cluster without its key file is not overwritten', async () => {
  const database = await start()
  await stop(database)
  rmSync(join(dataDir, 'postgres.json'))
  await expect(start()).rejects.toMatchObject({ code: 'key_file_missing' })
  expect(readFileSync(join(database.cluster, 'PG_VERSION'), 'utf8').trim()).toBe('18')
})

test.runIf(isRoot)(
  'below a folder that only root may enter, the data lies elsewhere and the start says so',
  async () => {
    chmodSync(home, 0o700)
    const database = await start()
    expect(database.cluster.startsWith(home)).toBe(false)
    expect(said.join()).toContain(database.cluster)
    await query(database.url, 'create table kept as select 1 as n')
    await stop(database)
    const again = await start()
    expect(await query(again.url, 'select n from kept')).toBe(1)
    await stop(again)

    rmSync(home, { recursive: true }) // a trial that is thrown away: the next one takes its data with it
    home = mkdtempSync(join(tmpdir(), 'nuanyu-embedded-'))
    dataDir = join(home, 'data')
    await start()
    expect(existsSync(database.cluster)).toBe(false)
  },
)
