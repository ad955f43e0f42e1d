import type { MessageBody } from '../admin/schema.people.ts'
import { type Fail, fail } from '../fail.ts'
import type { Platform } from '../platform.ts'
import type { Medium } from '../world/media.ts'

/** An attachment as apps give it: its kind and the fields below that name. */
export type AttachmentKind = 'image' | 'link' | 'miniprogram' | 'video' | 'file'

/** The medium behind a media_id within its three days, uploaded for what it is used for; 40007 otherwise. */
export function mediumOf(
  { world, clock, settings }: Platform,
  mediaId: string,
  types: readonly Medium['type'][],
  purpose: Medium['purpose'] = 'message',
): Medium | Fail {
  const medium = world.media.media.get(mediaId)
  const ttlMs = settings.limits.value('media.ttl_s') * 1000
  if (medium === undefined || medium.createdAtMs + ttlMs <= clock.now())
    return fail(40007, 'invalid media_id: unknown or expired')
  if (medium.purpose !== purpose) return fail(40007, 'invalid media_id: uploaded as an attachment of another kind')
  return types.includes(medium.type) ? medium : fail(40007, `invalid media_id: it is a ${medium.type}`)
}

/** Checks what only the world knows of an attachment: media that live, pictures of uploadimg, linked mini programs. */
export function checkAttachment(
  platform: Platform,
  kind: AttachmentKind,
  fields: Readonly<Record<string, unknown>>,
): Fail | undefined {
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : undefined)
  const must = (name: string, types: readonly Medium['type'][]) => {
    const found = mediumOf(platform, text(name) ?? '', types)
    return 'errcode' in found ? found : undefined
  }
  switch (kind) {
    case 'image':
      if (text('media_id')) return must('media_id', ['image'])
      return isOurs(platform, text('pic_url') ?? '')
        ? undefined
        : fail(40007, 'pic_url is not an address of media/uploadimg')
    case 'video':
      return must('media_id', ['video'])
    case 'file':
      return must('media_id', ['file'])
    case 'miniprogram':
      if (!platform.settings.value.corp.linkedMiniPrograms.includes(text('appid') ?? '')) {
        return fail(90206, 'the mini program is not linked to the corp')
      }
      return must('pic_media_id', ['image'])
    case 'link':
      return undefined
  }
}

/** Whether an address is one that uploadimg gave [90256]. */
function isOurs({ world }: Platform, url: string): boolean {
  const id = /\/wwpic\/([^/]+)\/0$/.exec(url)?.[1]
  return id !== undefined && world.media.pictures.has(id)
}

/** How an attachment looks in a chat. */
export function bodyOf(
  platform: Platform,
  kind: AttachmentKind,
  fields: Readonly<Record<string, unknown>>,
): MessageBody {
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '')
  const media = (name: string) => `/media/${encodeURIComponent(text(name))}`
  const medium = platform.world.media.media.get(text('media_id'))
  switch (kind) {
    case 'image':
      return { type: 'image', url: text('media_id') === '' ? text('pic_url') : media('media_id') }
    case 'video':
      return { type: 'video', url: media('media_id') }
    case 'file':
      return { type: 'file', name: medium?.filename ?? 'file', size: medium?.size ?? 0, url: media('media_id') }
    case 'link': {
      const picUrl = text('picurl')
      const desc = text('desc')
      return {
        type: 'link',
        title: text('title'),
        url: text('url'),
        ...(picUrl === '' ? {} : { picUrl }),
        ...(desc === '' ? {} : { desc }),
      }
    }
    case 'miniprogram':
      return {
        type: 'miniprogram',
        title: text('title'),
        appId: text('appid'),
        page: text('page'),
        picUrl: media('pic_media_id'),
      }
  }
}
