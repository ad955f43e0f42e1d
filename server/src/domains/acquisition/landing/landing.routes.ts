import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { clientAddress } from '../../../infra/auth/middleware.ts'
import { languageOf } from '../../../infra/http/server.ts'
import type { Services } from '../../../infra/services.ts'
import { businessDay } from '../../../infra/zone.ts'
import { homesOf } from '../../customers/index.ts'
import { askingAddress, inWechat, pageVisitors } from '../../weixin/index.ts'
import { countScan } from '../channels/channel-counts.store.ts'
import { namesOf } from '../channels/channel-names.store.ts'
import { addableOf } from '../codes/code.store.ts'
import { drawCode } from '../codes/code-picture.ts'
import { contentNow } from '../codes/code-show.ts'
import { closedPage, type LandingView, memberPage, preparingPage } from './landing.page.ts'
import { channelByCode, type LandingChannel, lastShown, ownerOfHomes, release, rememberOwner } from './landing.store.ts'
import { landingSettings, pageAddress } from './landing-address.ts'
import { assignVisitor } from './landing-assign.ts'
import { createBrake, isOauthState, isVisitor, newVisitor, oauthState, visitorCookie } from './landing-visitor.ts'

/** Beyond this many pictures the oldest are drawn anew. */
const picturesKept = 500
const readyWithinMs = 3_000
const tries = 3

/**
 * `GET /c/:code`: the page behind a printed code of a landing channel. It counts the scan, decides whom to show, and
 * shows that one member's own code. Customers see it: no console cookie, no script.
 */
export function landingRoutes(services: Services): Hono {
  const { db, clock, config, log, platform, vault } = services
  const app = new Hono()
  const visitors = pageVisitors(services)
  const pictures = new Map<string, Promise<string>>()
  const brake = createBrake({ most: 300, spanMs: 10 * 60_000 })

  app.get('/c/:code', async (c) => {
    c.header('cache-control', 'no-store')
    const channel = await channelByCode(db, c.req.param('code'))
    const view = viewOf(c, channel)
    if (channel === undefined || channel.status === 'deleted' || channel.kind !== 'landing') {
      return c.html(closedPage(view, 'gone', ''), 404)
    }
    const now = clock.now()
    const cookie = getCookie(c, visitorCookie)
    const isNew = !isVisitor(cookie)
    const visitor = isVisitor(cookie) ? cookie : newVisitor()
    if (isNew) {
      if (!brake(clientAddress(c, config.trustedProxies), performance.now()))
        return c.html(closedPage(view, 'busy', ''), 429)
      const secure = config.publicUrl.startsWith('https:')
      setCookie(c, visitorCookie, visitor, {
        path: '/c/',
        httpOnly: true,
        sameSite: 'Lax',
        secure,
        maxAge: 365 * 86_400,
      })
    }
    const day = businessDay(now, channel.zone)
    const asking = await askWho(c, channel, visitor)
    if (asking.kind === 'redirect') return c.redirect(asking.to)
    // the page looks again by itself while a code is being made: that is no scan
    if (c.req.query('again') === undefined) await countScan(db, channel.corpId, channel.id, day)
    if (asking.kind === 'owner') {
      await rememberOwner(db, {
        corpId: channel.corpId,
        channelId: channel.id,
        visitor,
        userid: asking.userid,
        day,
        at: now,
      })
    }
    return show(c, channel, view, visitor, asking.kind === 'owner')
  })

  async function show(c: Context, channel: LandingChannel, view: LandingView, visitor: string, owner: boolean) {
    for (let attempt = 0; attempt < tries; attempt++) {
      const assigned = await assignVisitor(db, channel, visitor, clock.now())
      if (assigned.kind === 'closed')
        return c.html(closedPage(view, assigned.closed === 'stopped' ? 'gone' : 'closed', channel.closedText))
      const picture = await pictureOf(channel.corpId, assigned.codeId)
      if (picture !== undefined) {
        const name = (await namesOf(db, channel.corpId, [assigned.userid])).get(assigned.userid) ?? assigned.userid
        return c.html(memberPage(view, { name, picture, owner: owner || assigned.again }))
      }
      const { bad } = await addableOf(db, channel.corpId, [assigned.userid])
      if (!bad.has(assigned.userid)) break
      // he turned out not to be addable: his place is given back and the next one is asked
      await release(db, channel.id, visitor, assigned.userid)
    }
    return c.html(preparingPage(view))
  }

  /** The picture as a data address; undefined: the platform has not made the code in time. */
  async function pictureOf(corpId: number, codeId: string): Promise<string | undefined> {
    const client = await platform.forCorp(corpId)
    if (client === undefined) return undefined
    const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), readyWithinMs).unref())
    const making = contentNow(services, client, corpId, codeId).catch((error: unknown) => {
      log.warn({ err: error, code: codeId }, 'a code for a landing page could not be made')
      return undefined
    })
    const content = await Promise.race([making, late])
    if (content === undefined) return undefined
    const kept = pictures.get(content)
    if (kept !== undefined) return kept
    const drawing = drawCode(content, { format: 'png', size: 480 }).then(
      (png) => `data:image/png;base64,${png.toString('base64')}`,
    )
    pictures.set(content, drawing)
    drawing.catch(() => pictures.delete(content))
    const [oldest] = pictures.keys()
    if (pictures.size > picturesKept && oldest !== undefined) pictures.delete(oldest)
    return drawing
  }

  type Asked = { kind: 'no' } | { kind: 'redirect'; to: string } | { kind: 'owner'; userid: string }

  /** Once a visitor and only inside WeChat: is he a customer of one of us already? */
  async function askWho(c: Context, channel: LandingChannel, visitor: string): Promise<Asked> {
    const { knowCustomers, askedBy } = landingSettings(channel.settings)
    if (!knowCustomers) return { kind: 'no' }
    const { code, state } = c.req.query()
    if (code !== undefined && isOauthState(state, visitor, vault)) {
      const owner = await whoIs(channel.corpId, askedBy, code)
      return owner === undefined ? { kind: 'no' } : { kind: 'owner', userid: owner }
    }
    if (!inWechat(c.req.header('user-agent')) || code !== undefined || state !== undefined) return { kind: 'no' }
    if ((await lastShown(db, channel.id, visitor, clock.now())) !== undefined) return { kind: 'no' }
    const back = pageAddress(config, channel.settings, c.req.param('code') ?? '')
    // the scan is counted on the way back
    const to = askingAddress(config, { corpid: channel.corpid, askedBy }, back, oauthState(visitor, vault))
    return { kind: 'redirect', to }
  }

  async function whoIs(corpId: number, askedBy: string | undefined, code: string): Promise<string | undefined> {
    try {
      const home = await visitors.home(corpId, askedBy, code)
      return home === undefined ? undefined : (await ownerOfHomes(db, corpId, await homesOf(db, corpId, home)))?.userid
    } catch (error) {
      // whoever he is, he gets a code: knowing him is a comfort, not a condition
      log.warn({ err: error }, 'a landing page could not learn who its visitor is')
      return undefined
    }
  }
  return app
}

function viewOf(c: Context, channel: LandingChannel | undefined): LandingView {
  return {
    language: languageOf(c.req.header('accept-language')),
    brand: channel?.corpName ?? '暖域',
    place: channel?.storeName ?? null,
  }
}
