import { z } from '@hono/zod-openapi'

const words = (most: number) => z.string().max(most)
const asset = { asset_id: z.uuid() }

/**
 * What goes out beside a text: one shape for welcomes and mass sends. It may be unfinished while it is a draft; what the
 * platform would refuse, checks say.
 */
export const attachmentSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('image'), ...asset }),
    z.strictObject({ kind: z.literal('video'), ...asset }),
    z.strictObject({ kind: z.literal('file'), ...asset }),
    z.strictObject({
      kind: z.literal('link'),
      title: words(200),
      url: words(2_100),
      desc: words(600).default(''),
      picurl: words(2_100).default(''),
      asset_id: z
        .uuid()
        .optional()
        .openapi({ description: 'Its cover where the platform wants one uploaded: in a Moment' }),
    }),
    z.strictObject({
      kind: z.literal('miniprogram'),
      title: words(200),
      appid: words(64),
      page: words(1_100),
      ...asset,
    }),
  ])
  .openapi('Attachment')
export type Attachment = z.output<typeof attachmentSchema>

export const mediaView = z
  .object({
    id: z.string(),
    kind: z.enum(['image', 'video', 'file']),
    file_name: z.string(),
    bytes: z.number(),
    created_at: z.string(),
    at_platform: z.boolean(),
    media_until: z.string().nullable(),
    upload_error: z.string().nullable(),
  })
  .openapi('MediaAsset')
