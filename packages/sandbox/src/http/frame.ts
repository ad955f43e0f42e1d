import type { IncomingMessage, ServerResponse } from 'node:http'
import { checkRequest, findEndpoint, findEndpointByPath, type NamedEndpoint } from '@nuanyu/wecom'
import { Fail, fail, Prepared } from '../fail.ts'
import { handlers } from '../handlers/index.ts'
import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'
import type { CorpApp } from '../world/apps.ts'
import { readBody } from './body.ts'
import type { Call } from './call.ts'
import { createConcurrency } from './concurrency.ts'
import { createFrequency } from './frequency.ts'
import { mayCall } from './permission.ts'
import { createSecretGuard } from './secrets.ts'
import { readUpload } from './upload.ts'

/** Serves the platform's own paths: `/cgi-bin/…`. */
export type Frame = (request: IncomingMessage, response: ServerResponse) => void

const JSON_LIMIT = 2 * 1024 * 1024
const UPLOAD_LIMIT = 32 * 1024 * 1024
const KEPT_REQUEST = 4_000
const EXEMPT = '/cgi-bin/auth/getuserinfo'
/** The caller of gettoken, who has no token yet. */
const NOBODY: CorpApp = { appKey: '', agentId: 0, name: '', kind: 'own', secret: '', callback: undefined }

interface Answer {
  readonly text: string
  readonly errcode: number
  readonly errmsg: string
}

export function createFrame(platform: Platform): Frame {
  const { clock, settings, world, tokens, faults, oracle } = platform
  const frequency = createFrequency(clock, settings)
  const concurrency = createConcurrency(settings)
  const secrets = createSecretGuard(clock, settings)
  let served = 0

  const failed = ({ errcode, detail }: Fail, ip: string): Answer => {
    const stamp = `${Math.floor(clock.now() / 1000)}_${served % 100}_${hash(served, world.seed).toString(16).padStart(8, '0')}`
    const more = `https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
    const errmsg = `${detail}, hint: [${stamp}], from ip: ${ip}, more info at ${more}`
    return { text: JSON.stringify({ errcode, errmsg }), errcode, errmsg }
  }

  /** Token → IP → frequency → permission: the order that the fact sheet takes (inferred). */
  function admit(named: NamedEndpoint, query: URLSearchParams, ip: string): CorpApp | Fail {
    const { endpoint } = named
    if (secrets.banned(ip)) return fail(45009, 'ip banned for an hour after repeated invalid secrets')
    if (endpoint.credential.includes('none')) return frequency.count(world.corpId, ip, endpoint.path) ?? NOBODY
    const token = query.get('access_token')
    if (token === null || token === '') return fail(41001, 'access_token missing')
    if (faults.hit({ path: endpoint.path, appKey: appOf(token) }, ['token_revoked']) !== undefined) tokens.revoke(token)
    const app = tokens.check(token)
    if (app instanceof Fail) return app
    const trusted = settings.value.apps[app.appKey]?.trustedIps
    if (trusted !== null && trusted !== undefined && !trusted.includes(ip))
      return fail(60020, 'not allow to access from your ip')
    // auth/getuserinfo counts wrong codes only, in its handler [90312].
    const spent = endpoint.path === EXEMPT ? undefined : frequency.count(world.corpId, ip, endpoint.path)
    const debug = query.get('debug') === '1' ? settings.limits.value('token.debug_calls_per_minute') : undefined
    const debugged = debug === undefined ? undefined : frequency.countOwn(`debug ${endpoint.path}`, debug, 60)
    return spent ?? debugged ?? mayCall(platform, app, endpoint) ?? app
  }
  const appOf = (token: string) => {
    const app = tokens.check(token)
    return app instanceof Fail ? undefined : app.appKey
  }

  async function answer(named: NamedEndpoint, call: Call, input: unknown): Promise<Answer> {
    const { endpoint, group, name } = named
    const checked = checkRequest(endpoint, input, settings.limits)
    if (!checked.ok) return failed(fail(checked.errcode, checked.issues.join('; ')), call.ip)
    const unlock = concurrency.lock(endpoint, checked.request)
    if (unlock instanceof Fail) return failed(unlock, call.ip)
    try {
      const result = await handlerOf(group, name)(call, checked.request)
      if (result instanceof Fail) return failed(result, call.ip)
      if (result instanceof Prepared)
        return { text: `{"errcode":0,"errmsg":"ok",${result.fields}}`, errcode: 0, errmsg: 'ok' }
      return { text: JSON.stringify({ errcode: 0, errmsg: 'ok', ...result }), errcode: 0, errmsg: 'ok' }
    } finally {
      unlock()
    }
  }

  async function serve(
    named: NamedEndpoint,
    request: IncomingMessage,
    url: URL,
    response: ServerResponse,
  ): Promise<void> {
    const startedMs = performance.now()
    served++
    const { endpoint } = named
    const ip = plainIp(request.socket.remoteAddress)
    const leave = concurrency.enter(endpoint)
    let app: CorpApp | undefined
    let input: unknown
    let result: Answer
    let fault: string | undefined
    try {
      const body = await readBody(request, endpoint.upload === undefined ? JSON_LIMIT : UPLOAD_LIMIT)
      const admitted = leave instanceof Fail ? leave : admit(named, url.searchParams, ip)
      if (admitted instanceof Fail) {
        result = failed(admitted, ip)
        app = platform.apps.get(appOf(url.searchParams.get('access_token') ?? '') ?? '')
      } else if (body === undefined) result = failed(fail(40206, 'request body too big'), ip)
      else {
        app = admitted
        const read = readInput(named, request.method, url, body)
        input = read instanceof Fail ? body.toString('utf8', 0, KEPT_REQUEST) : read.input
        const file = endpoint.upload === undefined ? undefined : await readUpload(body, request.headers['content-type'])
        const target = { path: endpoint.path, appKey: app.appKey }
        const delay = faults.hit(target, ['delay'])
        fault = delay?.id
        await wait(
          settings.value.platform.delayMs +
            jitter(settings.value.platform.delayJitterMs, served) +
            (delay?.delayMs ?? 0),
        )
        const error = faults.hit(target, ['errcode'])
        fault = error?.id ?? fault
        if (read instanceof Fail) result = failed(read, ip)
        else if (error !== undefined) result = failed(fail(error.errcode ?? -1, 'system busy'), ip)
        else result = await answer(named, { platform, app, ip, file, frequency, secrets }, read.input)
        const lost = faults.hit(target, ['lost_answer'])
        if (lost !== undefined) {
          fault = lost.id
          response.destroy()
        }
      }
    } finally {
      if (!(leave instanceof Fail)) leave()
    }
    if (!response.destroyed) sendJson(response, 200, result.text)
    oracle.recordCall({
      atMs: clock.now(),
      method: request.method ?? '',
      path: endpoint.path,
      appKey: app === undefined || app === NOBODY ? null : app.appKey,
      request: input,
      errcode: result.errcode,
      errmsg: result.errmsg,
      ms: performance.now() - startedMs,
      ...(fault === undefined ? {} : { fault }),
    })
  }

  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://sandbox')
    const named = findEndpoint(request.method ?? '', url.pathname) ?? findEndpointByPath(url.pathname)
    if (named === undefined) {
      const errmsg = `the sandbox does not know ${url.pathname}; nuanyu-sandbox --endpoints lists what it serves`
      sendJson(response, 404, JSON.stringify({ errcode: 404, errmsg }))
      return
    }
    serve(named, request, url, response).catch((error: unknown) => {
      // A fault of the emulator itself must not look like one of the platform's answers.
      console.error(`${url.pathname} failed in the sandbox`, error)
      if (!response.headersSent) sendJson(response, 500, JSON.stringify({ errcode: 500, errmsg: String(error) }))
      else response.destroy()
    })
  }
}

/** Handlers are complete by type; here one is looked up by a name that came from the catalogue. */
function handlerOf(group: string, name: string) {
  type Any = (call: Call, request: unknown) => Promise<object> | object
  return (handlers as unknown as Record<string, Record<string, Any>>)[group]?.[name] ?? missing(group, name)
}

function missing(group: string, name: string): never {
  throw new Error(`no handler for ${group}.${name}`)
}

function readInput(
  named: NamedEndpoint,
  method: string | undefined,
  url: URL,
  body: Buffer,
): { input: unknown } | Fail {
  const { endpoint } = named
  if (method !== endpoint.method) return fail(40058, `${endpoint.path} is called with ${endpoint.method}`)
  if (endpoint.method === 'GET' || endpoint.upload !== undefined) {
    const { access_token: _token, debug: _debug, ...query } = Object.fromEntries(url.searchParams)
    return { input: query }
  }
  if (body.length === 0) return { input: {} }
  const input = parseJson(body)
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return fail(40058, 'invalid Request Parameter. Warning: wrong json format.')
  }
  return { input }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function jitter(width: number, n: number): number {
  return width === 0 ? 0 : (hash(n, 0x717) / 0x1_0000_0000) * width
}

function wait(ms: number): Promise<void> | undefined {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined
}

const plainIp = (address = '') => (address.startsWith('::ffff:') ? address.slice(7) : address)

function sendJson(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}
