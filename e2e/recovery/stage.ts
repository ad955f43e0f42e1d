import type { Sandbox } from '@nuanyu/sandbox'
import { freePort, healthOf, type ServerProcess, startServerProcess } from '../../bench/lib/processes.ts'
import { testSandbox } from '../../server/src/infra/platform/testing.ts'
import { startWireProxy, type Trap } from './wire-proxy.ts'

/** A sandbox, a database and a server between two proxies; the server is killed and started again at will. */
export interface Stage {
  readonly sandbox: Sandbox
  readonly sandboxUrl: string
  readonly port: number
  trap(where: 'database' | 'platform', trap: Omit<Trap, 'spring'>): void
  readonly killed: boolean
  start(): Promise<void>
  stop(): Promise<void>
  /** Customers that add the member one after another without waiting. */
  add(count: number): Promise<readonly string[]>
  /** Until nothing is under way on either side. */
  settle(): Promise<void>
  close(): Promise<void>
}

export async function openStage(databaseUrl: string, dataDir: string): Promise<Stage> {
  const sandbox = testSandbox({ people: 20, staff: 12 })
  const { url: sandboxUrl, port: sandboxPort } = await sandbox.listen({ port: 0 })
  const target = new URL(databaseUrl)
  const database = await startWireProxy(addressOf(target))
  const platform = await startWireProxy({ host: '127.0.0.1', port: sandboxPort })
  const port = await freePort()
  let server: ServerProcess | undefined
  let killing: Promise<void> | undefined
  const proxied = new URL(databaseUrl)
  proxied.hostname = '127.0.0.1'
  proxied.port = String(database.port)

  const stage: Stage = {
    sandbox,
    sandboxUrl,
    port,
    trap(where, trap) {
      const proxy = where === 'database' ? database : platform
      killing = undefined
      proxy.set({
        ...trap,
        spring: () => {
          killing = server?.kill()
        },
      })
    },
    get killed() {
      return killing !== undefined
    },
    async start() {
      await killing
      killing = undefined
      server = await startServerProcess(port, {
        DATABASE_URL: proxied.href,
        DATA_DIR: dataDir,
        SANDBOX_URL: `http://127.0.0.1:${platform.port}`,
        ROLES: 'http,worker',
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        LOG_LEVEL: 'error',
      })
    },
    add: (count) => Promise.all(Array.from({ length: count }, async () => addOne(sandboxUrl))),
    async settle() {
      await sandbox.settled()
      let last: unknown
      for (let tries = 0; tries < 300; tries += 1) {
        const [{ inbox }, summary] = await Promise.all([
          healthOf(port),
          ask<{ welcomes: { pending: number }; callbacks: { inFlight: number } }>(
            `${sandboxUrl}/sandbox/oracle/summary`,
          ),
        ])
        if (
          inbox.depth === 0 &&
          inbox.stored === 0 &&
          summary.callbacks.inFlight === 0 &&
          summary.welcomes.pending === 0
        )
          return
        last = { inbox, summary }
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error(`the stage did not come to rest within 30 s: ${JSON.stringify(last)}`)
    },
    async stop() {
      if (killing === undefined) await server?.stop()
      await killing
      server = undefined
    },
    async close() {
      await stage.stop()
      await Promise.all([database.close(), platform.close()])
      await sandbox.close()
    },
  }
  return stage
}

/** A database is reached by a port, or by a socket in a folder that stands as the host. */
function addressOf(url: URL): { host: string; port: number } | { path: string } {
  const host = decodeURIComponent(url.hostname)
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${url.port}` } : { host, port: Number(url.port) }
}

async function addOne(sandboxUrl: string): Promise<string> {
  const person = await ask<{ id: string; externalUserId: string }>(`${sandboxUrl}/sandbox/people`, {
    role: 'customer',
    name: '复原',
  })
  await ask(`${sandboxUrl}/sandbox/people/${person.id}/add`, { userid: 'chenxiaoyu' })
  return person.externalUserId
}

export async function ask<T>(url: string, body?: unknown): Promise<T> {
  const answer = await fetch(
    url,
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  )
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}
