import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { weixinSide } from '../weixin/side.ts'
import { createFrame } from './frame.ts'
import { wecomSide } from './side.ts'
import { createSite, type SiteParts } from './site.ts'

/** What would be on api.weixin.qq.com; pictures below `/weixin` belong to the site. */
const isWeixin = /^\/weixin\/(?!cgi-bin\/showqrcode)/

/** The platform's paths go straight to the frame; everything for people and tests goes through the site. */
export function createListener(parts: SiteParts): (request: IncomingMessage, response: ServerResponse) => void {
  const frame = createFrame(parts.platform, wecomSide(parts.platform))
  const weixin = createFrame(parts.platform, weixinSide(parts.platform))
  const site = getRequestListener(createSite(parts).fetch)
  return (request, response) => {
    if (request.method !== 'GET') response.once('close', () => parts.changes.count++)
    if (request.url?.startsWith('/cgi-bin/')) frame(request, response)
    else if (isWeixin.test(request.url ?? '')) weixin(request, response)
    else site(request, response)
  }
}
