import { Hono } from 'hono'
import QRCode from 'qrcode'
import type { Platform } from '../platform.ts'
import { faceOf } from './face.ts'

/** QR codes, faces, and what apps have uploaded. */
export function pictureRoutes(platform: Platform): Hono {
  const { world } = platform
  const routes = new Hono()

  routes.get('/qr/:file{[A-Za-z0-9_-]+\\.(png|svg)}', async (c) => {
    const file = c.req.param('file')
    const id = file.slice(0, -4)
    const content =
      world.codes.contactWays.get(id)?.content ??
      world.codes.joinWays.get(id)?.content ??
      world.codes.links.get(id)?.url
    if (content === undefined) return c.notFound()
    if (file.endsWith('.svg')) {
      const svg = await QRCode.toString(content, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' })
      return c.body(svg, 200, { 'content-type': 'image/svg+xml' })
    }
    const png = await QRCode.toBuffer(content, { width: 430, margin: 2, errorCorrectionLevel: 'M' })
    return c.body(new Uint8Array(png), 200, { 'content-type': 'image/png' })
  })

  routes.get('/weixin/cgi-bin/showqrcode', async (c) => {
    const scene = platform.weixin.scenes.read(c.req.query('ticket') ?? '')
    if (scene === undefined) return c.notFound()
    const png = await QRCode.toBuffer(scene.url, { width: 430, margin: 2, errorCorrectionLevel: 'M' })
    return c.body(new Uint8Array(png), 200, { 'content-type': 'image/png' })
  })

  routes.get('/faces/:file{.+\\.svg}', (c) => {
    const id = c.req.param('file').slice(0, -4)
    const picture = faceOf(platform, id)
    if (picture === undefined) return c.notFound()
    return c.body(picture, 200, { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=3600' })
  })

  routes.get('/media/:id', (c) => {
    const medium = world.media.media.get(c.req.param('id'))
    if (medium === undefined) return c.notFound()
    return c.body(new Uint8Array(medium.body), 200, { 'content-type': medium.contentType })
  })
  routes.get('/wwpic/:id/0', (c) => {
    const picture = world.media.pictures.get(c.req.param('id'))
    if (picture === undefined) return c.notFound()
    return c.body(new Uint8Array(picture.body), 200, { 'content-type': picture.contentType })
  })
  return routes
}
