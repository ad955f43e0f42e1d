import { Hono } from 'hono'
import { adminRoutes } from '../admin/routes.ts'
import type { Poster } from '../callbacks/post.ts'
import { oauthRoutes } from '../oauth/routes.ts'
import { pictureRoutes } from '../pictures/routes.ts'
import type { Platform } from '../platform.ts'
import type { Scenarios } from '../scenarios/scenarios.ts'
import { phoneRoutes } from './phone.ts'

export interface SiteParts {
  platform: Platform
  poster: Poster
  scenarios: Scenarios
  /** Folder of the built phone. */
  phone: string | undefined
  /** Counted up by every call that may have changed something. */
  changes: { count: number }
}

/** Everything that is not the platform's interface: admin, OAuth pages, pictures, the phone. */
export function createSite(parts: SiteParts): Hono {
  const site = new Hono()
  site.route('/sandbox', adminRoutes(parts))
  site.route('/', oauthRoutes(parts.platform))
  site.route('/', pictureRoutes(parts.platform))
  site.route('/', phoneRoutes(parts.phone))
  return site
}
