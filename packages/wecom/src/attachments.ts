import { z } from 'zod'
import { bytes } from './fields.ts'
import { MediaId } from './ids.ts'

/** Text part of a welcome. */
export const WelcomeText = z.object({ content: bytes('welcome.text_bytes', { code: 40058 }).optional() })

export const ImageAttachment = z.object({
  msgtype: z.literal('image'),
  image: z
    .object({ media_id: MediaId.optional(), pic_url: z.url().optional() })
    .refine(
      (image) => image.media_id !== undefined || image.pic_url !== undefined,
      '40007 media_id or pic_url is needed',
    ),
})

export const LinkAttachment = z.object({
  msgtype: z.literal('link'),
  link: z.object({
    title: bytes('attachment.title_bytes', { min: 1, code: 40058 }),
    picurl: bytes('attachment.url_bytes', { code: 40058 }).optional(),
    desc: bytes('attachment.desc_bytes', { code: 40058 }).optional(),
    url: bytes('attachment.url_bytes', { min: 1, code: 40058 }),
  }),
})

export const MiniprogramAttachment = z.object({
  msgtype: z.literal('miniprogram'),
  miniprogram: z.object({
    title: bytes('attachment.miniprogram_title_bytes', { min: 1, code: 40058 }),
    pic_media_id: MediaId,
    appid: z.string().min(1),
    page: z.string().min(1),
  }),
})

export const VideoAttachment = z.object({ msgtype: z.literal('video'), video: z.object({ media_id: MediaId }) })

export const FileAttachment = z.object({ msgtype: z.literal('file'), file: z.object({ media_id: MediaId }) })

/** What a welcome or a mass send may carry; each goes out as a message of its own (D92137). */
export const Attachment = z.discriminatedUnion(
  'msgtype',
  [ImageAttachment, LinkAttachment, MiniprogramAttachment, VideoAttachment, FileAttachment],
  '41065 attachment type is not image, link, miniprogram, video or file',
)
export type Attachment = z.output<typeof Attachment>
export type AttachmentInput = z.input<typeof Attachment>
