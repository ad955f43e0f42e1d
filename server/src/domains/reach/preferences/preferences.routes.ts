import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { languageOf } from '../../../infra/http/server.ts'
import type { Services } from '../../../infra/services.ts'
import { laterPage } from '../../../infra/visitor-page.ts'
import { siteVisited } from '../../content/index.ts'
import { homesOf } from '../../customers/index.ts'
import { askedByOf, inWechat, silentLogin } from '../../weixin/index.ts'
import { type Wish, wishes } from '../governor/touch.ts'
import { noteWish } from '../governor/wishes.store.ts'
import { corpToken, type PersonalToken, personalToken, readToken } from './preference-token.ts'
import { preferencesPage, strangerPage } from './preferences.page.ts'
import { type Brand, brandOf, isCustomer, notePersonalisation, preferencesNow } from './preferences.store.ts'

const path = '/p/'
/** A page that WeChat's log-in led to is for the visit, not to be kept. */
const visitMs = 3_600_000
const form = z.object({ wish: z.enum(wishes), plain: z.literal('on').optional() })

/**
 * `/p/:token`: what a customer wants to receive. Known by his own sealed address, or by WeChat's silent log-in, which leads
 * to one; never by anything he types. Only who holds a sealed address can change anything by it, so no other site can.
 */
export function preferencesRoutes(services: Services): Hono {
  const { db, clock, config, log, vault } = services
  const app = new Hono()
  const login = silentLogin(services, path)

  app.onError((error, c) => {
    log.error({ err: error }, 'a page for customers failed')
    return c.html(laterPage(languageOf(c.req.header('accept-language'))), 503)
  })

  app.use('/p/*', async (c, next) => {
    c.header('cache-control', 'no-store')
    await next()
  })

  app.get('/p/:token', async (c) => {
    const language = languageOf(c.req.header('accept-language'))
    const token = readToken(c.req.param('token'), vault, clock.now())
    const brand = token && (await brandOf(db, token.corpId))
    if (token === undefined || brand === undefined) return c.html(strangerPage(language, '暖域', 'wrong'), 404)
    if (token.kind !== 'person') {
      const next = await whereTo(c, brand)
      return 'to' in next ? c.redirect(next.to) : c.html(strangerPage(language, brand.name, next.stranger))
    }
    if (!(await isCustomer(db, token.corpId, token.customerId)))
      return c.html(strangerPage(language, brand.name, 'unknown'), 404)
    const now = await preferencesNow(db, await homesOf(db, token.corpId, token.customerId))
    return c.html(preferencesPage(language, brand.name, now, c.req.query('saved') !== undefined))
  })

  app.post('/p/:token', bodyLimit({ maxSize: 4_096 }), async (c) => {
    const language = languageOf(c.req.header('accept-language'))
    const token = readToken(c.req.param('token'), vault, clock.now())
    const brand = token && (await brandOf(db, token.corpId))
    const given = form.safeParse(await c.req.parseBody())
    if (token?.kind !== 'person' || brand === undefined)
      return c.html(strangerPage(language, brand?.name ?? '暖域', 'wrong'), 404)
    if (!given.success) return c.html(strangerPage(language, brand.name, 'wrong'), 400)
    if (!(await save(token, given.data.wish, given.data.plain === undefined)))
      return c.html(strangerPage(language, brand.name, 'unknown'), 404)
    return c.redirect(`${path}${c.req.param('token')}?saved=1`, 303)
  })

  /** Off to WeChat to be known, or on to his own page; else what he is told. */
  async function whereTo(c: Context, brand: Brand): Promise<{ to: string } | { stranger: 'unknown' | 'elsewhere' }> {
    const { code, state } = c.req.query()
    const site = siteVisited(config, brand.settings, c.req.header('host'))
    const came = login.cameBack(c, state)
    if (came !== undefined) {
      const home = await login.who(brand.id, brand.settings, code)
      if (home === undefined) return { stranger: 'unknown' }
      const until = new Date(clock.now().getTime() + visitMs)
      return {
        to: `${site}${path}${personalToken({ corpId: brand.id, customerId: home, through: 'oauth', until }, vault)}`,
      }
    }
    // who comes back without having left from here is not sent in a ring
    if (!inWechat(c.req.header('user-agent')) || state !== undefined) return { stranger: 'elsewhere' }
    const asker = { corpid: brand.corpid, askedBy: askedByOf(brand.settings) }
    return { to: login.leave(c, asker, `${site}${path}${corpToken(brand.id, vault)}`, '') }
  }

  /** Notes what changed, the person's row standing still; false: there is nobody to note it of. */
  async function save(token: PersonalToken, wish: Wish, personalised: boolean): Promise<boolean> {
    const { corpId, customerId, through } = token
    const by = { account: null, through, at: clock.now() }
    return db.transaction().execute(async (tx) => {
      if (!(await isCustomer(tx, corpId, customerId))) return false
      const before = await preferencesNow(tx, await homesOf(tx, corpId, customerId))
      if (wish !== before.wish) await noteWish(tx, corpId, customerId, { wish, reason: '' }, by)
      if (personalised !== before.personalised)
        await notePersonalisation(tx, corpId, customerId, { personalised, reason: '' }, by)
      return true
    })
  }
  return app
}
