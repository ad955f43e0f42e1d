import type { Call, GroupHandlers } from '../http/call.ts'
import type { UploadedFile } from '../http/upload.ts'
import { seconds } from '../platform.ts'
import type { Medium } from '../world/media.ts'
import { lengthOfVideo, lengthOfVoice, sizeOfPicture } from './media.measure.ts'
import { Fail, fail } from './scope.ts'

/** Of videos and files only so much is kept: nobody watches them here. */
const KEPT_BYTES = 512 * 1024
const DAY_S = 86_400

export const media: GroupHandlers<'media'> = {
  upload(call, { type }) {
    const file = checked(call, type, sizeLimit(call, type))
    if (file instanceof Fail) return file
    const longest = call.platform.settings.limits.value('media.voice_max_s')
    if (type === 'voice' && lengthOfVoice(file.body) > longest)
      return fail(45007, `the voice lasts more than ${longest} s`)
    const medium = keep(call, file, type, 'message')
    return { type, media_id: medium.mediaId, created_at: String(seconds(call.platform)) }
  },

  uploadAttachment(call, { media_type, attachment_type }) {
    const { value } = call.platform.settings.limits
    const forMoments = attachment_type === 1
    // Moments show pictures and videos, the product album pictures only [95098]
    if (media_type === 'file' || (media_type === 'video' && !forMoments))
      return fail(41072, `a ${media_type} has no place in attachment_type ${attachment_type}`)
    if ((call.file?.body.length ?? 0) > value('media.attachment_max_bytes'))
      return fail(41080, 'the attachment is too large')
    const file = checked(call, media_type, value('media.attachment_max_bytes'))
    if (file instanceof Fail) return file
    const refusal = forMoments ? fitsMoments(call, file, media_type) : undefined
    if (refusal !== undefined) return refusal
    const medium = keep(call, file, media_type, attachment_type === 1 ? 'moments' : 'album')
    return { type: media_type, media_id: medium.mediaId, created_at: seconds(call.platform) }
  },

  uploadImage(call) {
    const { platform, frequency } = call
    const { value } = platform.settings.limits
    const file = checked(call, 'image', value('media.uploadimg_max_bytes'), true)
    if (file instanceof Fail) return file
    const { corpId } = platform.world
    const refusal =
      frequency.countOwn(`${corpId} uploadimg a day`, value('media.uploadimg_per_day'), DAY_S) ??
      frequency.countOwn(`${corpId} uploadimg a month`, value('media.uploadimg_per_month'), 30 * DAY_S)
    if (refusal !== undefined) return refusal
    const id = platform.world.newId('', 40)
    platform.world.media.pictures.set(id, { id, contentType: typeOf(file), body: file.body })
    return { url: `${platform.address.url}/wwpic/${id}/0` }
  },
}

/** Pictures of Moments are bounded in their sides, videos in their length [95098]. */
function fitsMoments({ platform }: Call, file: UploadedFile, type: 'image' | 'video'): Fail | undefined {
  const { value } = platform.settings.limits
  if (type === 'video') {
    const seconds = lengthOfVideo(file.body)
    if (seconds === undefined) return fail(41090, 'the video has no header')
    return seconds > value('moment.video_s') ? fail(41082, `the video lasts ${seconds} s`) : undefined
  }
  const { width, height } = sizeOfPicture(file.body) ?? { width: 0, height: 0 }
  const [short, long] = width < height ? [width, height] : [height, width]
  const fits = long <= value('media.attachment_long_side_px') && short <= value('media.attachment_short_side_px')
  return fits ? undefined : fail(41081, `the picture has ${width} × ${height} pixels`)
}

function sizeLimit({ platform }: Call, type: Medium['type']): number {
  return platform.settings.limits.value(`media.${type}_max_bytes`)
}

const TOO_BIG = { image: 40009, video: 40011, voice: 40006, file: 40006 } as const

/** The file, of the right kind and size; `media/uploadimg` takes any field name. */
function checked(call: Call, type: Medium['type'], maxBytes: number, anyField = false): UploadedFile | Fail {
  const { file } = call
  if (file === undefined || (!anyField && file.field !== 'media'))
    return fail(44001, 'empty media data: no form field named media')
  if (file.filename === '') return fail(44001, 'empty media data: the file has no name')
  const min = call.platform.settings.limits.value('media.min_bytes')
  if (file.body.length <= min) return fail(40006, `invalid media size: more than ${min} bytes are needed`)
  if (file.body.length > maxBytes) return fail(TOO_BIG[type], `invalid ${type} size: at most ${maxBytes} bytes`)
  if (type === 'image' && !isPicture(file.body)) return fail(40123, 'the image is neither JPG nor PNG')
  if (type === 'video' && file.body.toString('latin1', 4, 8) !== 'ftyp')
    return fail(40005, 'invalid file type: the video is not MP4')
  if (type === 'voice' && file.body.toString('latin1', 0, 5) !== '#!AMR')
    return fail(40005, 'invalid file type: the voice is not AMR')
  return file
}

function isPicture(body: Buffer): boolean {
  const head = body.toString('hex', 0, 4)
  return head === '89504e47' || head.startsWith('ffd8ff')
}

function typeOf(file: UploadedFile): string {
  return file.body.toString('hex', 0, 4) === '89504e47' ? 'image/png' : 'image/jpeg'
}

function keep({ platform }: Call, file: UploadedFile, type: Medium['type'], purpose: Medium['purpose']): Medium {
  const whole = type === 'image' || type === 'voice'
  const medium: Medium = {
    mediaId: platform.world.newId('3', 64),
    type,
    purpose,
    filename: file.filename,
    contentType: type === 'image' ? typeOf(file) : file.contentType || 'application/octet-stream',
    size: file.body.length,
    body: whole ? file.body : Buffer.from(file.body.subarray(0, KEPT_BYTES)),
    createdAtMs: platform.clock.now(),
  }
  platform.world.media.keep(medium)
  return medium
}
