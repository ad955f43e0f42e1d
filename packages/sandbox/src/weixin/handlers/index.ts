import type { AllWeixinHandlers } from './call.ts'
import { followers, qrcodes } from './followers.ts'
import { auth, login } from './login.ts'
import { serviceMessages, subscribeMessages, templateMessages } from './messages.ts'
import { links, wxacodes } from './miniprogram.ts'

/** What the platform does behind each declared interface; a declaration without a handler does not compile. */
export const weixinHandlers: AllWeixinHandlers = {
  auth,
  followers,
  qrcodes,
  templateMessages,
  serviceMessages,
  login,
  wxacodes,
  links,
  subscribeMessages,
}
