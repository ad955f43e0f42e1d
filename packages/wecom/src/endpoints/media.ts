import { z } from 'zod'
import { uploadEndpoint } from '../endpoint.ts'
import { QueryInt } from '../fields.ts'
import { MediaId } from '../ids.ts'

const Uploaded = z.object({
  type: z.string(),
  media_id: MediaId,
  /** Seconds; as text here, as a number in uploadAttachment. */
  created_at: z.coerce.number<string>().pipe(z.int()),
})

const errors = [40004, 40005, 40006, 40009, 40011, 40123, 44001, 45001, 45007]

/** Files. Each upload makes a new one, so a second does no harm but use quota. */
export const media = {
  /** Temporary file for messages and welcomes, shared by the corp's apps for `media.ttl_s`. */
  upload: uploadEndpoint({
    method: 'POST',
    path: '/cgi-bin/media/upload',
    doc: 90253,
    upload: 'media',
    request: z.object({
      type: z.enum(['image', 'voice', 'video', 'file'], '40004 type is not image, voice, video or file'),
    }),
    response: Uploaded,
    repeat: 'idempotent',
    errors,
    credential: ['app', 'contacts-sync', 'kf'],
    limits: [
      'media.ttl_s',
      'media.min_bytes',
      'media.image_max_bytes',
      'media.voice_max_bytes',
      'media.voice_max_s',
      'media.video_max_bytes',
      'media.file_max_bytes',
    ],
  }),
  /** Temporary file for Moments (1) or the product album (2). */
  uploadAttachment: uploadEndpoint({
    method: 'POST',
    path: '/cgi-bin/media/upload_attachment',
    doc: 95098,
    upload: 'media',
    request: z.object({
      media_type: z.enum(['image', 'video', 'file'], '40004 media_type is not image, video or file'),
      attachment_type: QueryInt.pipe(z.literal([1, 2], '41072 attachment_type is not 1 or 2')),
    }),
    response: Uploaded.extend({ created_at: z.int() }),
    repeat: 'idempotent',
    errors: [...errors, 41072, 41080, 41081, 41082, 41090],
    credential: ['app'],
    limits: [
      'media.ttl_s',
      'media.attachment_max_bytes',
      'media.attachment_long_side_px',
      'media.attachment_short_side_px',
      'moment.video_s',
    ],
  }),
  /** Permanent picture for welcomes; its address works only inside WeCom. Few a day: `media.uploadimg_per_day`. */
  uploadImage: uploadEndpoint({
    method: 'POST',
    path: '/cgi-bin/media/uploadimg',
    doc: 90256,
    upload: 'media',
    request: z.object({}),
    response: z.object({ url: z.string() }),
    repeat: 'never',
    errors: [40006, 40009, 44001, 45001],
    credential: ['app'],
    limits: ['media.min_bytes', 'media.uploadimg_max_bytes', 'media.uploadimg_per_day', 'media.uploadimg_per_month'],
  }),
}
