import type { AllWeixinHandlers } from './call.ts'
import { followers, qrcodes } from './followers.ts'
import { auth, login } from './login.ts'
import { menus } from './menus.ts'
import { serviceMessages, subscribeMessages, templateMessages } from './messages.ts'
import { links, wxacodes } from './miniprogram.ts'
import { oauth } from './oauth.ts'
import { userTags } from './user-tags.ts'

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
  oauth,
  menus,
  userTags,
}
