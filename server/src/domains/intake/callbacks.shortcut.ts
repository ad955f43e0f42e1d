import type { IncomingMessage } from 'node:http'
import type { Shortcut } from '../../infra/http/server.ts'
import type { Services } from '../../infra/services.ts'
import type { Callback } from './callback.ts'
import type { CallbackApp } from './callback-apps.ts'
import { makeDurable, maxBytes } from './callbacks.http.ts'
import type { Intake } from './intake.ts'
import { isStale, openRequest, toCallback } from './receive.ts'

/**
 * The usual callback — a known app, a declared length, right keys — on Node's own request. The framework and what stands
 * before its routes took a quarter of the server's time a callback (docs/decisions/0001). Whatever is not plainly right is
 * left to `callbackRoutes`, which says what is wrong.
 */
export function callbackShortcut(services: Services, intake: Intake): Shortcut {
  return (request, response, pass) => {
    const receivedMs = performance.now()
    const target = request.method === 'POST' ? targetOf(request.url ?? '', intake) : undefined
    const declared = Number(request.headers['content-length'] ?? 0)
    if (target === undefined || !(declared > 0 && declared <= maxBytes)) return false
    whenRead(request, (body) => {
      const callback = openOrNot(target, body, receivedMs)
      if (callback === undefined) return pass(body)
      void makeDurable(services, intake, callback).then((durable) => {
        if (durable) response.writeHead(200, { 'content-length': 0 }).end()
        else request.socket.destroy()
      })
    })
    return true
  }

  function openOrNot({ app, query }: Target, body: Buffer, receivedMs: number): Callback | undefined {
    try {
      const xml = openRequest(app, { query: Object.fromEntries(new URLSearchParams(query)), body: body.toString() })
      const callback = toCallback(app, xml, services.clock.now(), receivedMs, intake.timing)
      return isStale(callback) ? undefined : callback
    } catch {
      // opened once more by the route, which tells the platform and the log why not
      return undefined
    }
  }
}

interface Target {
  readonly app: CallbackApp
  readonly query: string
}

const address = /^\/callbacks\/wecom\/([\w-]+)\/([\w-]+)\?(.*)$/

function targetOf(url: string, { apps }: Intake): Target | undefined {
  const [, corpid, appKey, query] = address.exec(url) ?? []
  if (corpid === undefined || appKey === undefined || query === undefined) return undefined
  const app = apps.known(corpid, appKey)
  return app === undefined ? undefined : { app, query }
}

function whenRead(request: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => done(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)))
}
