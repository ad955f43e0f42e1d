import { CallbackError, openWeixinCallback, openWeixinVerification, parseWeixinEvent } from '@nuanyu/wecom'
import { Hono } from 'hono'
import { AppError } from '../../infra/errors.ts'
import type { Services } from '../../infra/services.ts'
import {
  closeUnanswered,
  getOrPostOnly,
  makeDurable,
  notConnected,
  openOrRefuse,
  readBody,
  stale,
} from '../intake/index.ts'
import { noteVerified } from './accounts.store.ts'
import type { CalledAccount } from './accounts.ts'
import { isOldReplay, toWeixinCallback, type WeixinInbox } from './callback-inbox.ts'

const address = '/callbacks/weixin/:corpId/:appId'
const check = {
  zh: '请核对该账号的 Token、EncodingAESKey 与 AppID。',
  en: "Check the account's Token, EncodingAESKey and AppID.",
}
const unknownAccount = {
  zh: '没有接入这个公众号或小程序。',
  en: 'No such Official Account or mini program is connected.',
}
/**
 * The platform takes `success`, an empty body or a message to pass on; anything else, and no answer within five seconds
 * three times, shows the person who wrote «该公众号提供的服务出现故障». We never answer by this way: what is said to him goes
 * by an interface of its own, where its outcome is known.
 */
const nothingToSay = 'success'

/**
 * `GET|POST /callbacks/weixin/:corpId/:appId`: verify → store → answer, as safe as WeCom's: acknowledged only once it
 * stands in the database or in the spill file; otherwise the connection is closed, and the platform tells it again.
 */
export function weixinCallbackRoutes(
  services: Pick<Services, 'db' | 'clock' | 'log' | 'metrics'>,
  inbox: WeixinInbox,
): Hono {
  const { db, clock, log } = services
  const app = new Hono()

  app.get(address, async (c) => {
    // its keys were made a moment ago, perhaps by another process
    await inbox.accounts.refresh().catch(() => undefined)
    const account = await find(c.req.param('corpId'), c.req.param('appId'))
    const query = c.req.query()
    const echo = openOrRefuse(services, check, () => openWeixinVerification({ token: account.keys.token, query }))
    await noteVerified(db, account.id, clock.now())
    return c.text(echo)
  })

  app.post(address, async (c) => {
    const receivedMs = performance.now()
    const account = await find(c.req.param('corpId'), c.req.param('appId'))
    const body = await readBody(c)
    const opened = await openWith(account, { query: c.req.query(), body })
    const callback = toWeixinCallback(account, opened, clock.now(), receivedMs)
    if (isOldReplay(callback)) throw stale()
    return (await makeDurable(services, inbox, callback)) ? c.text(nothingToSay) : closeUnanswered(c)
  })

  app.all(address, getOrPostOnly)
  return app

  async function find(corpid: string, appid: string): Promise<CalledAccount> {
    const account = await inbox.accounts.find(`${corpid}/${appid}`).catch((cause: unknown) => {
      throw new AppError(
        'unavailable',
        { zh: '暂时查不到这个账号，请稍后重发。', en: 'This account cannot be looked up now; send it again.' },
        { cause },
      )
    })
    if (account === undefined) throw notConnected(services, unknownAccount)
    return account
  }

  /** Keys may have been changed by another process since: what does not fit is tried once more with those of now. */
  async function openWith(account: CalledAccount, request: { query: Record<string, string>; body: string }) {
    const open = ({ keys }: CalledAccount) => {
      const { xml } = openWeixinCallback({ ...keys, ...request })
      return { event: parseWeixinEvent(xml), body: xml }
    }
    try {
      return open(account)
    } catch (error) {
      if (!(error instanceof CallbackError)) throw error
      await inbox.accounts
        .refreshSoon()
        .catch((cause: unknown) => log.warn({ err: cause }, 'keys of WeChat accounts cannot be looked up now'))
      const now = inbox.accounts.known(`${account.corpid}/${account.appid}`) ?? account
      return openOrRefuse(services, check, () => open(now))
    }
  }
}
