import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'

/** Beside the published package, else where the repository builds it. */
const BUILT = ['../../../phone', '../../../../web/dist/phone']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((folder) => existsSync(join(folder, 'index.html')))
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
}
const NOT_BUILT =
  '<!doctype html><meta charset="utf-8"><title>nuanyu-sandbox</title><p>沙箱已就绪，手机页面尚未构建（npm run build）。 ' +
  'The sandbox runs; the phone is not built. <a href="/sandbox/corps">/sandbox/corps</a>'

/** The built phone; a path that is no file is a page of the app. */
export function phoneRoutes(folder: string | undefined = BUILT): Hono {
  const routes = new Hono()
  routes.get('*', async (c) => {
    const path = plainPath(c.req.path)
    if (path === undefined) return c.notFound()
    if (folder === undefined) return c.html(NOT_BUILT)
    const file = extname(path) === '' ? undefined : await readFile(join(folder, path)).catch(missing)
    if (file === undefined && extname(path) !== '') return c.notFound()
    const page = file ?? (await readFile(join(folder, 'index.html')).catch(missing))
    if (page === undefined) return c.html(NOT_BUILT)
    const type = TYPES[file === undefined ? '.html' : extname(path)] ?? 'application/octet-stream'
    const lasting = path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
    return c.body(new Uint8Array(page), 200, { 'content-type': type, 'cache-control': lasting })
  })
  return routes
}

/** Below the folder whatever it says; undefined for what is no path. */
function plainPath(path: string): string | undefined {
  try {
    const decoded = decodeURIComponent(path)
    return decoded.includes('\0') ? undefined : normalize(decoded).replace(/^([./\\])+/, '')
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'EISDIR' || error.code === 'ENOTDIR') return undefined
  throw error
}
