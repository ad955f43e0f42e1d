import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A server in a process of its own, as `npm start` runs it: for benchmarks, checks and recovery stories. */
export type ServerProcess = {
  url: string
  sandboxUrl: string
  pid: number
  /** From the start of the process to the first healthy answer. */
  readyMs: number
  /** Everything that it printed so far. */
  output(): string
  /** Ctrl-C, then waits for its end; returns the exit code. */
  stop(): Promise<number | null>
  /** `kill -9`. PostgreSQL stays alive, as it does for a real crash of the server. */
  kill(): Promise<void>
}

export type ServerOptions = {
  dataDir: string
  env?: Record<string, string>
  /** Through the bootstrap, exactly as `npm start` does it, instead of the server's main file alone. */
  asNpmStart?: boolean
  timeoutMs?: number
}

/** Starts the server on free ports and waits until it is healthy. */
export async function startServerProcess(options: ServerOptions): Promise<ServerProcess> {
  const { dataDir, env = {}, asNpmStart = false, timeoutMs = 60_000 } = options
  const port = Number(env.PORT ?? (await freePort()))
  const sandboxPort = Number(env.SANDBOX_PORT ?? (await freePort()))
  const began = performance.now()
  const program = asNpmStart
    ? ['scripts/bootstrap.mjs', 'start']
    : ['--disable-warning=ExperimentalWarning', 'server/src/main.ts']
  const child = spawn(process.execPath, program, {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir, ...env, PORT: String(port), SANDBOX_PORT: String(sandboxPort) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      printed = (printed + text).slice(-200_000)
    })
  }
  const url = `http://127.0.0.1:${port}`
  await untilHealthy(child, url, timeoutMs, () => printed)
  return {
    url,
    sandboxUrl: `http://127.0.0.1:${sandboxPort}`,
    pid: child.pid ?? 0,
    readyMs: Math.round(performance.now() - began),
    output: () => printed,
    stop: () => end(child, 'SIGINT'),
    kill: async () => void (await end(child, 'SIGKILL')),
  }
}

async function untilHealthy(child: ChildProcess, url: string, timeoutMs: number, printed: () => string): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The server ended at once:\n${printed()}`)
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
    if (answer?.ok) return void (await answer.arrayBuffer())
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  child.kill('SIGKILL')
  throw new Error(`The server was not healthy after ${timeoutMs} ms:\n${printed()}`)
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  return child.exitCode
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no free port')
  return address.port
}
