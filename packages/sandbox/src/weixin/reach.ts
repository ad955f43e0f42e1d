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
