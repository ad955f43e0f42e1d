import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { scanCookie } from '../../../infra/auth/cookies.ts'
import type { Clock } from '../../../infra/clock.ts'
import { type Api, type ApiContext, createApi } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { writeAudit } from '../../compliance/index.ts'
import { wecomCallbackQuery, wecomStartQuery } from './accounts.schema.ts'
import { findByWecom } from './accounts.store.ts'
import { scanProblemPage } from './scan.page.ts'
import { scanApps } from './scan.store.ts'
import { newTrip, openTrip, scanLifeMs, scanPage, scanSite, sealTrip } from './scan.ts'
import { notRegistered, type ScanProblem, scanProblemOf, scanProblems } from './scan-problems.ts'
import { loginEntry, openSession } from './session-opening.ts'
import { ownPath } from './sign-in.ts'

const page = { description: 'A page that says why it did not work', content: { 'text/html': { schema: {} } } }
const onward = { description: 'Onward', headers: { location: { schema: { type: 'string' as const } } } }

/** Logging in by a scan with WeCom: out to the platform's page, and back with a code that it exchanges for a userid. */
export function scanRoutes(
  services: Pick<Services, 'config' | 'db' | 'vault' | 'platform' | 'log'>,
  machine: Clock,
  site: string = scanSite(services.config),
): Api {
  const { config, db, vault } = services
  const api = createApi()
  const cookie = scanCookie(config)
  const sorry = (c: ApiContext, problem: ScanProblem, status: 400 | 403 | 502) =>
    c.html(scanProblemPage(problem, c.get('language')), status)

  api.openapi(
    route(
      { gate: 'public' },
      {
        method: 'get',
        path: '/api/auth/wecom/start',
        request: { query: wecomStartQuery },
        responses: { 302: onward, 400: page },
      },
    ),
    async (c) => {
      const query = c.req.valid('query')
      const apps = await scanApps(db)
      const app = query.corp === undefined ? apps[0] : apps.find((one) => one.corpid === query.corp)
      if (app === undefined) return sorry(c, scanProblems.noCorp, 400)
      const trip = newTrip(app, ownPath(query.return_to), machine.now())
      setCookie(c, cookie.name, sealTrip(vault, trip), { ...cookie.options, maxAge: scanLifeMs / 1000 })
      return c.redirect(scanPage(site, config.publicUrl, app, trip.state, c.get('language')), 302)
    },
  )

  api.openapi(
    route(
      { gate: 'public' },
      {
        method: 'get',
        path: '/api/auth/wecom/callback',
        request: { query: wecomCallbackQuery },
        responses: { 302: onward, 400: page, 403: page, 502: page },
      },
    ),
    async (c) => {
      const { code, state } = c.req.valid('query')
      const now = machine.now()
      const trip = openTrip(vault, getCookie(c, cookie.name), state, now)
      deleteCookie(c, cookie.name, cookie.options)
      if (trip === undefined) return sorry(c, scanProblems.notOurs, 400)
      if (code === undefined || code === '') return sorry(c, scanProblems.cancelled, 400)
      const client = await services.platform.forApp(trip.corpId, trip.appKey)
      if (client === undefined) return sorry(c, scanProblems.noCorp, 400)
      let userid: string | undefined
      try {
        userid = (await client.oauth.getUserInfo({ code }, { priority: 'interactive' })).userid
      } catch (error) {
        const problem = scanProblemOf(error)
        if (problem === undefined) throw error
        services.log.warn({ err: error }, 'a log-in by scan was refused')
        return sorry(c, problem, 502)
      }
      if (userid === undefined) return sorry(c, scanProblems.notMember, 403)
      const account = await findByWecom(db, trip.corpId, userid)
      if (account === undefined) return sorry(c, notRegistered(userid), 403)
      if (account.disabledAt !== undefined) {
        await writeAudit(db, loginEntry(c, account, 'wecom', 'refused'))
        return sorry(c, scanProblems.disabled, 403)
      }
      await openSession(services, c, account, 'wecom', now)
      return c.redirect(trip.returnTo, 302)
    },
  )
  return api
}
