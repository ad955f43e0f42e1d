import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbeddedPostgres } from '../../server/src/infra/postgres/index.ts'
import { freePort, healthOf, type ServerProcess, startServerProcess } from './processes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const quiet = { info: () => undefined, warn: () => undefined }

/** The sandbox, PostgreSQL and a server, each a process of its own, joined as the demo brand. */
export interface BenchBrand {
  readonly sandboxUrl: string
  readonly port: number
  readonly database: () => { readonly url: string; readonly pid: number }
  readonly sandboxPid: number
  server: ServerProcess
  startServer(): Promise<ServerProcess>
  stop(): Promise<void>
}

export interface BrandOptions {
  readonly staff: number
  readonly people: number
  /** The server brings its own PostgreSQL, as `npm start` does, so that both can be killed. */
  readonly embedded?: boolean
}

export async function startBrand(folder: string, options: BrandOptions): Promise<BenchBrand> {
  const postgres = options.embedded ? undefined : await startEmbeddedPostgres({ dataDir: folder, log: quiet })
  const sandboxPort = await freePort()
  const port = await freePort()
  const sandbox = await startSandboxProcess(sandboxPort, options)
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`
  const startServer = (): Promise<ServerProcess> =>
    startServerProcess(port, {
      ...(postgres === undefined ? {} : { DATABASE_URL: postgres.url }),
      DATA_DIR: folder,
      SANDBOX_URL: sandboxUrl,
      ROLES: 'http,worker',
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    })
  const brand: BenchBrand = {
    sandboxUrl,
    port,
    database: () => postgres ?? embeddedAt(folder),
    sandboxPid: sandbox.pid ?? 0,
    server: await startServer(),
    startServer,
    async stop() {
      await brand.server.stop()
      sandbox.kill('SIGTERM')
      await once(sandbox, 'close')
      await postgres?.stop()
    },
  }
  return brand
}

/** The database that a server started by itself: its address and process, from the file beside its data. */
function embeddedAt(folder: string): { url: string; pid: number } {
  const { running } = JSON.parse(readFileSync(join(folder, 'postgres.json'), 'utf8')) as {
    running: { url: string; pid: number }
  }
  return running
}

export async function startSandboxProcess(
  port: number,
  options: { staff: number; people: number },
): Promise<ChildProcess> {
  const args = ['--port', String(port), '--staff', String(options.staff), '--people', String(options.people)]
  const child = spawn(process.execPath, [`${root}packages/sandbox/bin/nuanyu-sandbox.mjs`, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/sandbox/clock`)).ok) return child
    } catch {
      // not listening yet
    }
    await pause(50)
  }
  throw new Error('the sandbox did not start within 10 s')
}

export async function ask<T>(url: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<T> {
  const answer = await fetch(url, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}

/** One code a member, made at the platform by our app, so that the scenario has something to scan. */
export async function makeCodes(brand: BenchBrand, count: number): Promise<void> {
  const { corps } = await ask<{ corps: { corpId: string; apps: { appKey: string; secret: string }[] }[] }>(
    `${brand.sandboxUrl}/sandbox/corps`,
  )
  const corp = corps[0]
  const secret = corp?.apps.find((app) => app.appKey === 'nuanyu')?.secret
  const { access_token } = await ask<{ access_token: string }>(
    `${brand.sandboxUrl}/cgi-bin/gettoken?corpid=${corp?.corpId}&corpsecret=${secret}`,
  )
  const { people } = await ask<{ people: { userid: string }[] }>(
    `${brand.sandboxUrl}/sandbox/people?role=staff&limit=${Math.min(count, 200)}`,
  )
  for (const person of people) {
    const made = await ask<{ errcode: number; errmsg: string }>(
      `${brand.sandboxUrl}/cgi-bin/externalcontact/add_contact_way?access_token=${access_token}`,
      {
        type: 1,
        scene: 2,
        state: `bench-${person.userid}`.slice(0, 30),
        user: [person.userid],
      },
    )
    if (made.errcode !== 0) throw new Error(`add_contact_way: ${made.errcode} ${made.errmsg}`)
  }
}

export interface OracleSummary {
  readonly adds: { readonly total: number; readonly withCode: number }
  readonly welcomes: {
    readonly sent: number
    readonly duplicates: number
    readonly missing: number
    readonly pending: number
    readonly expired: number
    readonly peakPerMinute: number
  }
  readonly latencyMs: {
    readonly scanToWelcome: {
      readonly count: number
      readonly p50: number
      readonly p99: number
      readonly p999: number
      readonly max: number
    }
  }
  readonly calls: {
    readonly total: number
    readonly limitErrors: number
    readonly byPath: Readonly<
      Record<string, { readonly count: number; readonly errors: Readonly<Record<string, number>> }>
    >
  }
  readonly callbacks: {
    readonly total: number
    readonly acknowledged: number
    readonly lost: number
    readonly inFlight: number
  }
}

export const oracle = (brand: BenchBrand): Promise<OracleSummary> => ask(`${brand.sandboxUrl}/sandbox/oracle/summary`)

/** Runs a scenario to its end and waits until nothing is on its way. Returns what the oracle had seen at its end. */
export async function runScenario(
  brand: BenchBrand,
  name: string,
  durationS: number,
  say: (text: string) => void,
): Promise<OracleSummary> {
  await ask(`${brand.sandboxUrl}/sandbox/oracle/reset`, {})
  await ask(`${brand.sandboxUrl}/sandbox/scenarios/${name}/start`, { durationS })
  const until = performance.now() + durationS * 1000
  for (;;) {
    await pause(Math.min(15_000, Math.max(until - performance.now(), 1)))
    const seen = await oracle(brand)
    say(`${seen.adds.total} adds, ${seen.welcomes.sent} welcomes`)
    if (performance.now() < until) continue
    await settle(brand)
    return seen
  }
}

/** Until no callback is under way, the inbox is empty and no welcome code lives. */
export async function settle(brand: BenchBrand): Promise<void> {
  for (let tries = 0; tries < 120; tries += 1) {
    const [{ callbacks, welcomes }, { inbox }] = await Promise.all([oracle(brand), healthOf(brand.port)])
    if (callbacks.inFlight === 0 && welcomes.pending === 0 && inbox.depth === 0 && inbox.stored === 0) return
    await pause(500)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
