import { Hono } from 'hono'
import { saveCallback } from '../callbacks/verify.ts'
import type { SiteParts } from '../http/site.ts'
import type { CorpApp } from '../world/apps.ts'
import { bodyOf } from './json.ts'
import { refuse } from './refusal.ts'
import { type App, CallbackConfig, type CallbackConfigured, type CorpsResponse } from './schema.ts'

export function corpRoutes({ platform, poster }: SiteParts): Hono {
  const { world, apps } = platform
  const routes = new Hono()
  routes.get('/corps', (c) => {
    const corp = { corpId: world.corpId, name: world.name, apps: [...apps.values()].map(shown) }
    return c.json({ corps: [corp] } satisfies CorpsResponse)
  })
  routes.put('/corps/:corpId/apps/:appKey/callback', async (c) => {
    const app = c.req.param('corpId') === world.corpId ? apps.get(c.req.param('appKey')) : undefined
    if (app === undefined) throw refuse(404, 'app_unknown', 'there is no such app in this corp', '没有这个应用')
    const config = await bodyOf(c, CallbackConfig)
    const verifiedInMs = await saveCallback(platform, poster, app, config)
    return c.json({ app: shown(app), verifiedInMs } satisfies CallbackConfigured)
  })
  routes.delete('/corps/:corpId/apps/:appKey/callback', (c) => {
    const app = apps.get(c.req.param('appKey'))
    if (app === undefined) throw refuse(404, 'app_unknown', 'there is no such app in this corp', '没有这个应用')
    app.callback = undefined
    return c.json({ ok: true })
  })
  return routes
}

function shown({ callback, ...app }: CorpApp): App {
  return callback === undefined ? app : { ...app, callback }
}
