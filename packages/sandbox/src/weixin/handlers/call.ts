import type { WeixinCatalogue, WeixinHandlers } from '@nuanyu/wecom'
import { type Drawn, Fail, fail } from '../../fail.ts'
import type { Platform } from '../../platform.ts'
import type { WeixinAccount } from '../accounts.ts'

/** What a handler knows of the call besides its request. */
export interface WeixinCall {
  readonly platform: Platform
  /** Whose token it is; undefined where none is taken. */
  readonly account: WeixinAccount | undefined
}

export type AllWeixinHandlers = WeixinHandlers<WeixinCall, Fail | Drawn>
export type WeixinGroupHandlers<Group extends keyof WeixinCatalogue> = AllWeixinHandlers[Group]

/** The account of the token; an endpoint that takes none has none. */
export function accountOf({ account }: WeixinCall): WeixinAccount | Fail {
  return account ?? fail(41001, 'access_token missing')
}

/** The person behind an openid of this very account; 40003 for any other. */
export function personBehind(call: WeixinCall, openId: string): { account: WeixinAccount; customer: number } | Fail {
  const account = accountOf(call)
  if (account instanceof Fail) return account
  const customer = account.customerOf(openId)
  const known = customer !== undefined && call.platform.world.customers.has(customer)
  return known ? { account, customer } : fail(40003, 'invalid openid')
}
