import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createFrame } from './frame.ts'
import { createSite, type SiteParts } from './site.ts'

/** The platform's paths go straight to the frame; everything for people and tests goes through the site. */
export function createListener(parts: SiteParts): (request: IncomingMessage, response: ServerResponse) => void {
  const frame = createFrame(parts.platform)
  const site = getRequestListener(createSite(parts).fetch)
  return (request, response) => {
    if (request.method !== 'GET') response.once('close', () => parts.changes.count++)
    if (request.url?.startsWith('/cgi-bin/')) frame(request, response)
    else site(request, response)
  }
}
