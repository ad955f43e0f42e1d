import type { IncomingMessage, ServerResponse } from 'node:http'
import { checkRequest, findEndpoint, findEndpointByPath, type NamedEndpoint } from '@nuanyu/wecom'
import { Fail, fail, Prepared } from '../fail.ts'
import { handlers } from '../handlers/index.ts'
import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'
import type { CorpApp } from '../world/apps.ts'
import { createAdmission, NOBODY } from './admission.ts'
import { readBody } from './body.ts'
import type { Call } from './call.ts'
import { createConcurrency } from './concurrency.ts'
import { createFrequency } from './frequency.ts'
import { kept, readInput } from './input.ts'
import { createSecretGuard } from './secrets.ts'
import { readUpload } from './upload.ts'

/** Serves the platform's own paths: `/cgi-bin/…`. */
export type Frame = (request: IncomingMessage, response: ServerResponse) => void

const JSON_LIMIT = 2 * 1024 * 1024
const UPLOAD_LIMIT = 32 * 1024 * 1024

interface Answer {
  readonly text: string
  readonly errcode: number
  readonly errmsg: string
}

/** How one call went, for the oracle. */
interface Course {
  app: CorpApp | undefined
  input: unknown
  answer: Answer
  fault: string | undefined
  /** The effect was made, the answer is not to be heard. */
  lost: boolean
}

export function createFrame(platform: Platform): Frame {
  const { clock, settings, world, faults, oracle } = platform
  const frequency = createFrequency(clock, settings)
  const concurrency = createConcurrency(settings)
  const secrets = createSecretGuard(clock, settings)
  const admission = createAdmission(platform, frequency, secrets)
  let served = 0

  const failed = ({ errcode, detail }: Fail, ip: string): Answer => {
    const hint = hash(served, world.seed).toString(16).padStart(8, '0')
    const stamp = `${Math.floor(clock.now() / 1000)}_${served % 100}_${hint}`
    const more = `https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
    const errmsg = `${detail}, hint: [${stamp}], from ip: ${ip}, more info at ${more}`
    return { text: JSON.stringify({ errcode, errmsg }), errcode, errmsg }
  }
  const refused = (why: Fail, ip: string, app?: CorpApp): Course => {
    return { app, input: undefined, answer: failed(why, ip), fault: undefined, lost: false }
  }

  /** The platform takes its time before the effect; a record is locked for as long. */
  async function work(named: NamedEndpoint, call: Call, input: unknown): Promise<Omit<Course, 'app' | 'input'>> {
    const { endpoint, group, name } = named
    const target = { path: endpoint.path, appKey: call.app.appKey }
    const delay = faults.hit(target, ['delay'])
    const checked = checkRequest(endpoint, input, settings.limits)
    const unlock = checked.ok
      ? concurrency.lock(endpoint, checked.request)
      : fail(checked.errcode, checked.issues.join('; '))
    const { delayMs, delayJitterMs } = settings.value.platform
    await wait(delayMs + jitter(delayJitterMs, served) + (delay?.delayMs ?? 0))
    if (unlock instanceof Fail) return { answer: failed(unlock, call.ip), fault: delay?.id, lost: false }
    try {
      const error = faults.hit(target, ['errcode'])
      if (error !== undefined) {
        return { answer: failed(fail(error.errcode ?? -1, 'system busy'), call.ip), fault: error.id, lost: false }
      }
      const result = checked.ok ? await handlerOf(group, name)(call, checked.request) : {}
      const lost = faults.hit(target, ['lost_answer'])
      const answer = result instanceof Fail ? failed(result, call.ip) : succeeded(result)
      return { answer, fault: lost?.id ?? delay?.id, lost: lost !== undefined }
    } finally {
      unlock()
    }
  }

  async function run(
    named: NamedEndpoint,
    request: IncomingMessage,
    query: URLSearchParams,
    ip: string,
  ): Promise<Course> {
    const { endpoint } = named
    const leave = concurrency.enter(endpoint)
    try {
      const body = await readBody(request, endpoint.upload === undefined ? JSON_LIMIT : UPLOAD_LIMIT)
      const app = leave instanceof Fail ? leave : admission.admit(endpoint, query, ip)
      if (app instanceof Fail) return refused(app, ip, admission.appOf(query))
      if (body === undefined) return refused(fail(40206, 'request body too big'), ip, app)
      const read = readInput(endpoint, request.method, query, body)
      if (read instanceof Fail) return { ...refused(read, ip, app), input: kept(undefined, body) }
      const file = endpoint.upload === undefined ? undefined : await readUpload(body, request.headers['content-type'])
      const course = await work(named, { platform, app, ip, file, frequency, secrets }, read.input)
      return {
        ...course,
        app,
        input: file === undefined ? kept(read.input, body) : { ...read, filename: file.filename },
      }
    } finally {
      if (!(leave instanceof Fail)) leave()
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
    const ip = plainIp(request.socket.remoteAddress)
    const { app, input, answer, fault, lost } = await run(named, request, url.searchParams, ip)
    if (lost) response.destroy()
    else if (!response.destroyed) sendJson(response, 200, answer.text)
    oracle.recordCall({
      atMs: clock.now(),
      method: request.method ?? '',
      path: named.endpoint.path,
      appKey: app === undefined || app === NOBODY ? null : app.appKey,
      request: input,
      errcode: answer.errcode,
      errmsg: answer.errmsg,
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

function succeeded(result: object): Answer {
  const text =
    result instanceof Prepared
      ? `{"errcode":0,"errmsg":"ok",${result.fields}}`
      : JSON.stringify({ errcode: 0, errmsg: 'ok', ...result })
  return { text, errcode: 0, errmsg: 'ok' }
}

/** Handlers are complete by type; here one is looked up by a name that came from the catalogue. */
function handlerOf(group: string, name: string) {
  type Any = (call: Call, request: unknown) => Promise<object> | object
  const handler = (handlers as unknown as Record<string, Record<string, Any>>)[group]?.[name]
  if (handler === undefined) throw new Error(`no handler for ${group}.${name}`)
  return handler
}

function jitter(width: number, n: number): number {
  return width === 0 ? 0 : (hash(n, 0x717) / 0x1_0000_0000) * width
}

function wait(ms: number): Promise<void> | undefined {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined
}

const plainIp = (address = '') => (address.startsWith('::ffff:') ? address.slice(7) : address)

function sendJson(response: ServerResponse, status: number, text: string): void {
  const headers = { 'content-type': 'application/json; charset=UTF-8', 'content-length': Buffer.byteLength(text) }
  response.writeHead(status, headers).end(text)
}
