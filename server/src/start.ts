import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createHttp, createPath } from './app.ts'
import { connectDemo } from './demo/demo.ts'
import { openShortcut } from './domains/content/index.ts'
import { callbackShortcut } from './domains/intake/index.ts'
import { ensureFirstAccount, retireDemoPassword } from './domains/organisation/index.ts'
import { followingClock, systemClock } from './infra/clock.ts'
import type { Config } from './infra/config.ts'
import { openDatabase } from './infra/db/database.ts'
import { migrate } from './infra/db/migrate.ts'
import { listen } from './infra/http/server.ts'
import type { Log } from './infra/log.ts'
import { startEmbeddedPostgres } from './infra/postgres/index.ts'
import { preparePartitions } from './infra/retention/retention.ts'
import { createRounds } from './infra/rounds.ts'
import { followSandboxClock } from './infra/sandbox-clock.ts'
import { openServices } from './services.ts'
import { type Opened, scheduleUpkeep, startWorkers } from './workers.ts'

export interface RunningServer {
  readonly consoleUrl: string
  readonly phoneUrl: string | undefined
  /** The first administrator; with a password where it may be printed. */
  readonly account: { readonly username: string; readonly password?: string }
  readonly stop: () => Promise<void>
}

export const version: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version

/** Opens everything in order; `stop` closes it in reverse, PostgreSQL last. */
export async function startServer(config: Config, log: Log): Promise<RunningServer> {
  const closing: { readonly what: string; readonly close: () => Promise<unknown> }[] = []
  const opened = (what: string, close: () => Promise<unknown>) => closing.unshift({ what, close })
  const stop = async (): Promise<void> => {
    for (const { what, close } of closing.splice(0)) {
      await close().catch((error: unknown) => log.error({ err: error }, `closing ${what} failed`))
    }
  }
  try {
    return { ...(await open(config, log, opened)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function open(config: Config, log: Log, opened: Opened): Promise<Omit<RunningServer, 'stop'>> {
  const embedded =
    config.databaseUrl === undefined ? await startEmbeddedPostgres({ dataDir: config.dataDir, log }) : undefined
  if (embedded !== undefined) opened('PostgreSQL', () => embedded.stop())
  const database = openDatabase(config.databaseUrl ?? embedded?.url ?? '', {
    max: config.databasePool,
    onError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
  })
  opened('the database pool', () => database.close())
  const { current } = await migrate(database.pool)

  const sandbox =
    config.sandbox && config.sandboxUrl === undefined && config.roles.has('sandbox')
      ? await openSandbox(config.dataDir)
      : undefined
  const listening = await sandbox?.listen({ port: config.sandboxPort, host: config.host })
  if (sandbox !== undefined) opened('the sandbox', () => sandbox.close())
  const sandboxUrl = config.sandbox ? (config.sandboxUrl ?? listening?.url) : undefined
  const following = sandboxUrl === undefined ? undefined : { clock: followingClock(), url: sandboxUrl }
  if (following !== undefined) {
    const follower = followSandboxClock(following.url, following.clock, log)
    await follower.start()
    opened('the sandbox’s clock', () => follower.stop())
  }
  const { services, jobs, listener, registration, closeBudget } = await openServices(
    config,
    database,
    following?.clock ?? systemClock,
    log,
    sandboxUrl,
  )
  opened('the registration', () => registration.leave())
  opened('the budget', closeBudget)
  await preparePartitions(services)
  await listener.start()
  opened('the listener', () => listener.stop())

  const path = createPath(services)
  opened('the welcome path', () => path.addPath.drain())
  opened('the inbox', () => path.intake.stop())
  opened('the inbox of WeChat accounts', () => path.weixin.stop())
  opened('openings of links', () => path.opens.stop())
  await path.intake.apps.refresh()
  listener.on('nuanyu_apps', () => {
    path.intake.apps
      .refresh()
      .catch((error: unknown) => log.warn({ err: error }, 'the connected apps could not be read again'))
  })

  if (config.roles.has('worker')) {
    await startWorkers(services, jobs, opened)
    following?.clock.onChange(services.due.wake)
  }
  let ready = false
  if (config.roles.has('http')) {
    const app = createHttp(
      services,
      path,
      {
        version,
        databaseKind: embedded === undefined ? 'external' : 'embedded',
        migration: current,
        sandbox: config.sandbox,
        ready: () => ready,
      },
      sandboxUrl,
    )
    const [callback, open] = [callbackShortcut(services, path.intake), openShortcut(services, path.opens)]
    const server = await listen(app, config.port, config.host, (...given) => callback(...given) || open(...given))
    opened('HTTP', () => server.close())
  }
  opened('upkeep', startUpkeep(path, registration, log))
  const account = await ensureFirstAccount(services)
  // what the sandbox left in this database must not open a server of the real platform
  if (!config.sandbox) await retireDemoPassword(services)
  if (sandboxUrl !== undefined && config.roles.has('http'))
    await connectDemo(services, sandboxUrl, () => path.intake.apps.refresh())
  await path.intake.apps.refresh()
  if (config.roles.has('worker')) await scheduleUpkeep(services)
  ready = true
  return { consoleUrl: config.publicUrl, phoneUrl: sandboxUrl?.replace('127.0.0.1', 'localhost'), account }
}

/** Loaded only where it runs: a server of a real corp does not carry it. */
async function openSandbox(dataDir: string) {
  const { createSandbox } = await import('@nuanyu/sandbox')
  return createSandbox({
    phone: fileURLToPath(new URL('../../web/dist/phone', import.meta.url)),
    // The codes, customers and chats that our database knows must still be there at the next start.
    stateFile: join(dataDir, 'sandbox.json'),
  })
}

const upkeepMs = 1_000

/** Once a second: what dead processes left, the spill file, due retries. The first round is at once. */
function startUpkeep(
  path: ReturnType<typeof createPath>,
  registration: { deadOwners(): Promise<readonly number[]> },
  log: Log,
): () => Promise<void> {
  const tend = async (): Promise<void> => {
    const dead = await registration.deadOwners()
    if (dead.length > 0) {
      const welcomes = await path.addPath.adopt(dead)
      const callbacks = await path.intake.adopt(dead)
      log.info({ dead, welcomes, callbacks }, 'took over what dead processes left')
    }
    await path.intake.tend()
    await path.weixin.tend()
    await path.opens.tend()
  }
  const rounds = createRounds({ everyMs: upkeepMs, pass: tend, what: 'upkeep', log })
  rounds.start()
  return rounds.stop
}
