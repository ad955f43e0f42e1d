import type { Logins } from './logins.ts'

/** The side of WeChat: Official Accounts, mini programs, and what people do there. */
export interface Weixin {
  readonly logins: Logins
}
