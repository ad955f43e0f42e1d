import type { z } from '@hono/zod-openapi'
import type { welcomeBandSchema, welcomeRow } from './welcome.schema.ts'
import type { WelcomeBand } from './welcome.ts'
import type { WelcomeListRow } from './welcome-edit.store.ts'

type BandView = z.output<typeof welcomeBandSchema>

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
      attachments: band.content.attachments,
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
      attachments: [...band.content.attachments],
    },
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
