import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { compress } from 'hono/compress'
import type { Api } from './api.ts'

const webDist = fileURLToPath(new URL('../../../../web/dist', import.meta.url))

/** Serves a built page at `/`: its files, and its index for every other address a browser asks for. */
export function servePages(app: Api, name: 'console'): void {
  const root = join(webDist, name)
  app.use('/assets/*', compress())
  app.use(
    '/assets/*',
    serveStatic({
      root,
      // the names carry a hash of the content
      onFound: (_path, c) => c.header('cache-control', 'public, max-age=31536000, immutable'),
    }),
  )
  app.use('/*', serveStatic({ root, onFound: (_path, c) => c.header('cache-control', 'no-cache') }))
  app.get('/*', async (c, next) => {
    if (/^\/(api|v1|callbacks|healthz|metrics)(\/|$)/.test(c.req.path)) return next()
    const index = join(root, 'index.html')
    if (!existsSync(index)) return c.text('页面尚未构建 The pages are not built: npm run build', 503)
    return c.html(await readFile(index, 'utf8'), 200, { 'cache-control': 'no-cache' })
  })
}
