import type { Handlers } from '../http/call.ts'
import { acquisitionLinks } from './acquisition-links.ts'
import { agents } from './agents.ts'
import { auth } from './auth.ts'
import { broadcasts } from './broadcasts.ts'
import { contactWays } from './contact-ways.ts'
import { contacts } from './contacts.ts'
import { conversion, miniprogram } from './conversion.ts'
import { customers } from './customers.ts'
import { groupWelcome } from './group-welcome.ts'
import { groups, joinWays } from './groups.ts'
import { jssdk } from './jssdk.ts'
import { media } from './media.ts'
import { messages } from './messages.ts'
import { moments } from './moments.ts'
import { network } from './network.ts'
import { oauth } from './oauth.ts'
import { statistics } from './statistics.ts'
import { strategyTags } from './strategy-tags.ts'
import { tags } from './tags.ts'
import { welcome } from './welcome.ts'

/** What the platform does behind each declared interface; a declaration without a handler does not compile. */
export const handlers: Handlers = {
  auth,
  network,
  contacts,
  customers,
  tags,
  strategyTags,
  contactWays,
  acquisitionLinks,
  groups,
  joinWays,
  welcome,
  groupWelcome,
  broadcasts,
  moments,
  statistics,
  media,
  messages,
  jssdk,
  oauth,
  agents,
  miniprogram,
  conversion,
}
