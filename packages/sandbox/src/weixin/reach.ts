import type { WeixinReply } from '@nuanyu/wecom'
import type { MessageBody } from '../admin/schema.people.ts'
import { customerId } from '../people/chats.ts'
import type { Platform } from '../platform.ts'
import type { WeixinAccount } from './accounts.ts'

/** A message of an account reaches a person: it stands in his chat with the account, and the oracle hears of it. */
export function reach(platform: Platform, account: WeixinAccount, customer: number, body: MessageBody): void {
  const me = customerId(customer)
  const from = `app:${account.appKey}`
  const message = {
    atMs: platform.clock.now(),
    from,
    fromName: account.name,
    source: 'app' as const,
    appKey: account.appKey,
    body,
  }
  platform.chats.post(platform.chats.app(account.appKey, me), message, [me])
}

/** What WeChat says for an account that did not answer, or answered with something that is no reply. */
const OUT_OF_ORDER = '该公众号暂时无法提供服务，请稍后再试'

/** What an account's answer to a callback shows its person: a reply is no customer-service message and spends nothing. */
export function showAnswer(
  platform: Platform,
  account: WeixinAccount,
  customer: number,
  answer: WeixinReply | 'fault',
): void {
  if (answer === 'fault') {
    const me = customerId(customer)
    const notice = { type: 'notice' as const, text: OUT_OF_ORDER }
    const message = { atMs: platform.clock.now(), from: null, fromName: '', source: 'notice' as const, body: notice }
    platform.chats.post(platform.chats.app(account.appKey, me), message, [me])
  } else if (answer.type === 'text') reach(platform, account, customer, { type: 'text', content: answer.content })
}
