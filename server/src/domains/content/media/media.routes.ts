import { z } from '@hono/zod-openapi'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { mediaView } from './attachment.schema.ts'
import { uploadAsset } from './media.jobs.ts'
import { assetBytes, findAsset, type MediaKind, saveAsset } from './media.store.ts'

const idParam = z.object({ id: z.uuid() })
const mimes: Readonly<Record<string, MediaKind>> = {
  'image/png': 'image',
  'image/jpeg': 'image',
  'video/mp4': 'video',
  'application/pdf': 'file',
}

/** The pictures, videos and files that go out with welcomes and mass sends. */
export function mediaRoutes({ db, clock, platform }: Pick<Services, 'db' | 'clock' | 'platform'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'welcome.write', audit: 'media.upload' },
      {
        method: 'post',
        path: '/api/media',
        tags: ['media'],
        request: {
          body: {
            required: true,
            content: {
              'multipart/form-data': {
                schema: z.object({ file: z.file().openapi({ type: 'string', format: 'binary' }) }),
              },
            },
          },
        },
        responses: { 201: jsonContent(mediaView, 'Kept, and put at the platform ahead of time'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      const { file } = c.req.valid('form')
      const limits = await platform.limits(corpId)
      const kind = mimes[file.type]
      if (kind === undefined) {
        throw new AppError('rule', {
          zh: '只能上传 PNG、JPG 图片、MP4 视频或 PDF 文件。',
          en: 'Only PNG, JPG, MP4 and PDF can be uploaded.',
        })
      }
      const most = Number(limits.value(`media.${kind}_max_bytes`))
      if (file.size > most) {
        throw new AppError(
          'too_large',
          {
            zh: `文件 ${megabytes(file.size)} MB，平台最多收 ${megabytes(most)} MB。`,
            en: `The file has ${megabytes(file.size)} MB; the platform takes ${megabytes(most)} MB.`,
          },
          {
            hint: { zh: '请压缩后再上传。', en: 'Make it smaller and upload it again.' },
          },
        )
      }
      const bytes = Buffer.from(await file.arrayBuffer())
      const id = await saveAsset(
        db,
        { corpId, kind, fileName: file.name.slice(0, 100), mime: file.type, bytes },
        clock.now(),
      )
      const client = await platform.forCorp(corpId)
      if (client !== undefined) await uploadAsset({ db, clock }, client, limits, corpId, id)
      noteAudit(c, { objectKind: 'media', objectId: id })
      return c.json(await view(corpId, id), 201)
    },
  )

  api.openapi(
    route(
      { gate: 'welcome.read' },
      {
        method: 'get',
        path: '/api/media/{id}',
        tags: ['media'],
        request: { params: idParam },
        responses: { 200: jsonContent(mediaView, 'Where it stands at the platform'), ...errorResponses },
      },
    ),
    async (c) => c.json(await view(c.get('actor').corpId, c.req.valid('param').id), 200),
  )

  api.openapi(
    route(
      { gate: 'welcome.read' },
      {
        method: 'get',
        path: '/api/media/{id}/content',
        tags: ['media'],
        request: { params: idParam },
        responses: {
          200: { description: 'The file', content: { 'application/octet-stream': { schema: z.string() } } },
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const asset = await assetBytes(db, c.get('actor').corpId, c.req.valid('param').id)
      if (asset === undefined) throw notFound({ zh: '素材', en: 'media asset' })
      return c.body(new Uint8Array(asset.bytes), 200, {
        'content-type': asset.mime,
        'cache-control': 'private, max-age=3600',
      })
    },
  )

  async function view(corpId: number, id: string): Promise<z.output<typeof mediaView>> {
    const asset = await findAsset(db, corpId, id)
    if (asset === undefined) throw notFound({ zh: '素材', en: 'media asset' })
    return {
      id: asset.id,
      kind: asset.kind,
      file_name: asset.fileName,
      bytes: asset.size,
      created_at: asset.createdAt.toISOString(),
      at_platform: asset.platformUrl !== null || (asset.mediaUntil !== null && asset.mediaUntil > clock.now()),
      media_until: asset.mediaUntil?.toISOString() ?? null,
      upload_error: asset.uploadError,
    }
  }

  return api
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1)
}
