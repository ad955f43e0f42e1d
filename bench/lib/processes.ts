import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** Ends what hangs: a crowded machine starts late, and who measures the start does it himself. */
const mostStartMs = 120_000

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs a TypeScript file of the bench in a process of its own: JSON in, JSON out. */
export async function runWorker<T>(file: string, input: unknown): Promise<T> {
  const child = spawn(process.execPath, [`${root}bench/lib/${file}`], { stdio: ['pipe', 'pipe', 'inherit'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stdin.end(JSON.stringify(input))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${file} ended with ${code}`)
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as T
}

export interface ServerProcess {
  readonly child: ChildProcess
  readonly pid: number
  stop(): Promise<void>
  kill(): Promise<void>
}

/**
 * Starts the server's main file, or with `asNpmStart` what `npm start` starts, and waits until `/healthz` says that it
 * is ready.
 */
export async function startServerProcess(
  port: number,
  env: Readonly<Record<string, string>>,
  { asNpmStart = false } = {},
): Promise<ServerProcess> {
  // as `npm start` does
  const flags = process.env['BENCH_NODE_FLAGS']?.split(' ') ?? ['--max-semi-space-size=8', '--heap-growing-percent=50']
  const program = asNpmStart ? [`${root}scripts/bootstrap.mjs`, 'start'] : [...flags, `${root}server/src/main.ts`]
  const child = spawn(process.execPath, program, {
    cwd: root,
    env: { ...process.env, LOG_LEVEL: 'warn', PORT: String(port), ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(child, 'close')
  const gone = ended.then(() => {
    throw new Error('the server ended while starting')
  })
  gone.catch(() => undefined)
  await Promise.race([gone, healthy(port)]).catch((error: unknown) => {
    child.kill('SIGKILL') // it is nobody's
    throw error
  })
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    await ended
  }
  return { child, pid: child.pid ?? 0, stop: () => end('SIGINT'), kill: () => end('SIGKILL') }
}

async function healthy(port: number): Promise<void> {
  const began = performance.now()
  while (performance.now() - began < mostStartMs) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`)
      if (answer.ok && ((await answer.json()) as { ready: boolean }).ready) return
    } catch {
      // not listening yet
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`the server did not become healthy within ${mostStartMs / 1_000} s`)
}

export async function healthOf(port: number): Promise<{ inbox: { depth: number; stored: number } }> {
  return (await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()) as {
    inbox: { depth: number; stored: number }
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
