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

/** The account of an appid that stands in the request itself. */
export function byAppId({ platform }: WeixinCall, appid: string): WeixinAccount | Fail {
  return [...platform.weixin.accounts.values()].find((one) => one.appId === appid) ?? fail(40013, 'invalid appid')
}

export function byCredential(call: WeixinCall, appid: string, secret: string): WeixinAccount | Fail {
  const account = byAppId(call, appid)
  if (account instanceof Fail) return account
  return account.secret === secret ? account : fail(40125, 'invalid appsecret')
}
