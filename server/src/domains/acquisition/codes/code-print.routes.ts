import { z } from '@hono/zod-openapi'
import sharp from 'sharp'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { channelId, channelThing } from '../channels/channel.routes.ts'
import { contentOf, drawn } from './code-content.ts'
import { after, pictureEntries } from './code-pictures.ts'
import { findLogo, type PrintRow, printables, saveLogo } from './code-print.store.ts'
import { sheetHtml } from './code-sheet.ts'
import { zipOf } from './code-zip.ts'

const tags = ['channels']
/** More on one page would take minutes to draw and prove. */
const sheetMax = 200
const logoMaxBytes = 2 * 1024 * 1024
const logoMimes = ['image/png', 'image/jpeg', 'image/svg+xml', 'image/webp']

const qrQuery = z.object({
  format: z.enum(['png', 'svg']).default('png'),
  size: z.coerce.number().int().min(120).max(2000).default(430),
  logo: z.enum(['yes', 'no']).default('yes'),
  download: z.enum(['yes', 'no']).default('no'),
})

const picturesQuery = z.object({
  group: z.string().max(30),
  size: z.coerce.number().int().min(200).max(2000).default(860),
  format: z.enum(['png', 'svg']).default('png'),
})

const sheetQuery = z.object({
  ids: z.string().max(8000).optional().openapi({ description: 'comma-separated ids' }),
  group: z.string().max(30).optional(),
  size_mm: z.coerce.number().int().min(20).max(170).default(60),
  after: z.uuid().optional(),
})

/** Pictures of codes: one as PNG or SVG, many as a page to print, and the logo that stands in their middle. */
export function codePrintRoutes(services: Services): Api {
  const api = createApi()
  const { db, clock, config } = services

  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/{id}/qr',
        tags,
        request: { params: channelId, query: qrQuery },
        responses: {
          200: {
            description: 'The picture; it was read back before it was given out',
            content: { 'image/png': { schema: z.string() }, 'image/svg+xml': { schema: z.string() } },
          },
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { format, size, logo, download } = c.req.valid('query')
      const [channel] = await printables(db, actor, { ids: [c.req.valid('param').id], limit: 1 })
      if (channel === undefined) throw notFound(channelThing)
      const content = await contentOf(db, config, actor.corpId, channel)
      const picture = await drawn(content, { format, size, logo: logo === 'yes' ? channel.logo : undefined })
      c.header('content-type', format === 'png' ? 'image/png' : 'image/svg+xml')
      c.header('cache-control', 'private, max-age=60')
      if (download === 'yes') c.header('content-disposition', attachment(`${channel.name}.${format}`))
      return c.body(new Uint8Array(picture), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/sheet',
        tags,
        request: { query: sheetQuery },
        responses: {
          200: {
            description: `A page to print, at most ${sheetMax} codes; a link header with rel=next names the rest`,
            content: { 'text/html': { schema: z.string() } },
          },
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { ids, group, size_mm: sizeMm, after } = c.req.valid('query')
      const rows = await printables(db, actor, {
        ids: ids?.split(',').filter(isUuid),
        group,
        limit: sheetMax + 1,
        after,
      })
      const page = rows.slice(0, sheetMax)
      if (page.length === 0) throw nothingToPrint()
      const codes = []
      for (const row of page) {
        const content = await contentOf(db, config, actor.corpId, row)
        const svg = await drawn(content, { format: 'svg', size: 600, logo: row.logo })
        codes.push({ name: row.name, note: noteOf(row), svg: svg.toString() })
      }
      const last = page.at(-1)
      if (rows.length > sheetMax && last) {
        const next = new URL(c.req.url)
        next.searchParams.set('after', last.id)
        c.header('link', `<${next.pathname}${next.search}>; rel="next"`)
      }
      const language = c.get('language')
      return c.html(sheetHtml(codes, { title: group ?? page[0]?.name ?? '', sizeMm, language }), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/pictures',
        tags,
        request: { query: picturesQuery },
        responses: {
          200: {
            description: 'ZIP of all pictures of a group with a print list; it arrives as it is drawn',
            content: { 'application/zip': { schema: z.string() } },
          },
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { group, size, format } = c.req.valid('query')
      const entries = pictureEntries(services, actor, { group, size, format, language: c.get('language') })
      const first = await entries.next()
      if (first.done) throw nothingToPrint()
      c.header('content-type', 'application/zip')
      c.header('content-disposition', attachment(`${group}.zip`))
      return c.body(ReadableStream.from(zipOf(after(first.value, entries), clock.now())), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'channels.write', audit: 'channel_logo.upload' },
      {
        method: 'post',
        path: '/api/channels/logos',
        tags,
        request: {
          body: {
            content: {
              'multipart/form-data': {
                schema: z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }) }),
              },
            },
          },
        },
        responses: { 201: jsonContent(z.object({ id: z.uuid() }), 'Stored'), ...errorResponses },
      },
    ),
    async (c) => {
      const { file } = await c.req.parseBody()
      if (!(file instanceof File)) throw wrongLogo()
      const bytes = Buffer.from(await file.arrayBuffer())
      const picture = await readLogo(bytes, file.type)
      const id = await saveLogo(db, c.get('actor').corpId, picture, 'image/png', clock.now())
      noteAudit(c, { objectId: id })
      return c.json({ id }, 201)
    },
  )

  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/logos/{id}',
        tags,
        request: { params: channelId },
        responses: {
          200: { description: 'The logo', content: { 'image/png': { schema: z.string() } } },
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const logo = await findLogo(db, c.get('actor').corpId, c.req.valid('param').id)
      if (logo === undefined) throw notFound({ zh: 'Logo', en: 'logo' })
      c.header('content-type', logo.mime)
      c.header('cache-control', 'private, max-age=86400, immutable')
      return c.body(new Uint8Array(logo.picture), 200)
    },
  )
  return api
}

/** Redrawn as PNG of at most 512 px: nothing of the upload itself (scripts, metadata) is kept. */
async function readLogo(bytes: Buffer, mime: string): Promise<Buffer> {
  if (!logoMimes.includes(mime) || bytes.byteLength > logoMaxBytes) throw wrongLogo()
  try {
    return await sharp(bytes, { limitInputPixels: 20_000_000 })
      .resize({ width: 512, height: 512, fit: 'inside', withoutEnlargement: true })
      .png()
      .toBuffer()
  } catch (cause) {
    throw wrongLogo(cause)
  }
}

function wrongLogo(cause?: unknown): AppError {
  return new AppError(
    'invalid_request',
    { zh: 'Logo 读不出来。', en: 'The logo cannot be read.' },
    {
      hint: {
        zh: '请上传 2 MB 以内的 PNG、JPG、WebP 或 SVG 图片。',
        en: 'Upload a PNG, JPG, WebP or SVG of at most 2 MB.',
      },
      cause,
    },
  )
}

function nothingToPrint(): AppError {
  return new AppError(
    'not_found',
    { zh: '没有可打印的渠道码。', en: 'There are no codes to print.' },
    { hint: { zh: '先新建渠道，或换一个分组。', en: 'Create a channel first, or choose another group.' } },
  )
}

function noteOf(row: PrintRow): string {
  return [row.storeCode, row.storeName].filter((part) => part !== null && part !== row.name).join(' ')
}

function isUuid(text: string): boolean {
  return z.uuid().safeParse(text).success
}

/** A file name in any script (RFC 6266). */
export function attachment(name: string): string {
  return `attachment; filename="code"; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}`
}
