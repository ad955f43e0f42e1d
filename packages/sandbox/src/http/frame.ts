import type { IncomingMessage, ServerResponse } from 'node:http'
import { checkRequest } from '@nuanyu/wecom'
import { Drawn, Fail, fail, Prepared } from '../fail.ts'
import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'
import { readBody } from './body.ts'
import { createConcurrency } from './concurrency.ts'
import { createFrequency } from './frequency.ts'
import { kept, readInput } from './input.ts'
import { createSecretGuard } from './secrets.ts'
import type { Caller, Circumstances, NamedRoute, Side } from './side.ts'
import { readUpload } from './upload.ts'

/** Serves one platform's own paths. */
export type Frame = (request: IncomingMessage, response: ServerResponse) => void

const JSON_LIMIT = 2 * 1024 * 1024
const UPLOAD_LIMIT = 32 * 1024 * 1024

interface Answer {
  readonly text: string
  readonly picture?: Drawn
  readonly errcode: number
  readonly errmsg: string
}

/** How one call went, for the oracle. */
interface Course<App extends Caller> {
  app: App | undefined
  input: unknown
  answer: Answer
  fault: string | undefined
  /** The effect was made, the answer is not to be heard. */
  lost: boolean
}

export function createFrame<App extends Caller>(platform: Platform, side: Side<App>): Frame {
  const { clock, settings, faults, oracle } = platform
  const frequency = createFrequency(clock, settings)
  const concurrency = createConcurrency(settings)
  const secrets = createSecretGuard(clock, settings)
  const admission = side.admission(frequency, secrets)
  let served = 0

  const failed = (why: Fail, ip: string): Answer => {
    const errmsg = side.errmsg(why, served, ip)
    return { text: JSON.stringify({ errcode: why.errcode, errmsg }), errcode: why.errcode, errmsg }
  }
  const refused = (why: Fail, ip: string, app?: App): Course<App> => {
    return { app, input: undefined, answer: failed(why, ip), fault: undefined, lost: false }
  }

  /** The platform takes its time before the effect; a record is locked for as long. */
  async function work(
    named: NamedRoute,
    call: Circumstances<App>,
    input: unknown,
  ): Promise<Omit<Course<App>, 'app' | 'input'>> {
    const { endpoint } = named
    const target = { path: side.shownPath(endpoint.path), appKey: call.app.appKey }
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
      const result = checked.ok ? await side.handle(named, call, checked.request) : {}
      const lost = faults.hit(target, ['lost_answer'])
      const answer = result instanceof Fail ? failed(result, call.ip) : succeeded(result, side.bare(endpoint))
      return { answer, fault: lost?.id ?? delay?.id, lost: lost !== undefined }
    } finally {
      unlock()
    }
  }

  async function run(
    named: NamedRoute,
    request: IncomingMessage,
    query: URLSearchParams,
    ip: string,
  ): Promise<Course<App>> {
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
      const course = await work(named, { app, ip, file, frequency, secrets }, read.input)
      return {
        ...course,
        app,
        input: file === undefined ? kept(read.input, body) : { ...read, filename: file.filename },
      }
    } finally {
      if (!(leave instanceof Fail)) leave()
    }
  }

  async function serve(named: NamedRoute, request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    const startedMs = performance.now()
    served++
    const ip = plainIp(request.socket.remoteAddress)
    const { app, input, answer, fault, lost } = await run(named, request, url.searchParams, ip)
    if (lost) response.destroy()
    else if (answer.picture !== undefined && !response.destroyed) sendPicture(response, answer.picture)
    else if (!response.destroyed) sendJson(response, 200, answer.text)
    oracle.recordCall({
      atMs: clock.now(),
      method: request.method ?? '',
      path: side.shownPath(named.endpoint.path),
      appKey: app === undefined || app.appKey === '' ? null : app.appKey,
      request: input,
      errcode: answer.errcode,
      errmsg: answer.errmsg,
      ms: performance.now() - startedMs,
      ...(fault === undefined ? {} : { fault }),
    })
  }

  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://sandbox')
    const named = side.find(request.method ?? '', url.pathname)
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

/** `bare`: without `errcode` and `errmsg`, as some interfaces answer. */
function succeeded(result: object, bare: boolean): Answer {
  if (result instanceof Drawn) return { text: '', picture: result, errcode: 0, errmsg: 'ok' }
  const text =
    result instanceof Prepared
      ? `{"errcode":0,"errmsg":"ok",${result.fields}}`
      : JSON.stringify(bare ? result : { errcode: 0, errmsg: 'ok', ...result })
  return { text, errcode: 0, errmsg: 'ok' }
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

function sendPicture(response: ServerResponse, { contentType, bytes }: Drawn): void {
  response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.length }).end(bytes)
}
