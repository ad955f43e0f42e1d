import type { IncomingMessage } from 'node:http'
import { CallbackError, openWeixinCallback, openWeixinVerification, parseWeixinEvent } from '@nuanyu/wecom'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { AppError } from '../../infra/errors.ts'
import { languageOf } from '../../infra/http/server.ts'
import type { Services } from '../../infra/services.ts'
import { calledAccount, noteVerified } from './accounts.store.ts'
import type { CalledAccount } from './accounts.ts'
import { keepCallback } from './callbacks.store.ts'
import { callbackKey } from './facts.ts'

const address = '/callbacks/weixin/:corpId/:appId'
const maxBytes = 1024 * 1024
/** The last moment that is written with four digits of a year. */
const endOfTime = Date.UTC(9999, 11, 31)

/**
 * `GET|POST /callbacks/weixin/:corpId/:appId`: verify → store → answer. What cannot be stored is not answered: the
 * connection is closed, and the platform tells it again.
 */
export function weixinCallbackRoutes(services: Pick<Services, 'db' | 'vault' | 'clock' | 'log' | 'metrics'>): Hono {
  const { db, clock, log, metrics } = services
  const app = new Hono()

  app.get(address, async (c) => {
    const account = await find(c.req.param('corpId'), c.req.param('appId'))
    const echo = openOrRefuse(() => openWeixinVerification({ token: account.keys.token, query: c.req.query() }))
    await noteVerified(db, account.id, clock.now())
    return c.text(echo)
  })

  app.post(address, bodyLimit({ maxSize: maxBytes, onError: () => refuseLarge() }), async (c) => {
    const account = await find(c.req.param('corpId'), c.req.param('appId'))
    const body = await c.req.text()
    const { xml } = openOrRefuse(() => openWeixinCallback({ ...account.keys, query: c.req.query(), body }))
    const event = openOrRefuse(() => parseWeixinEvent(xml))
    try {
      await keepCallback(db, {
        corpId: account.corpId,
        accountId: account.id,
        key: callbackKey(account.id, event),
        kind: event.kind,
        openid: event.openId,
        createdAt: new Date(Math.min(event.createTime * 1000, endOfTime)),
        receivedAt: clock.now(),
        body: xml,
      })
    } catch (error) {
      log.error({ err: error, kind: event.kind }, 'a callback of a WeChat account could not be stored; unanswered')
      metrics.callbacks.inc({ outcome: 'unanswered' })
      incomingOf(c.env)?.socket.destroy()
      return c.body(null, 503)
    }
    return c.text('success')
  })

  app.all(address, (c) => {
    const error = new AppError('invalid_request', {
      zh: '回调地址只接受 GET（验证）和 POST（回调）。',
      en: 'A callback address takes GET (its check) and POST (callbacks) only.',
    })
    return c.json(error.body(languageOf(c.req.header('accept-language'))), 405, { allow: 'GET, POST' })
  })

  async function find(corpid: string, appid: string): Promise<CalledAccount> {
    const account = await calledAccount(db, services.vault, corpid, appid)
    if (account !== undefined) return account
    metrics.callbacks.inc({ outcome: 'unknown_app' })
    throw new AppError(
      'not_found',
      { zh: '没有接入这个公众号或小程序。', en: 'No such Official Account or mini program is connected.' },
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
            zh: '请核对该账号的 Token、EncodingAESKey 与 AppID。',
            en: "Check the account's Token, EncodingAESKey and AppID.",
          },
          details: { code: error.code, reason: error.message },
          cause: error,
        },
      )
    }
  }

  return app
}

function refuseLarge(): never {
  throw new AppError('too_large', { zh: '回调内容超过 1 MB。', en: 'The callback is larger than 1 MB.' })
}

function incomingOf(env: unknown): IncomingMessage | undefined {
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return undefined
  return env.incoming as IncomingMessage
}
