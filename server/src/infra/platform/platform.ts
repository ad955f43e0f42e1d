import { type Budget, type CallRecord, type Client, createClient, type LimitProfile } from '@nuanyu/wecom'
import type { ApiUse, SharedBudget } from '../budget/budget.ts'
import type { Forecast } from '../budget/forecast.ts'
import type { Database } from '../db/database.ts'
import type { Listener } from '../db/listen.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Vault } from '../secrets/vault.ts'
import { appsOfCorp, type ConnectedApp, limitsOfCorp } from './apps.store.ts'
import { profileOf } from './limits.ts'
import { type AppTokens, appTokens } from './tokens.ts'

/** The platform's clients, one a corp and app, sharing tokens and budget with all processes. */
export interface Platform {
  /** The client of the corp's customer-contact app; undefined when no app with a secret is connected. */
  forCorp(corpId: number): Promise<Client | undefined>
  forApp(corpId: number, appKey: string): Promise<Client | undefined>
  /** By our own id of the app: the one whose callback is being answered. */
  forAppId(corpId: number, appId: string): Promise<Client | undefined>
  /** The platform's numbers as this corp sees them. */
  limits(corpId: number): Promise<LimitProfile>
  /** What calls of the corp's own accounts beside WeCom draw on; its APIs have names of their own there. */
  budget(corpId: number): Promise<Budget>
  /** How far the corp's budget for an API is used, and when it ends at the present rate. */
  forecast(corpId: number, path: string): Promise<Forecast>
  /** The same of every API that the corp called in the last hour, the most used first. */
  use(corpId: number): Promise<readonly ApiUse[]>
  /** Calls that wait and run in this process, by API. */
  load(): ReturnType<SharedBudget['load']>
  /** Forgets what was cached of an app, e.g. after its secret was changed. */
  forget(corpId: number, appKey: string): void
}

export interface PlatformOptions {
  readonly db: Database
  readonly vault: Vault
  readonly log: Log
  readonly metrics: Metrics
  readonly listener: Listener
  /** The platform's address, or the sandbox's. */
  readonly baseUrl: string
  readonly budget: SharedBudget
  /** Told of every attempt that did not go well. */
  readonly onFailure?: (record: CallRecord) => void
}

interface Corp {
  readonly apps: readonly ConnectedApp[]
  readonly limits: LimitProfile
  readonly budget: Budget
}

interface Connection {
  readonly app: ConnectedApp
  readonly client: Client
  readonly tokens: AppTokens
}

export function createPlatform(options: PlatformOptions): Platform {
  const corps = new Map<number, Promise<Corp>>()
  const connections = new Map<string, Connection>()

  const forgetCorp = (corpId: number | undefined) => {
    for (const [id, connection] of connections) {
      if (corpId !== undefined && connection.app.corpId !== corpId) continue
      connection.tokens.forget()
      connections.delete(id)
    }
    if (corpId === undefined) corps.clear()
    else corps.delete(corpId)
  }
  options.listener.on('nuanyu_apps', (payload) => forgetCorp(payload === undefined ? undefined : Number(payload)))

  const load = async (corpId: number): Promise<Corp> => {
    const apps = await appsOfCorp(options.db, corpId)
    const limits = profileOf(await limitsOfCorp(options.db, corpId))
    return { apps, limits, budget: options.budget.of(corpId, limits) }
  }
  const corp = (corpId: number): Promise<Corp> => {
    const known = corps.get(corpId)
    if (known !== undefined) return known
    const loading = load(corpId)
    corps.set(corpId, loading)
    // a failed read must not stay: the next caller tries again
    loading.catch(() => corps.get(corpId) === loading && corps.delete(corpId))
    return loading
  }
  const connect = (app: ConnectedApp, secretSealed: Buffer, { limits, budget }: Corp): Client => {
    const known = connections.get(app.id)
    // an answer read before a change may arrive after it: a connection counts only for the secret it was made with
    if (known?.app.secretSealed?.equals(secretSealed)) return known.client
    const tokens = appTokens({ db: options.db, vault: options.vault, appId: app.id, corpId: app.corpId, secretSealed })
    const client = createClient({
      baseUrl: options.baseUrl,
      corpId: app.corpid,
      appKey: app.appKey,
      secret: options.vault.open(secretSealed),
      tokens,
      budget,
      limits,
      onCall: (record) => observe(options, record),
    })
    connections.set(app.id, { app, client, tokens })
    return client
  }
  const clientOf = async (corpId: number, wanted: (app: ConnectedApp) => boolean): Promise<Client | undefined> => {
    const loaded = await corp(corpId)
    const app = loaded.apps.find((one) => one.secretSealed !== null && wanted(one))
    return app?.secretSealed ? connect(app, app.secretSealed, loaded) : undefined
  }
  return {
    forCorp: (corpId) => clientOf(corpId, (app) => app.kind === 'app'),
    forApp: (corpId, appKey) => clientOf(corpId, (app) => app.appKey === appKey),
    forAppId: (corpId, appId) => clientOf(corpId, (app) => app.id === appId),
    limits: async (corpId) => (await corp(corpId)).limits,
    budget: async (corpId) => (await corp(corpId)).budget,
    forecast: async (corpId, path) => options.budget.forecast(corpId, path, (await corp(corpId)).limits),
    use: async (corpId) => options.budget.use(corpId, (await corp(corpId)).limits),
    load: () => options.budget.load(),
    forget: (corpId) => forgetCorp(corpId),
  }
}

function observe({ metrics, log, onFailure }: PlatformOptions, record: CallRecord): void {
  metrics.calls.inc({
    api: record.endpoint,
    errcode: String(record.errcode ?? (record.outcome === 'ok' ? 0 : record.outcome)),
  })
  if (record.outcome === 'ok') {
    log.debug({ call: record }, 'a call to the platform')
    return
  }
  log.warn({ call: record }, 'a call to the platform did not go well')
  onFailure?.(record)
}
