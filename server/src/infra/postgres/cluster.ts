import { spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Account } from './account.ts'
import { type Binaries, program } from './binaries.ts'
import { otherMajorVersion, startFailure } from './failure.ts'

export const superuser = 'postgres'

/** The folder appears only when it is whole, see `createCluster`. */
export function clusterExists(cluster: string): boolean {
  return existsSync(cluster)
}

export function checkVersion(cluster: string, binaries: Binaries): void {
  const found = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  if (found !== binaries.major) throw otherMajorVersion(cluster, found, binaries.major)
}

type Creation = {
  binaries: Binaries
  cluster: string
  account: Account | undefined
  password: string
  durable: boolean
}

/**
 * Creates the cluster aside and renames it when it is whole, so that an interrupted first start begins again.
 * UTF-8 with PostgreSQL's own C.UTF-8: the same order on every machine, and Chinese text has trigrams.
 */
export async function createCluster({ binaries, cluster, account, password, durable }: Creation): Promise<void> {
  const building = `${cluster}.new`
  const passwordFile = `${cluster}.password`
  rmSync(building, { recursive: true, force: true })
  mkdirSync(building, { recursive: true, mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (account) for (const path of [building, passwordFile]) chownSync(path, account.uid, account.gid)
  const arguments_ = (locale: string) => [
    ...['-D', building, '-U', superuser, '-E', 'UTF8', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', `--locale=${locale}`],
    ...(durable ? [] : ['--no-sync']),
  ]
  try {
    let result = await run(binaries, arguments_('C.UTF-8'), account, dirname(cluster))
    // Some systems have no C.UTF-8 of their own.
    if (result.code !== 0 && /locale/i.test(result.output)) {
      result = await run(binaries, arguments_('C'), account, dirname(cluster))
    }
    if (result.code !== 0) throw startFailure(cluster, result.output)
    renameSync(building, cluster)
  } finally {
    rmSync(passwordFile, { force: true })
    rmSync(building, { recursive: true, force: true })
  }
}

function run(binaries: Binaries, args: string[], account: Account | undefined, cwd: string) {
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn(program(binaries, 'initdb'), args, {
      ...identity(account),
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        output += text
      })
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

/** Who PostgreSQL's processes run as, and the little they get to know: none of the server's secrets. */
export function identity(account: Account | undefined) {
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C.UTF-8', TZ: 'UTC' }
  return account ? { uid: account.uid, gid: account.gid, env } : { env }
}
