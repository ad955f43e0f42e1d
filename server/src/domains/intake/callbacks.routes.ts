import { openVerification } from '@nuanyu/wecom'
import { Hono } from 'hono'
import { AppError } from '../../infra/errors.ts'
import type { Services } from '../../infra/services.ts'
import type { CallbackApp } from './callback-apps.ts'
import {
  closeUnanswered,
  getOrPostOnly,
  makeDurable,
  notConnected,
  openOrRefuse,
  readBody,
  stale,
} from './callbacks.http.ts'
import type { Intake } from './intake.ts'
import { isStale, openRequest, toCallback } from './receive.ts'

const check = {
  zh: '请核对该应用的 Token、EncodingAESKey 与企业 ID。',
  en: "Check the app's Token, EncodingAESKey and corp id.",
}
const unknownApp = { zh: '没有接入这个企业或应用。', en: 'No such corp or app is connected.' }

/**
 * `GET|POST /callbacks/wecom/:corpId/:app`: verify → decrypt → store → answer. Nothing is acknowledged before it is
 * durable; if it cannot be made durable the connection is closed without an answer, and the platform repeats it.
 * The usual POST is answered before it comes here (callbacks.shortcut.ts); what is refused is refused here, in words.
 */
export function callbackRoutes(services: Services, intake: Intake): Hono {
  const { clock } = services
  const app = new Hono()

  app.get('/callbacks/wecom/:corpId/:app', async (c) => {
    const target = await find(c.req.param('corpId'), c.req.param('app'))
    const query = c.req.query()
    const echo = openOrRefuse(services, check, () =>
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
    const body = await readBody(c)
    const xml = openOrRefuse(services, check, () => openRequest(target, { query: c.req.query(), body }))
    const callback = openOrRefuse(services, check, () =>
      toCallback(target, xml, clock.now(), receivedMs, intake.timing),
    )
    if (isStale(callback)) throw stale()
    return (await makeDurable(services, intake, callback)) ? c.body('', 200) : closeUnanswered(c)
  })

  app.all('/callbacks/wecom/:corpId/:app', getOrPostOnly)

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
    if (target === undefined) throw notConnected(services, unknownApp)
    return target
  }

  return app
}
