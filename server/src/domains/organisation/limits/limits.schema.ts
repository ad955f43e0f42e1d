import { z } from '@hono/zod-openapi'

const limitValue = z.union([z.number(), z.string(), z.boolean()])

export const limitView = z
  .object({
    name: z.string(),
    /** The platform's own number. */
    value: limitValue,
    /** This corp's number where it differs. */
    override: limitValue.nullable(),
    unit: z.string(),
    source: z.string(),
    /** The official page, where the number has one. */
    url: z.string().nullable(),
    date: z.string(),
    grade: z.enum(['A', 'B', 'C']),
    /** What the number is, in the reader's language. */
    note: z.string(),
  })
  .openapi('Limit')

export const limitsView = z.object({ items: z.array(limitView) }).openapi('Limits')

/** By name; null: back to the platform's own number. */
export const limitsChange = z
  .object({ overrides: z.record(z.string(), limitValue.nullable()) })
  .strict()
  .openapi('LimitsChange')

export const limitUse = z
  .object({
    path: z.string(),
    used_minute: z.number(),
    limit_minute: z.number(),
    used_hour: z.number(),
    limit_hour: z.number(),
    per_minute_now: z.number(),
    /** When the hour's budget ends at the present rate (the machine's time). */
    exhausted_at: z.iso.datetime().nullable(),
    /** Until when the platform blocks the API (45009). */
    blocked_until: z.iso.datetime().nullable(),
  })
  .openapi('LimitUse')

export const limitUses = z.object({ items: z.array(limitUse) }).openapi('LimitUses')
