import { randomBytes, timingSafeEqual } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { languageOf } from '../../../infra/http/server.ts'
import type { Services } from '../../../infra/services.ts'
import { askedByOf, askingAddress, pageVisitors } from '../../weixin/index.ts'
import type { KnownLink } from './link-register.ts'
import { customerSite, linkAddress, linkSettings, locationOf } from './link-settings.ts'
import { linkOf } from './link-token.ts'
import { overPage } from './links.page.ts'
import { nameOpen, newOpen } from './open.ts'
import type { OpensInbox } from './opens-inbox.ts'
import { visitKind } from './visit.ts'
import { memoryCookie, recall, remember } from './visitor-memory.ts'

/** Ties the way back from OAuth to the browser that left. */
const leftCookie = 'nuanyu_left'
const leftSeconds = 600
const cookie = { path: '/l/', httpOnly: true, sameSite: 'Lax' } as const

/** `GET /l/:token`: leads on, once the opening is durable. Customers see it: no console cookie, no script. */
export function openRoutes(services: Services, inbox: OpensInbox): Hono {
  const { clock, config, log, vault } = services
  const app = new Hono()
  const visitors = pageVisitors(services)
  const secure = config.publicUrl.startsWith('https:')

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
    const left = state === undefined ? undefined : leftWith(c, state)
    if (left !== undefined) {
      const home = code === undefined ? undefined : await whoIs(link, code)
      if (home !== undefined) await inbox.keep(nameOpen(link, left, home))
      const { value, maxAge } = remember(vault, link.corpId, home ?? 0, clock.now())
      setCookie(c, memoryCookie(link.corpId), value, { ...cookie, secure, maxAge })
      return c.redirect(target)
    }
    const open = newOpen(link, clock.now(), remembered ?? 0)
    await inbox.keep(open)
    return c.redirect(kind === 'ask' ? sendToAsk(c, link, token, open.id) : target)
  })

  /** Off to WeChat, with the opening's number in what it brings back. */
  function sendToAsk(c: Context, link: KnownLink, token: string, openId: string): string {
    const nonce = randomBytes(16).toString('base64url')
    setCookie(c, leftCookie, nonce, { ...cookie, secure, maxAge: leftSeconds })
    const back = linkAddress(customerSite(config, link.settings), token)
    const asker = { corpid: link.corpid, askedBy: askedByOf(link.settings) }
    return askingAddress(config, asker, back, stateOf(openId, nonce))
  }

  /** Letters and digits only, as the platform asks: the opening's number, and our word that this browser made it. */
  function stateOf(openId: string, nonce: string): string {
    const number = openId.replaceAll('-', '')
    return `${number}${vault.blindIndex(`open ${number} ${nonce}`).toString('hex')}`
  }

  /** The opening that a visitor left with; undefined: he did not leave from this browser. */
  function leftWith(c: Context, state: string): string | undefined {
    const nonce = getCookie(c, leftCookie)
    const [, ...parts] = /^(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})\w{32}$/.exec(state) ?? []
    if (nonce === undefined || parts.length === 0) return undefined
    deleteCookie(c, leftCookie, cookie)
    const openId = parts.join('-')
    const wanted = Buffer.from(stateOf(openId, nonce))
    const given = Buffer.from(state)
    return wanted.length === given.length && timingSafeEqual(wanted, given) ? openId : undefined
  }

  async function whoIs(link: KnownLink, code: string): Promise<number | undefined> {
    try {
      return await visitors.home(link.corpId, askedByOf(link.settings), code)
    } catch (error) {
      // whoever he is, he is led on
      log.warn({ err: error }, 'a link could not learn who opened it')
      return undefined
    }
  }
  return app
}
