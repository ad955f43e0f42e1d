import { randomBytes, randomUUID } from 'node:crypto'
import { v7 as uuid } from 'uuid'
import type { z } from 'zod'
import type { RoleName, Scope } from '../auth/actor.ts'
import { authenticate, csrfGuard } from '../auth/middleware.ts'
import { createSession } from '../auth/sessions.store.ts'
import { csrfOf, hashToken, newToken } from '../auth/tokens.ts'
import { type Clock, manualClock, systemClock } from '../clock.ts'
import { type Config, loadConfig } from '../config.ts'
import type { Database } from '../db/database.ts'
import { createEffects } from '../effects/effects.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { type TestDatabase, testDatabase } from '../postgres/testing.ts'
import { createPressure } from '../pressure.ts'
import { createVault } from '../secrets/vault.ts'
import type { Services } from '../services.ts'
import { testDay } from '../testing-time.ts'
import type { Api } from './api.ts'
import type { AuditEntry } from './audited.ts'
import { createApplication } from './server.ts'

/** Somebody with a browser: cookie, CSRF token and origin are sent as the console does. */
export interface Visitor {
  get(path: string): Promise<Reply>
  post(path: string, body?: unknown): Promise<Reply>
  put(path: string, body?: unknown): Promise<Reply>
  patch(path: string, body?: unknown): Promise<Reply>
  delete(path: string): Promise<Reply>
  /** As it is, with the cookie only: for uploads and for requests that should be refused. */
  send(path: string, init?: RequestInit): Promise<Response>
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  /** Parsed JSON; undefined for another kind of body. */
  readonly body: unknown
  /** The body in the shape that the test expects. */
  as<T extends z.ZodType>(schema: T): z.output<T>
}

export interface TestSite {
  readonly app: Api
  readonly services: Services
  readonly db: TestDatabase['db']
  readonly corpId: number
  readonly clock: ReturnType<typeof manualClock>
  /** What was recorded of requests, in order. */
  readonly audited: AuditEntry[]
  readonly anonymous: Visitor
  /** Logs in an account of this role, made for the purpose; the scope is the corp unless told. */
  as(role: RoleName, scope?: Scope, corpId?: number): Promise<Visitor & { readonly accountId: string }>
}

export interface TestSiteOptions {
  readonly routes: (services: Services) => readonly Api[]
  /** Real parts where the room needs them, e.g. `platform` to a sandbox. */
  readonly services?: Partial<Services>
  readonly config?: Partial<Config>
  /** Sessions and their ends; business time is `clock` of the site. */
  readonly machine?: Clock
  readonly database?: TestDatabase
}

/** An application of the given routers on a database of its own, with the real log-in, CSRF and permission checks. */
export async function testSite(options: TestSiteOptions): Promise<TestSite> {
  const database = options.database ?? (await testDatabase())
  const { db } = database
  const clock = manualClock(testDay)
  const services: Services = {
    config: { ...loadConfig({ PORT: '3000' }), ...options.config },
    database,
    db,
    clock,
    log: createLog('silent'),
    metrics: createMetrics(),
    vault: createVault(randomBytes(32).toString('hex')),
    processId: 1,
    platform: absent('platform'),
    effects: createEffects(1),
    pressure: createPressure(),
    operations: absent('operations'),
    due: absent('due'),
    ...options.services,
  }
  const { id: corpId } = await db
    .insertInto('corps')
    .values({ corpid: 'wwtestcorp', name: '测试品牌', created_at: clock.now() })
    .returning('id')
    .executeTakeFirstOrThrow()
  const app = createApplication(services.log)
  const audited: AuditEntry[] = []
  app.use('/api/*', authenticate(services, { machine: options.machine ?? systemClock }), csrfGuard(services))
  app.use('/api/*', async (c, next) => {
    c.set('audit', async (entry) => void audited.push(entry))
    await next()
  })
  for (const routes of options.routes(services)) app.route('/', routes)
  const visitors = createVisitors(app, services, options.machine ?? systemClock)
  return { app, services, db, corpId, clock, audited, anonymous: visitors.anonymous, as: visitors.as(corpId) }
}

function absent<T extends object>(what: string): T {
  // the one cast: any use of the part that a test did not give says so
  return new Proxy({} as T, {
    get: (_target, name) => {
      throw new Error(`this test gave no ${what}, but ${String(name)} was asked of it`)
    },
  })
}

/** Visitors of any application over the same services; `createHttp` in its whole, for instance. */
export function createVisitors(app: Pick<Api, 'request'>, services: Services, machine: Clock = systemClock) {
  const { db, config } = services
  const as =
    (homeCorp: number) =>
    async (role: RoleName, scope: Scope = { kind: 'corp' }, corpId: number = homeCorp) => {
      const accountId = await accountFor(db, role, scope, corpId, services.clock.now())
      const token = newToken()
      const session = { id: uuid(), tokenHash: hashToken(token), accountId, method: 'password' as const }
      await createSession(db, { ...session, ip: '127.0.0.1', userAgent: 'test' }, machine.now())
      return { accountId, ...visitor(app, config, token) }
    }
  return { anonymous: visitor(app, config, undefined), as }
}

/** A member has one account, so the same guide who logs in twice is the same account. */
async function accountFor(db: Database, role: RoleName, scope: Scope, corpId: number, now: Date): Promise<string> {
  const wecomUserid = scope.kind === 'self' ? scope.userid : null
  if (wecomUserid !== null) {
    const known = await db
      .selectFrom('accounts')
      .select('id')
      .where('corp_id', '=', corpId)
      .where('wecom_userid', '=', wecomUserid)
      .executeTakeFirst()
    if (known !== undefined) return known.id
  }
  const id = uuid()
  await db
    .insertInto('accounts')
    .values({
      id,
      corp_id: corpId,
      username: `${role}-${randomUUID()}`,
      name: `测试 ${role}`,
      role,
      scope_kind: scope.kind,
      scope_departments: scope.kind === 'region' ? [...scope.departmentIds] : [],
      scope_stores: scope.kind === 'store' ? [...scope.storeIds] : [],
      wecom_userid: wecomUserid,
      created_at: now,
      created_by: 'test',
    })
    .execute()
  return id
}

function visitor(app: Pick<Api, 'request'>, config: Config, token: string | undefined): Visitor {
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    if (token !== undefined && !headers.has('cookie')) headers.set('cookie', `nuanyu_session=${token}`)
    return app.request(path, { ...init, headers })
  }
  const call = async (method: string, path: string, body?: unknown): Promise<Reply> => {
    const headers: Record<string, string> = { origin: config.publicUrl }
    if (token !== undefined) headers['x-csrf-token'] = csrfOf(token)
    // a form names its own content type, with the boundary
    const form = body instanceof FormData || body instanceof Uint8Array ? body : undefined
    if (body instanceof Uint8Array) headers['content-type'] = 'application/octet-stream'
    else if (body !== undefined && form === undefined) headers['content-type'] = 'application/json'
    const response = await send(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: form ?? JSON.stringify(body) }),
    })
    const isJson = (response.headers.get('content-type') ?? '').includes('json')
    const parsed: unknown = isJson ? await response.json() : undefined
    return { status: response.status, headers: response.headers, body: parsed, as: (schema) => schema.parse(parsed) }
  }
  return {
    send,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
  }
}

/** One route of an application as its declaration says. */
export interface DeclaredRoute {
  readonly method: string
  readonly path: string
  /** The path with something in the place of each parameter. */
  readonly sample: string
  readonly gate: string | undefined
  readonly audit: unknown
}

/** Every route under /api, from the OpenAPI document, and from the router those that are not in it. */
export function declaredRoutes(app: Api): readonly DeclaredRoute[] {
  const { paths = {} } = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'test', version: '0' } })
  const found = new Map<string, DeclaredRoute>()
  for (const [path, methods] of Object.entries(paths)) {
    if (!path.startsWith('/api/')) continue
    for (const [method, operation] of Object.entries(methods ?? {})) {
      const gate: unknown = operation?.['x-permission']
      const name = method.toUpperCase()
      const plain = path.replaceAll(/\{(\w+)\}/g, ':$1')
      const sample = path.replaceAll(/\{\w+\}/g, '00000000-0000-7000-8000-000000000000')
      found.set(`${name} ${plain}`, {
        method: name,
        path,
        sample,
        gate: typeof gate === 'string' ? gate : undefined,
        audit: operation?.['x-audit'],
      })
    }
  }
  for (const { method, path } of app.routes) {
    const key = `${method} ${path.replaceAll(/\{[^}]*\}/g, '')}`
    if (method === 'ALL' || !path.startsWith('/api/') || found.has(key)) continue
    found.set(key, { method, path, sample: path.replaceAll(/:\w+/g, '1'), gate: undefined, audit: undefined })
  }
  return [...found.values()]
}
