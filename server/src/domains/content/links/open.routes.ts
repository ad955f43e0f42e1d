import { Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { languageOf } from '../../../infra/http/server.ts'
import type { Services } from '../../../infra/services.ts'
import { laterPage } from '../../../infra/visitor-page.ts'
import { askedByOf, silentLogin } from '../../weixin/index.ts'
import { linkAddress, linkSettings, locationOf, siteVisited } from './link-settings.ts'
import { linkOf } from './link-token.ts'
import { overPage } from './links.page.ts'
import { nameOpen, newOpen } from './open.ts'
import type { OpensInbox } from './opens-inbox.ts'
import { visitKind } from './visit.ts'
import { memoryCookie, recall, remember } from './visitor-memory.ts'

const path = '/l/'

/** `GET /l/:token`: leads on, once the opening is durable. Customers see it: no console cookie, no script. */
export function openRoutes(services: Services, inbox: OpensInbox): Hono {
  const { clock, config, log, vault } = services
  const app = new Hono()
  const login = silentLogin(services, path)
  const cookie = { path, httpOnly: true, sameSite: 'Lax', secure: config.publicUrl.startsWith('https:') } as const

  app.onError((error, c) => {
    log.error({ err: error }, 'a page for customers failed')
    return c.html(laterPage(languageOf(c.req.header('accept-language'))), 503)
  })

  app.get('/l/:token', async (c) => {
    c.header('cache-control', 'no-store')
    c.header('referrer-policy', 'no-referrer')
    const token = c.req.param('token')
    const id = linkOf(token, vault)
    const language = languageOf(c.req.header('accept-language'))
    if (id === undefined) return c.html(overPage(language, '暖域', 'wrong'), 404)
    const link = await inbox.links.find(id)
    const { code, state } = c.req.query()
    const remembered = link && recall(vault, link.corpId, getCookie(c, memoryCookie(link.corpId)), clock.now())
    const kind = visitKind(link, {
      method: c.req.method,
      userAgent: c.req.header('user-agent'),
      purpose: c.req.header('sec-purpose') ?? c.req.header('purpose') ?? c.req.header('x-purpose'),
      remembered,
      returning: code !== undefined || state !== undefined,
    })
    if (link === undefined || kind === 'over') return c.html(overPage(language, link?.brand ?? '暖域', 'over'), 410)
    const target = locationOf(link.target, linkSettings(link.settings).parameter, token)
    if (kind === 'unread') return c.redirect(target)
    const left = login.cameBack(c, state)
    if (left !== undefined) {
      const home = await login.who(link.corpId, link.settings, code)
      if (home !== undefined) await inbox.keep(nameOpen(link, left, home))
      const { value, maxAge } = remember(vault, link.corpId, home ?? 0, clock.now())
      setCookie(c, memoryCookie(link.corpId), value, { ...cookie, maxAge })
      return c.redirect(target)
    }
    const open = newOpen(link, clock.now(), remembered ?? 0)
    await inbox.keep(open)
    if (kind === 'lead') return c.redirect(target)
    const back = linkAddress(siteVisited(config, link.settings, c.req.header('host')), token)
    const asker = { corpid: link.corpid, askedBy: askedByOf(link.settings) }
    return c.redirect(login.leave(c, asker, back, open.id.replaceAll('-', '')))
  })
  return app
}
