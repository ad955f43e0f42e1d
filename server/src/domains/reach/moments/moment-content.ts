import type { catalogue, MediaId, RequestOf } from '@nuanyu/wecom'
import type { Attachment } from '../../content/index.ts'

type Asked = RequestOf<(typeof catalogue)['moments']['add']>
export type MomentAttachment = NonNullable<Asked['attachments']>[number]

export interface MomentAttachments {
  readonly attachments: readonly MomentAttachment[]
  /** What cannot be shown: its file is not there, or a Moment takes no such thing. */
  readonly missing: readonly string[]
}

/** Attachments as a Moment takes them (95094): pictures, a video, or a link with its cover. */
export function momentAttachments(
  given: readonly Attachment[],
  media: ReadonlyMap<string, MediaId>,
): MomentAttachments {
  const attachments: MomentAttachment[] = []
  const missing: string[] = []
  for (const one of given) {
    const media_id = one.asset_id === undefined ? undefined : media.get(one.asset_id)
    if (media_id === undefined) missing.push(one.asset_id ?? one.kind)
    else if (one.kind === 'image') attachments.push({ msgtype: 'image', image: { media_id } })
    else if (one.kind === 'video') attachments.push({ msgtype: 'video', video: { media_id } })
    else if (one.kind === 'link')
      attachments.push({ msgtype: 'link', link: { title: one.title, url: one.url, media_id } })
    else missing.push(one.kind)
  }
  return { attachments, missing }
}
