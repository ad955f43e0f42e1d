import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { z } from 'zod'
import { EmbeddedPostgresError } from './failure.ts'

const Running = z.object({
  pid: z.number(),
  /** The folder of the socket, or 127.0.0.1. */
  host: z.string(),
  port: z.number(),
  /** What it was started with; a start that brings other settings restarts it instead of adopting it. */
  settings: z.string(),
  url: z.string(),
})

const State = z.object({
  /** Where the cluster lies: in the data folder, or elsewhere when the database's account cannot enter that. */
  cluster: z.string(),
  password: z.string(),
  running: Running.optional(),
})

/** What one data folder knows about its database: `postgres.json`, readable by its owner only. */
export type State = z.infer<typeof State>
export type Running = z.infer<typeof Running>

const fileOf = (dataDir: string) => join(dataDir, 'postgres.json')

export function readState(dataDir: string): State | undefined {
  if (!existsSync(fileOf(dataDir))) return undefined
  const state = State.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')))
  return { ...state, cluster: resolve(dataDir, state.cluster) }
}

/** Replaced whole, so that a crash leaves the old or the new one. Inside the data folder a path is kept relative, so that the folder may move. */
export function writeState(dataDir: string, state: State): void {
  const aside = `${fileOf(dataDir)}.${process.pid}`
  const inside = state.cluster.startsWith(dataDir + sep)
  const cluster = inside ? relative(dataDir, state.cluster) : state.cluster
  writeFileSync(aside, `${JSON.stringify({ ...state, cluster }, null, 2)}\n`, { mode: 0o600 })
  renameSync(aside, fileOf(dataDir))
}

export function newPassword(): string {
  return randomBytes(24).toString('base64url')
}

/** Fails with the system's own error when the folder cannot be made or written to. */
export function ensureDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true })
  const probe = join(dataDir, `.write-test.${process.pid}`)
  writeFileSync(probe, '')
  rmSync(probe)
}

export function keyFileMissing(dataDir: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'key_file_missing',
    `${join(dataDir, 'postgres')} holds a database, but the file postgres.json with its password is missing beside it. Put the file back from your backup, or set DATA_DIR to a new folder.`,
    `${join(dataDir, 'postgres')} 中有数据库，但旁边保存密码的 postgres.json 不见了。请从备份恢复该文件，或把 DATA_DIR 设为新目录。`,
  )
}
