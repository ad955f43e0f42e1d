import { z } from '@hono/zod-openapi'
import { workView } from './work.schema.ts'

const time = z.iso.datetime({ offset: true })

/** Who was reached elsewhere, and when: everybody of whom another system told an event, or an audience at one moment. */
export const reachedElsewhere = z
  .union([
    z.strictObject({
      event: z.string().trim().min(1).max(100).openapi({ description: 'sms.sent …: told for each person he reached' }),
      property: z
        .strictObject({ name: z.string().trim().min(1).max(60), value: z.string().trim().min(1).max(120) })
        .nullable()
        .default(null)
        .openapi({ description: 'Only events that say this: of one batch' }),
      from: time,
      until: time,
    }),
    z.strictObject({
      audience: z.uuid().openapi({ description: 'Its members when the report is worked out: best one that stays' }),
      at: time.openapi({ description: 'When they were reached' }),
    }),
  ])
  .openapi('ReachedElsewhere')
export type ReachedElsewhere = z.output<typeof reachedElsewhere>

/** So many channels stand side by side with a run. */
export const comparisonsMost = 6

export const comparisonInput = z.object({
  name: z.string().trim().min(1).max(30).openapi({ description: 'What the channel is called: SMS, app …' }),
  who: reachedElsewhere,
  cost: z.int().min(0).nullable().default(null).openapi({ description: 'Fen, of all of them; null: not known' }),
})

export const comparisonView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    who: reachedElsewhere,
    cost: z.int().nullable(),
    created_at: z.iso.datetime(),
  })
  .openapi('RunComparison')
export const comparisonList = z.object({ items: z.array(comparisonView), work: workView.nullable() })
