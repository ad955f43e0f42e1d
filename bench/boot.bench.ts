import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Bench } from './lib/bench.ts'
import { family, familyMb } from './lib/memory.ts'
import { freePort, type ServerProcess, startServerProcess } from './lib/processes.ts'

const limits = { new_s: 6, again_s: 3, crash_s: 10, idle_mb: 350 }

export const bench: Bench = {
  name: 'boot',
  describe: `npm start after installation: new ≤ ${limits.new_s} s, again ≤ ${limits.again_s} s, after kill -9 of server and PostgreSQL ≤ ${limits.crash_s} s; server and sandbox idle ≤ ${limits.idle_mb} MB`,

  async run(context) {
    const dataDir = join(context.folder, 'data')
    const start = async (what: string): Promise<ServerProcess & { seconds: number }> => {
      const env = { DATA_DIR: dataDir, SANDBOX_PORT: String(await freePort()) }
      const began = performance.now()
      const server = await startServerProcess(await freePort(), env, { asNpmStart: true })
      const seconds = Math.round((performance.now() - began) / 10) / 100
      context.say(`${what}: ready after ${seconds} s`)
      return { ...server, seconds }
    }

    const fresh = await start('a new folder')
    await fresh.stop()

    const again = await start('the same folder again')
    const idleSeconds = context.option('idle-seconds', 20)
    await wait(idleSeconds * 1000)
    // the server started the database, which is stated beside
    const idle = familyMb(again.pid, databasePid(dataDir))
    const database = familyMb(databasePid(dataDir))
    context.say(`idle for ${idleSeconds} s: server and sandbox ${idle} MB, PostgreSQL ${database} MB`)
    killAll([databasePid(dataDir), ...family(again.pid)])
    context.say('killed all of it')

    const crash = await start('after kill -9 of everything')
    killAll(family(crash.pid))
    const adopted = await start('after kill -9 of the server alone')
    await adopted.stop()

    const figures = {
      new_s: fresh.seconds,
      again_s: again.seconds,
      crash_s: crash.seconds,
      adopted_s: adopted.seconds,
      idle_mb: idle,
      postgres_idle_mb: database,
    }
    const ok =
      figures.new_s <= limits.new_s &&
      figures.again_s <= limits.again_s &&
      figures.crash_s <= limits.crash_s &&
      figures.idle_mb <= limits.idle_mb
    return { ok, config: { roles: 'http, worker, sandbox in one process', idle_seconds: idleSeconds, limits }, figures }
  },
}

function killAll(pids: number[]): void {
  for (const pid of pids) process.kill(pid, 'SIGKILL')
}

function databasePid(dataDir: string): number {
  const state: { running?: { pid: number } } = JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8'))
  if (!state.running) throw new Error('the embedded database is not running; unset DATABASE_URL')
  return state.running.pid
}
