import type { LimitProfile } from '@nuanyu/wecom'
import type { CampaignSpec } from './campaign.schema.ts'

export interface ContentLimits {
  readonly textBytes: number
  /** null: the platform counts bytes alone. */
  readonly textChars: number | null
  readonly attachments: number
}

/** How much a content may hold, by what it goes out through. */
export function contentLimits(kind: CampaignSpec['kind'], { value }: Pick<LimitProfile, 'value'>): ContentLimits {
  if (kind === 'moment')
    return {
      ...{ textBytes: Number(value('moment.text_bytes')), textChars: Number(value('moment.text_chars')) },
      attachments: Number(value('moment.images')),
    }
  return {
    ...{ textBytes: Number(value('broadcast.text_bytes')), textChars: null },
    attachments: Number(value('broadcast.attachments')),
  }
}
