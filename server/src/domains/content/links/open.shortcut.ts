import type { IncomingHttpHeaders } from 'node:http'
import type { Shortcut } from '../../../infra/http/server.ts'
import type { Services } from '../../../infra/services.ts'
import { linkSettings, locationOf } from './link-settings.ts'
import { linkOf } from './link-token.ts'
import { newOpen } from './open.ts'
import type { OpensInbox } from './opens-inbox.ts'
import { visitKind } from './visit.ts'
import { memoryCookie, recall } from './visitor-memory.ts'

const address = /^\/l\/([\w-]{20})$/

/**
 * The usual opening — a link at hand, a person, nobody to ask — on Node's own request, without the framework. Whatever is
 * not plainly that is left to `openRoutes`.
 */
export function openShortcut({ vault, clock }: Pick<Services, 'vault' | 'clock'>, inbox: OpensInbox): Shortcut {
  return ({ method = '', url = '', headers }, response) => {
    const token = address.exec(url)?.[1]
    const id = token === undefined ? undefined : linkOf(token, vault)
    const link = id === undefined ? undefined : inbox.links.peek(id)
    if (token === undefined || link === undefined) return false
    const now = clock.now()
    const remembered = recall(vault, link.corpId, cookieOf(headers, memoryCookie(link.corpId)), now)
    const purpose = headers['sec-purpose'] ?? headers['purpose'] ?? headers['x-purpose']
    const visit = {
      method,
      userAgent: headers['user-agent'],
      purpose: purpose?.toString(),
      remembered,
      returning: false,
    }
    if (visitKind(link, visit) !== 'lead') return false
    const location = locationOf(link.target, linkSettings(link.settings).parameter, token)
    void inbox.keep(newOpen(link, now, remembered ?? 0)).then(() => {
      response
        .writeHead(302, {
          location,
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'content-length': 0,
        })
        .end()
    })
    return true
  }
}

function cookieOf({ cookie }: IncomingHttpHeaders, name: string): string | undefined {
  if (cookie === undefined) return undefined
  return new RegExp(`(?:^|; )${name}=([^;]+)`).exec(cookie)?.[1]
}
