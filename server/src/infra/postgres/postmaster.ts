import { spawn } from 'node:child_process'
import { chownSync, closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Account } from './account.ts'
import { type Binaries, program } from './binaries.ts'
import { identity } from './cluster.ts'
import { startFailure } from './failure.ts'
import { commandOf, isAlive, until } from './processes.ts'

export type Postmaster = { pid: number; status: string }

/** The first line of `postmaster.pid` belongs to the database of this cluster and that is alive; otherwise it is stale. */
export function runningPostmaster(cluster: string): Postmaster | undefined {
  const { pid, lines } = readPidFile(cluster)
  if (pid === undefined || !isAlive(pid) || !isPostmasterOf(pid, cluster)) return undefined
  return { pid, status: (lines[7] ?? '').trim() }
}

function isPostmasterOf(pid: number, cluster: string): boolean {
  return process.platform === 'win32' || commandOf(pid).includes(`-D ${cluster}`)
}

function readPidFile(cluster: string): { pid: number | undefined; lines: string[] } {
  const file = pidFile(cluster)
  if (!existsSync(file)) return { pid: undefined, lines: [] }
  const lines = readFileSync(file, 'utf8').split('\n')
  const pid = Number(lines[0])
  return { pid: pid > 0 ? pid : undefined, lines }
}

const pidFile = (cluster: string) => join(cluster, 'postmaster.pid')

/** Beyond what any system gives to a process. */
const nobodysPid = '4194305'

/**
 * PostgreSQL refuses to start while the id in a stale file is alive, whoever has it now. Only the id is replaced: the
 * rest of the file leads PostgreSQL to orphans of a killed postmaster that might still be writing.
 */
function disownPidFile(cluster: string): void {
  const { pid, lines } = readPidFile(cluster)
  if (pid === undefined || !isAlive(pid) || isPostmasterOf(pid, cluster)) return
  writeFileSync(pidFile(cluster), [nobodysPid, ...lines.slice(1)].join('\n'))
}

type Start = {
  binaries: Binaries
  cluster: string
  account: Account | undefined
  configuration: string
  logFile: string
  /** Called every few seconds while the log of a crash is being replayed. */
  stillRecovering: (seconds: number) => void
}

const longestRecoveryMs = 15 * 60_000

/**
 * Starts PostgreSQL in a session of its own: Ctrl-C in the terminal reaches the server only, which drains and then
 * stops the database; a killed server leaves it running, to be adopted by the next.
 */
export async function startPostmaster(start: Start): Promise<number> {
  const { cluster, account, configuration, logFile } = start
  const file = join(cluster, 'postgresql.conf')
  writeFileSync(file, configuration, { mode: 0o600 })
  if (account) chownSync(file, account.uid, account.gid)
  disownPidFile(cluster)

  const deadline = performance.now() + 15_000
  for (;;) {
    const attempt = await launch(start)
    if (attempt.pid !== undefined) return attempt.pid
    // A killed postmaster needs a moment to be gone, and its processes one to notice that they are orphans.
    const dying = /pre-existing shared memory|"postmaster.pid" already exists/i.test(attempt.output)
    if (!dying || performance.now() > deadline) throw startFailure(cluster, `${attempt.output}\n(${logFile})`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function launch({ binaries, cluster, account, logFile, stillRecovering }: Start) {
  if (existsSync(logFile) && statSync(logFile).size > 10_000_000) renameSync(logFile, `${logFile}.old`)
  const log = openSync(logFile, 'a', 0o600)
  const from = statSync(logFile).size
  const child = spawn(program(binaries, 'postgres'), ['-D', cluster], {
    ...identity(account),
    cwd: cluster,
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  let ended: string | undefined
  child.on('error', (error) => {
    ended = error.message
  })
  const onExit = () => {
    ended ??= readFileSync(logFile).subarray(from).toString()
  }
  child.on('exit', onExit)
  child.unref()
  const began = performance.now()
  let told = 0
  await until(() => {
    const seconds = Math.floor((performance.now() - began) / 1000)
    if (seconds >= told + 3) {
      told = seconds
      stillRecovering(seconds)
    }
    const postmaster = ended === undefined ? runningPostmaster(cluster) : undefined
    return ended !== undefined || (postmaster?.pid === child.pid && postmaster?.status === 'ready')
  }, longestRecoveryMs)
  child.off('exit', onExit)
  if (ended !== undefined || child.pid === undefined) return { pid: undefined, output: ended ?? '' }
  return { pid: child.pid, output: '' }
}

/** Fast shutdown (open transactions are rolled back); the immediate kind when that does not come to its end. */
export async function stopPostmaster(pid: number): Promise<void> {
  const ways = [
    ['SIGINT', 30_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const
  for (const [signal, patienceMs] of ways) {
    if (!isAlive(pid)) return
    try {
      process.kill(pid, signal)
    } catch {
      return // it went in this very moment
    }
    if (await until(() => !isAlive(pid), patienceMs)) return
  }
}
