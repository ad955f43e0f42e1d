import { Hono } from 'hono'
import type { SiteParts } from '../http/site.ts'
import { answerErrors } from './json.ts'
import { clockRoutes } from './routes.clock.ts'
import { controlRoutes } from './routes.control.ts'
import { corpRoutes } from './routes.corps.ts'
import { lookupRoutes } from './routes.lookups.ts'
import { oracleRoutes } from './routes.oracle.ts'
import { peopleRoutes } from './routes.people.ts'
import { reachRoutes } from './routes.reach.ts'
import { shopRoutes } from './routes.shop.ts'
import { streamRoutes } from './routes.stream.ts'
import { weixinRoutes } from './routes.weixin.ts'

/** `/sandbox/*`; the shapes stand in `schema.ts`. */
export function adminRoutes(parts: SiteParts): Hono {
  const routes = new Hono()
  routes.route('/', corpRoutes(parts))
  routes.route('/', peopleRoutes(parts.platform))
  routes.route('/', weixinRoutes(parts))
  routes.route('/', reachRoutes(parts.platform))
  routes.route('/', shopRoutes(parts.platform))
  routes.route('/', lookupRoutes(parts.platform))
  routes.route('/', clockRoutes(parts.platform))
  routes.route('/', controlRoutes(parts))
  routes.route('/', oracleRoutes(parts.platform))
  routes.route('/', streamRoutes(parts.platform))
  routes.all('*', (c) =>
    c.json({ error: { code: 'unknown_path', message: `the sandbox has no ${c.req.method} ${c.req.path}` } }, 404),
  )
  answerErrors(routes)
  return routes
}
