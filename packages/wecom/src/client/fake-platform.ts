import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the platform answers to one request: a body, or a fault. */
type Play = object | 'lose_answer' | 'never_answer' | 'bad_gateway' | 'break_off'

interface Seen {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface FakePlatform {
  readonly url: string
  readonly seen: Seen[]
  /** Requests to a path, in order of arrival. */
  calls(path: string): Seen[]
  /** What the next requests to a path get; the last one stays. */
  play(path: string, ...plays: Play[]): void
  close(): Promise<void>
}

const tokenPath = '/cgi-bin/gettoken'

/** A local HTTP server that plays the platform's answers and faults; tokens are `token-1`, `token-2`, … */
export async function fakePlatform(): Promise<FakePlatform> {
  const plays = new Map<string, Play[]>()
  const seen: Seen[] = []
  let tokens = 0

  const next = (path: string): Play => {
    const queue = plays.get(path) ?? []
    const play = queue.length > 1 ? queue.shift() : queue[0]
    if (play !== undefined) return play
    if (path !== tokenPath) return { errcode: 0, errmsg: 'ok' }
    tokens += 1
    return { errcode: 0, errmsg: 'ok', access_token: `token-${tokens}`, expires_in: 7200 }
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const { method = '', headers } = request
    seen.push({ method, path: url.pathname, query: url.searchParams, headers, body })
    answer(response, next(url.pathname))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    calls: (path) => seen.filter((one) => one.path === path),
    play: (path, ...next) => plays.set(path, next),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answer(response: ServerResponse, play: Play): void {
  if (play === 'never_answer') return
  if (play === 'lose_answer') {
    response.destroy()
    return
  }
  if (play === 'break_off') {
    response.writeHead(200, { 'content-length': '1000' }).write('{"errcode":')
    setImmediate(() => response.destroy())
    return
  }
  if (play === 'bad_gateway') response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>')
  else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(play))
}
