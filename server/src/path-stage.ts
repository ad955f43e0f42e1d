import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sandbox, SandboxOptions } from '@nuanyu/sandbox'
import { sealCallback } from '@nuanyu/wecom'
import { sql } from 'kysely'
import { afterAll } from 'vitest'
import { createHttp, createPath, type Path } from './app.ts'
import { connectDemoBrand } from './demo/connect.ts'
import { callbackShortcut } from './domains/intake/index.ts'
import { saveApp, saveCorp } from './domains/organisation/index.ts'
import { type Clock, manualClock } from './infra/clock.ts'
import { type Config, loadConfig } from './infra/config.ts'
import { type OpenDatabase, openDatabase } from './infra/db/database.ts'
import { listen } from './infra/http/server.ts'
import { createLog } from './infra/log.ts'
import { testSandbox } from './infra/platform/testing.ts'
import { type TestDatabase, testDatabase } from './infra/postgres/testing.ts'
import { type DatabaseProxy, proxyTo } from './infra/postgres/testing-proxy.ts'
import type { Services } from './infra/services.ts'
import { testDay } from './infra/testing-time.ts'
import { openServices } from './services.ts'

/** An app whose callbacks the stage can seal as the platform does. */
export interface StageApp {
  readonly corpId: number
  readonly corpid: string
  readonly appId: string
  readonly appKey: string
  readonly token: string
  readonly aesKey: string
}

export interface Sealed {
  readonly url: string
  readonly body: string
}

/** A server that listens, with everything real behind it but PostgreSQL's way, which a test may close. */
export interface PathStage {
  readonly url: string
  readonly services: Services
  readonly path: Path
  /** The application without its socket, for visitors of the console. */
  readonly http: ReturnType<typeof createHttp>
  /** The database past the proxy: what a test looks at while the server has lost it. */
  readonly database: TestDatabase
  readonly proxy: DatabaseProxy
  readonly dataDir: string
  readonly clock: Clock
  readonly sandbox: Sandbox | undefined
  readonly sandboxUrl: string | undefined
  app(corpid: string, appKey: string): Promise<StageApp>
  /** The address and the encrypted body of a callback, as the platform would send it. */
  seal(app: StageApp, xml: string, over?: Partial<StageApp>): Sealed
  send(sealed: Sealed): Promise<Response>
  /** Until everything that was accepted is handled and every welcome has its outcome. */
  settled(): Promise<void>
  /** Until the pool has noticed that its connections broke, and made new ones. */
  databaseAnswers(): Promise<void>
}

export interface PathStageOptions {
  /** The platform, with the demo brand connected; without it there is none. */
  readonly sandbox?: SandboxOptions
}

/** Call once at the top of a test file; everything ends with its tests. */
export async function pathStage(options: PathStageOptions = {}): Promise<PathStage> {
  const database = await testDatabase()
  const proxy = await proxyTo(database.url)
  const open = openDatabase(proxy.url, { max: 12 })
  const dataDir = await mkdtemp(join(tmpdir(), 'nuanyu-path-'))
  const sandbox = options.sandbox === undefined ? undefined : testSandbox(options.sandbox)
  const sandboxUrl = (await sandbox?.listen({ port: 0 }))?.url
  const clock: Clock = sandbox === undefined ? manualClock(testDay) : { now: () => new Date(sandbox.clock.now()) }
  const loaded = { ...loadConfig({ DATA_DIR: dataDir }), key: randomBytes(32).toString('hex') }
  const config: Config = sandboxUrl === undefined ? loaded : { ...loaded, sandboxUrl }
  const opened = await openServices(config, withUrl(open, proxy.url), clock, createLog('silent'), sandboxUrl)
  await opened.listener.start()
  const { services } = opened
  const path = createPath(services)
  const http = createHttp(
    services,
    path,
    { version: '0', databaseKind: 'external', migration: 'none', sandbox: sandbox !== undefined, ready: () => true },
    sandboxUrl,
  )
  const server = await listen(http, 0, '127.0.0.1', callbackShortcut(services, path.intake))
  const url = `http://127.0.0.1:${server.port}`
  afterAll(async () => {
    await server.close()
    proxy.restore()
    await path.intake.stop()
    await path.weixin.stop()
    await path.addPath.drain()
    await opened.listener.stop()
    await opened.closeBudget()
    await opened.registration.leave()
    await open.close()
    await proxy.close()
    await sandbox?.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  if (sandboxUrl !== undefined)
    await connectDemoBrand({ ...services, config: { ...config, publicUrl: url } }, sandboxUrl, () =>
      path.intake.apps.refresh(),
    )
  const seal: PathStage['seal'] = (app, xml, over = {}) => {
    const { corpid, appKey, token, aesKey } = { ...app, ...over }
    const timestamp = Math.floor(clock.now().getTime() / 1000)
    const sealed = sealCallback({ token, aesKey, receiveId: corpid, xml, timestamp, nonce: 'n1' })
    const query = new URLSearchParams({ ...sealed.query })
    return { url: `${url}/callbacks/wecom/${app.corpid}/${appKey}?${query}`, body: sealed.body }
  }
  return {
    url,
    services,
    path,
    http,
    database,
    proxy,
    dataDir,
    clock,
    sandbox,
    sandboxUrl,
    async app(corpid, appKey) {
      const corp = await saveCorp(services.db, { corpid, name: corpid }, clock.now())
      const callback = { token: randomBytes(8).toString('hex'), aesKey: randomBytes(22).toString('hex').slice(0, 43) }
      const appId = await saveApp(
        services.db,
        services.vault,
        { corpId: corp.id, appKey, kind: 'app', name: appKey, secret: 'a-secret', callback },
        clock.now(),
      )
      await path.intake.apps.refresh()
      return { corpId: corp.id, corpid, appId, appKey, ...callback }
    },
    seal,
    send: ({ url: address, body }) =>
      fetch(address, { method: 'POST', headers: { 'content-type': 'text/xml; charset=utf-8' }, body }),
    async settled() {
      await sandbox?.settled()
      await path.intake.dispatcher.drain()
      const claimed = () => database.db.selectFrom('effects').select('key').where('state', '=', 'claimed').execute()
      for (let tries = 0; (await claimed()).length > 0; tries += 1) {
        if (tries > 1_000) throw new Error('welcomes are claimed and get no outcome')
        await pause(25)
      }
    },
    async databaseAnswers() {
      const answers = () =>
        sql`select 1`.execute(services.db).then(
          () => true,
          () => false,
        )
      while (!(await answers())) await pause(20)
    },
  }
}

/** The services open connections of their own by the address of the pool. */
function withUrl(open: OpenDatabase, url: string): OpenDatabase {
  open.pool.options.connectionString = url
  return open
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export interface Told {
  readonly Event?: string
  readonly ChangeType?: string
  readonly UserID?: string
  readonly ExternalUserID?: string
  readonly State?: string
  readonly WelcomeCode?: string
}

/** The decrypted document of an event, as the platform writes it. */
export function eventXml(corpid: string, createTime: number, told: Told): string {
  const tags = Object.entries({ Event: 'change_external_contact', ...told })
    .map(([tag, value]) => `<${tag}><![CDATA[${value}]]></${tag}>`)
    .join('')
  return (
    `<xml><ToUserName><![CDATA[${corpid}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>` +
    `<CreateTime>${createTime}</CreateTime><MsgType><![CDATA[event]]></MsgType>${tags}</xml>`
  )
}
