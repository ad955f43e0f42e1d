import type { IncomingMessage } from 'node:http'
import { CallbackError, openVerification } from '@nuanyu/wecom'
import { Hono } from 'hono'
import { AppError } from '../../infra/errors.ts'
import { languageOf } from '../../infra/http/server.ts'
import type { Services } from '../../infra/services.ts'
import type { CallbackApp } from './callback-apps.ts'
import { makeDurable, maxBytes } from './callbacks.shortcut.ts'
import type { Intake } from './intake.ts'
import { isStale, openRequest, toCallback } from './receive.ts'

/**
 * `GET|POST /callbacks/wecom/:corpId/:app`: verify → decrypt → store → answer. Nothing is acknowledged before it is
 * durable; if it cannot be made durable the connection is closed without an answer, and the platform repeats it.
 * The usual POST is answered before it comes here (callbacks.shortcut.ts); what is refused is refused here, in words.
 */
export function callbackRoutes(services: Services, intake: Intake): Hono {
  const { clock, metrics } = services
  const app = new Hono()

  app.get('/callbacks/wecom/:corpId/:app', async (c) => {
    const target = await find(c.req.param('corpId'), c.req.param('app'))
    const query = c.req.query()
    const echo = openOrRefuse(() =>
      openVerification({
        token: target.token,
        aesKey: target.aesKey,
        receiveId: target.corpid,
        query: {
          msg_signature: query['msg_signature'] ?? '',
          timestamp: query['timestamp'] ?? '',
          nonce: query['nonce'] ?? '',
          echostr: query['echostr'] ?? '',
        },
      }),
    )
    return c.text(echo)
  })

  app.post('/callbacks/wecom/:corpId/:app', async (c) => {
    const receivedMs = performance.now()
    const target = await find(c.req.param('corpId'), c.req.param('app'))
    const body = await readBody(c.req.raw, Number(c.req.header('content-length') ?? 0))
    const xml = openOrRefuse(() => openRequest(target, { query: c.req.query(), body }))
    const callback = openOrRefuse(() => toCallback(target, xml, clock.now(), receivedMs, intake.timing))
    if (isStale(callback)) throw stale()
    if (await makeDurable(services, intake, callback)) return c.body('', 200)
    incomingOf(c.env)?.socket.destroy()
    return c.body(null, 503)
  })

  app.all('/callbacks/wecom/:corpId/:app', (c) => {
    const error = new AppError('invalid_request', {
      zh: '回调地址只接受 GET（验证）和 POST（回调）。',
      en: 'A callback address takes GET (its check) and POST (callbacks) only.',
    })
    return c.json(error.body(languageOf(c.req.header('accept-language'))), 405, { allow: 'GET, POST' })
  })

  async function find(corpid: string, appKey: string): Promise<CallbackApp> {
    const target = await intake.apps.find(corpid, appKey).catch((cause: unknown) => {
      throw new AppError(
        'unavailable',
        {
          zh: '暂时查不到这个企业或应用，请稍后重发。',
          en: 'This corp or app cannot be looked up now; send it again.',
        },
        { cause },
      )
    })
    if (target !== undefined) return target
    metrics.callbacks.inc({ outcome: 'unknown_app' })
    throw new AppError(
      'not_found',
      { zh: '没有接入这个企业或应用。', en: 'No such corp or app is connected.' },
      { hint: { zh: '请在接入向导里核对回调地址。', en: 'Check the callback address in the connection guide.' } },
    )
  }

  function openOrRefuse<T>(open: () => T): T {
    try {
      return open()
    } catch (error) {
      if (!(error instanceof CallbackError)) throw error
      metrics.callbacks.inc({ outcome: 'refused' })
      throw new AppError(
        'invalid_request',
        { zh: `回调无法通过校验（${error.code}）。`, en: `The callback does not pass its checks (${error.code}).` },
        {
          hint: {
            zh: '请核对该应用的 Token、EncodingAESKey 与企业 ID。',
            en: "Check the app's Token, EncodingAESKey and corp id.",
          },
          details: { code: error.code, reason: error.message },
          cause: error,
        },
      )
    }
  }

  return app
}

async function readBody(request: Request, declared: number): Promise<string> {
  if (declared > maxBytes) throw tooLarge()
  if (declared > 0) return request.text()
  // no declared length: count while reading
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function stale(): AppError {
  return new AppError(
    'invalid_request',
    {
      zh: '这条回调的发生时间太早，平台不会再重发它，已拒收。',
      en: 'This callback tells of something so long ago that the platform does not repeat it any more; it was refused.',
    },
    { details: { code: 'stale' } },
  )
}

function tooLarge(): AppError {
  return new AppError('too_large', { zh: '回调内容超过 1 MB。', en: 'The callback is larger than 1 MB.' })
}

function incomingOf(env: unknown): IncomingMessage | undefined {
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return undefined
  return env.incoming as IncomingMessage
}
