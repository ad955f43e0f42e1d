import http from 'node:http'
import https from 'node:https'

/** How one attempt ended. */
export interface Attempt {
  readonly result: 'acknowledged' | 'refused' | 'timeout' | 'network'
  readonly status?: number
  readonly ms: number
}

/** Sends callbacks over kept connections. */
export interface Poster {
  /** An XML body unless `headers` name another type. */
  post(url: string, body: string, timeoutMs: number, headers?: Readonly<Record<string, string>>): Promise<Attempt>
  /** The same, with what was answered. */
  ask(url: string, body: string, timeoutMs: number): Promise<{ how: Attempt; answer: string }>
  get(url: string, timeoutMs: number): Promise<{ status: number; body: string } | undefined>
  close(): void
}

/** An answer longer than this is not read on: nothing of it is used. */
const READ_AT_MOST = 64 * 1024

const XML = { 'content-type': 'text/xml; charset=utf-8' }

export function createPoster(maxSockets: number): Poster {
  const options = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets, scheduling: 'fifo' as const }
  const agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) }

  function send(
    method: 'GET' | 'POST',
    address: string,
    body: string | undefined,
    timeoutMs: number,
    own: Readonly<Record<string, string>> = XML,
  ) {
    return new Promise<{ result: Attempt['result']; status?: number; body: string }>((resolve) => {
      const { protocol, hostname, port, pathname, search } = new URL(address)
      const secure = protocol === 'https:'
      const request = (secure ? https : http).request({
        hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
        port,
        path: pathname + search,
        method,
        agent: secure ? agents['https:'] : agents['http:'],
        headers: body === undefined ? {} : { ...own, 'content-length': Buffer.byteLength(body) },
      })
      let timedOut = false
      const timer = setTimeout(() => {
        timedOut = true
        request.destroy()
      }, timeoutMs)
      const end = (result: Attempt['result'], status?: number, text = '') => {
        clearTimeout(timer)
        resolve(status === undefined ? { result, body: text } : { result, status, body: text })
      }
      request.on('response', (response) => {
        const chunks: Buffer[] = []
        let size = 0
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size <= READ_AT_MOST) chunks.push(chunk)
        })
        response.on('error', () => end(timedOut ? 'timeout' : 'network'))
        response.on('end', () => {
          const status = response.statusCode ?? 0
          end(status === 200 ? 'acknowledged' : 'refused', status, Buffer.concat(chunks).toString())
        })
      })
      request.on('error', () => end(timedOut ? 'timeout' : 'network'))
      request.end(body)
    })
  }

  async function ask(url: string, body: string, timeoutMs: number, headers?: Readonly<Record<string, string>>) {
    const started = performance.now()
    const { result, status, body: answer } = await send('POST', url, body, timeoutMs, headers)
    const ms = performance.now() - started
    return { how: status === undefined ? { result, ms } : { result, status, ms }, answer }
  }

  return {
    async post(url, body, timeoutMs, headers) {
      return (await ask(url, body, timeoutMs, headers)).how
    },
    ask: (url, body, timeoutMs) => ask(url, body, timeoutMs),
    async get(url, timeoutMs) {
      const { status, body } = await send('GET', url, undefined, timeoutMs)
      return status === undefined ? undefined : { status, body }
    },
    close() {
      agents['http:'].destroy()
      agents['https:'].destroy()
    },
  }
}
