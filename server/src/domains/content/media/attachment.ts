import type { AttachmentInput, LimitName, LimitProfile, MediaId } from '@nuanyu/wecom'
import type { Attachment } from './attachment.schema.ts'

/** Where the platform holds an asset: a permanent address for a picture, else a media id that is still alive. */
export interface PlatformMedia {
  readonly picUrl: string | undefined
  readonly mediaId: MediaId | undefined
}

export interface PlatformAttachments {
  readonly attachments: readonly AttachmentInput[]
  /** Assets that are not at the platform now: their attachments are left out. */
  readonly missing: readonly string[]
}

/** Attachments as the platform takes them. */
export function platformAttachments(
  given: readonly Attachment[],
  media: (assetId: string) => PlatformMedia | undefined,
): PlatformAttachments {
  const attachments: AttachmentInput[] = []
  const missing: string[] = []
  for (const one of given) {
    const made = attachmentOf(one, media)
    if (typeof made === 'string') missing.push(made)
    else attachments.push(made)
  }
  return { attachments, missing }
}

/** The assets that attachments show. */
export function assetsOf(given: readonly Attachment[]): readonly string[] {
  return given.flatMap(({ asset_id }) => (asset_id === undefined ? [] : [asset_id]))
}

/** An attachment, or the id of the asset that is not at the platform. */
function attachmentOf(
  one: Attachment,
  media: (assetId: string) => PlatformMedia | undefined,
): AttachmentInput | string {
  if (one.kind === 'link') {
    const { title, url, desc, picurl } = one
    return { msgtype: 'link', link: { title, url, ...(desc ? { desc } : {}), ...(picurl ? { picurl } : {}) } }
  }
  const held = media(one.asset_id)
  if (one.kind === 'image' && held?.picUrl !== undefined) return { msgtype: 'image', image: { pic_url: held.picUrl } }
  if (held?.mediaId === undefined) return one.asset_id
  const media_id = held.mediaId
  switch (one.kind) {
    case 'image':
      return { msgtype: 'image', image: { media_id } }
    case 'video':
      return { msgtype: 'video', video: { media_id } }
    case 'file':
      return { msgtype: 'file', file: { media_id } }
    case 'miniprogram': {
      const { title, appid, page } = one
      return { msgtype: 'miniprogram', miniprogram: { title, appid, page, pic_media_id: media_id } }
    }
  }
}

export interface AttachmentFault {
  /** A path in the attachment. */
  readonly field: string
  readonly problem: 'empty' | 'too_long' | 'bad_url'
  readonly used?: number
  readonly limit?: number
}

/** What the platform would refuse an attachment for. */
export function attachmentFaults(one: Attachment, limits: Pick<LimitProfile, 'value'>): readonly AttachmentFault[] {
  const faults: AttachmentFault[] = []
  const measure = (field: string, text: string, limit: LimitName | number, required: boolean) => {
    const most = typeof limit === 'number' ? limit : Number(limits.value(limit))
    const used = Buffer.byteLength(text)
    if (required && text.trim() === '') faults.push({ field, problem: 'empty' })
    if (used > most) faults.push({ field, problem: 'too_long', used, limit: most })
  }
  const address = (field: string, url: string) => {
    if (url !== '' && !/^https?:\/\/\S+\.\S+/.test(url)) faults.push({ field, problem: 'bad_url' })
  }
  if (one.kind === 'link') {
    measure('title', one.title, 'attachment.title_bytes', true)
    measure('desc', one.desc, 'attachment.desc_bytes', false)
    measure('url', one.url, 'attachment.url_bytes', true)
    address('url', one.url)
    address('picurl', one.picurl)
  }
  if (one.kind === 'miniprogram') {
    measure('title', one.title, 'attachment.miniprogram_title_bytes', true)
    measure('appid', one.appid, 64, true)
    measure('page', one.page, 1_024, true)
  }
  return faults
}
