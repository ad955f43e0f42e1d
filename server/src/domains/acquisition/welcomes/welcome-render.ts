import type { AttachmentInput, MediaId } from '@nuanyu/wecom'
import type { WelcomeAttachment, WelcomeContent } from './welcome.ts'

export interface WelcomeNames {
  /** undefined: it did not come in time, or is not asked for. */
  readonly customer: string | undefined
  readonly staff: string
  readonly store: string | undefined
}

/** Where the platform holds an asset: a permanent address for a picture, else a media id that is still alive. */
export interface PlatformMedia {
  readonly picUrl: string | undefined
  readonly mediaId: MediaId | undefined
}

export interface RenderedWelcome {
  readonly text: { content: string } | undefined
  readonly attachments: readonly AttachmentInput[]
  /** Assets that are not at the platform now: their attachments were left out. */
  readonly missingAssets: readonly string[]
}

export const namePlaceholder = '{客户昵称}'
const staffPlaceholder = '{员工姓名}'
const storePlaceholder = '{门店}'

export function usesName(content: WelcomeContent): boolean {
  return content.text.includes(namePlaceholder)
}

/** The message as the platform takes it. */
export function renderWelcome(
  content: WelcomeContent,
  names: WelcomeNames,
  media: (assetId: string) => PlatformMedia | undefined,
): RenderedWelcome {
  const wording =
    usesName(content) && names.customer === undefined
      ? (content.textWithoutName ?? withoutPlaceholder(content.text))
      : content.text
  const text = wording
    .replaceAll(namePlaceholder, () => names.customer ?? '')
    .replaceAll(staffPlaceholder, () => names.staff)
    .replaceAll(storePlaceholder, () => names.store ?? '')
  const attachments: AttachmentInput[] = []
  const missingAssets: string[] = []
  for (const attachment of content.attachments) {
    const rendered = renderAttachment(attachment, media)
    if (typeof rendered === 'string') missingAssets.push(rendered)
    else attachments.push(rendered)
  }
  return { text: text === '' ? undefined : { content: text }, attachments, missingAssets }
}

/** An attachment, or the id of the asset that is not at the platform. */
function renderAttachment(
  attachment: WelcomeAttachment,
  media: (assetId: string) => PlatformMedia | undefined,
): AttachmentInput | string {
  if (attachment.kind === 'link') {
    const { title, url, desc, picurl } = attachment
    return { msgtype: 'link', link: { title, url, ...(desc ? { desc } : {}), ...(picurl ? { picurl } : {}) } }
  }
  const held = media(attachment.assetId)
  if (attachment.kind === 'image' && held?.picUrl !== undefined)
    return { msgtype: 'image', image: { pic_url: held.picUrl } }
  if (held?.mediaId === undefined) return attachment.assetId
  const media_id = held.mediaId
  switch (attachment.kind) {
    case 'image':
      return { msgtype: 'image', image: { media_id } }
    case 'video':
      return { msgtype: 'video', video: { media_id } }
    case 'file':
      return { msgtype: 'file', file: { media_id } }
    case 'miniprogram': {
      const { title, appid, page } = attachment
      return { msgtype: 'miniprogram', miniprogram: { title, appid, page, pic_media_id: media_id } }
    }
  }
}

/** Without a wording of its own the greeting drops the name and the punctuation that led to it. */
function withoutPlaceholder(text: string): string {
  return text.replaceAll(/[，,、\s]?\{客户昵称\}/gu, '').replace(/^[，,、!！\s]+/u, '')
}
