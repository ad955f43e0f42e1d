import type { z } from '@hono/zod-openapi'
import type { welcomeBandSchema, welcomeRow } from './welcome.schema.ts'
import type { WelcomeAttachment, WelcomeBand } from './welcome.ts'
import type { WelcomeListRow } from './welcome-edit.store.ts'

type BandView = z.output<typeof welcomeBandSchema>
type AttachmentView = BandView['content']['attachments'][number]

/** The API speaks of weekdays as a list and in snake case; inside, weekdays are bits. */
export function toBand(band: BandView): WelcomeBand {
  return {
    name: band.name,
    stage: band.stage,
    weekdays: band.weekdays.reduce((bits, day) => bits | (1 << day), 0),
    fromMinute: band.from_minute,
    untilMinute: band.until_minute,
    content: {
      text: band.content.text,
      ...(band.content.text_without_name === '' ? {} : { textWithoutName: band.content.text_without_name }),
      attachments: band.content.attachments.map(toAttachment),
    },
  }
}

export function presentBand(band: WelcomeBand): BandView {
  return {
    name: band.name,
    stage: band.stage,
    weekdays: [0, 1, 2, 3, 4, 5, 6].filter((day) => (band.weekdays & (1 << day)) !== 0),
    from_minute: band.fromMinute,
    until_minute: band.untilMinute,
    content: {
      text: band.content.text,
      text_without_name: band.content.textWithoutName ?? '',
      attachments: band.content.attachments.map(presentAttachment),
    },
  }
}

function toAttachment(view: AttachmentView): WelcomeAttachment {
  switch (view.kind) {
    case 'link':
      return {
        kind: 'link',
        title: view.title,
        url: view.url,
        desc: view.desc || undefined,
        picurl: view.picurl || undefined,
      }
    case 'miniprogram':
      return { kind: 'miniprogram', title: view.title, appid: view.appid, page: view.page, assetId: view.asset_id }
    default:
      return { kind: view.kind, assetId: view.asset_id }
  }
}

export function presentAttachment(attachment: WelcomeAttachment): AttachmentView {
  switch (attachment.kind) {
    case 'link':
      return {
        kind: 'link',
        title: attachment.title,
        url: attachment.url,
        desc: attachment.desc ?? '',
        picurl: attachment.picurl ?? '',
      }
    case 'miniprogram':
      return {
        kind: 'miniprogram',
        title: attachment.title,
        appid: attachment.appid,
        page: attachment.page,
        asset_id: attachment.assetId,
      }
    default:
      return { kind: attachment.kind, asset_id: attachment.assetId }
  }
}

export function presentWelcome(row: WelcomeListRow): z.output<typeof welcomeRow> {
  return {
    id: row.id,
    level: row.level,
    target: row.target,
    target_name: row.targetName,
    name: row.name,
    enabled: row.enabled,
    version: row.version,
    versions: row.versions,
    bands: (row.bands ?? []).map((band) => band.name),
    sent_7d: row.sent7d,
    changed_at: row.changedAt?.toISOString() ?? null,
    changed_by: row.changedBy,
  }
}
