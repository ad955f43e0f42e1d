import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

export interface Outgoing {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly contentType?: string | undefined
  readonly body?: Uint8Array<ArrayBuffer> | undefined
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** What came back, or how far the request got when nothing did. */
type Incoming =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly text: string
      /** Instead of a JSON answer: a success whose body is the picture. */
      readonly picture?: Picture
    }
  /** No byte of the request went out. */
  | { readonly kind: 'not_sent'; readonly cause: unknown }
  /** The request, or a part of it, went out. */
  | { readonly kind: 'lost'; readonly cause: unknown }

/** A binary answer; `getwxacodeunlimit` gives one, and JSON only when it fails. */
export interface Picture {
  readonly contentType: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

function answered(status: number, contentType: string | null | undefined, body: Uint8Array<ArrayBuffer>): Incoming {
  const picture = status === 200 && contentType?.startsWith('image/') ? { contentType, bytes: body } : undefined
  if (picture !== undefined) return { kind: 'answer', status, text: '', picture }
  return { kind: 'answer', status, text: Buffer.from(body.buffer, body.byteOffset, body.length).toString() }
}

export type Transport = (outgoing: Outgoing) => Promise<Incoming>

/** An answer longer than this is not one of the platform's JSON answers. */
const maxAnswerBytes = 64 * 1024 * 1024
/** Below the 5 s after which common servers close an idle connection, so that we do not write into a closing one. */
const idleMs = 4_000

const agents = {
  http: new HttpAgent({ keepAlive: true, timeout: idleMs }),
  https: new HttpsAgent({ keepAlive: true, timeout: idleMs }),
}

/**
 * Keep-alive HTTP that knows whether the request went out: `not_sent` may be repeated always, `lost` only where a
 * second call does no harm. The global fetch does not tell the two apart.
 */
export const keepAliveTransport: Transport = (outgoing) =>
  new Promise((resolve) => {
    const secure = outgoing.url.startsWith('https:')
    const started = { sent: false }
    const fail = (cause: unknown) => resolve({ kind: started.sent ? 'lost' : 'not_sent', cause })
    const headers: Record<string, string | number> = {}
    if (outgoing.contentType !== undefined) headers['content-type'] = outgoing.contentType
    if (outgoing.body !== undefined) headers['content-length'] = outgoing.body.length

    const request: ClientRequest = (secure ? httpsRequest : httpRequest)(outgoing.url, {
      method: outgoing.method,
      agent: secure ? agents.https : agents.http,
      headers,
      ...(outgoing.signal === undefined ? {} : { signal: outgoing.signal }),
    })
    const timer = setTimeout(
      () => request.destroy(new Error(`no answer in ${outgoing.timeoutMs} ms`)),
      outgoing.timeoutMs,
    )
    const done = (incoming: Incoming) => {
      clearTimeout(timer)
      resolve(incoming)
    }
    request.once('socket', (socket) => {
      const ready = () => {
        started.sent = true
      }
      if (!socket.connecting) ready()
      else socket.once(secure ? 'secureConnect' : 'connect', ready)
    })
    request.once('error', (cause) => {
      clearTimeout(timer)
      fail(cause)
    })
    request.once('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > maxAnswerBytes) response.destroy(new Error('the answer is too large'))
        else chunks.push(chunk)
      })
      response.once('end', () => {
        done(answered(response.statusCode ?? 0, response.headers['content-type'], Buffer.concat(chunks)))
      })
      response.once('error', (cause) => done({ kind: 'lost', cause }))
      response.once('close', () => done({ kind: 'lost', cause: new Error('the answer broke off') }))
    })
    request.end(outgoing.body)
  })

/** A given fetch as a transport; only a refused connection is known not to have been sent. */
export function fetchTransport(fetch: typeof globalThis.fetch): Transport {
  return async (outgoing) => {
    const timeout = AbortSignal.timeout(outgoing.timeoutMs)
    try {
      const response = await fetch(outgoing.url, {
        method: outgoing.method,
        signal: outgoing.signal === undefined ? timeout : AbortSignal.any([timeout, outgoing.signal]),
        ...(outgoing.contentType === undefined ? {} : { headers: { 'content-type': outgoing.contentType } }),
        ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
      })
      const body = new Uint8Array(await response.arrayBuffer())
      return answered(response.status, response.headers.get('content-type'), body)
    } catch (cause) {
      return { kind: neverConnected(cause) ? 'not_sent' : 'lost', cause }
    }
  }
}

const connectFailures = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

function neverConnected(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && connectFailures.has(code)
}
