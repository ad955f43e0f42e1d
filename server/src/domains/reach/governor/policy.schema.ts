import { z } from '@hono/zod-openapi'
import { channels, reasons, wishes } from './touch.ts'

const channel = z.enum(channels)
const minute = z.int().min(0).max(1_439)
const count = z.int().min(0).max(60)

export const policyShape = z
  .strictObject({
    whom: z
      .union([
        z.strictObject({ is: z.literal('tier'), any: z.array(z.string().min(1).max(100)).min(1).max(12) }),
        z.strictObject({ is: z.literal('audience'), id: z.uuid() }),
      ])
      .nullable()
      .openapi({ description: 'Value tiers or an audience; null: everybody of the brand' }),
    marketing: z
      .enum(['limited', 'never'])
      .openapi({ description: 'never: who falls under it gets no marketing at all' }),
    caps: z
      .array(
        z.strictObject({
          channel: channel.nullable().openapi({ description: 'null: all channels together' }),
          per: z.enum(['day', 'week', 'month']).openapi({
            description:
              'day: the calendar day in the corp’s zone; week: the last 7 × 24 hours; month: the last 30 × 24 hours',
          }),
          most: count,
          kept: count.openapi({ description: 'So many of them are kept back for what is important' }),
        }),
      )
      .max(24),
    kept_from: z.int().min(1).max(9).openapi({ description: 'The priority from which on kept touches may be used' }),
    gap_minutes: z.int().min(0).max(20_160).openapi({ description: 'The least time between two marketing touches' }),
    quiet: z
      .strictObject({ from: minute, until: minute })
      .nullable()
      .openapi({ description: 'Minutes of the corp’s day; from later than until: over midnight' }),
    less_per_week: z
      .int()
      .min(0)
      .max(20)
      .openapi({ description: 'What somebody gets in 7 × 24 hours who wished less' }),
    fatigue: z
      .strictObject({ high: z.int().min(1).max(100_000), most: z.int().min(1).max(100_000) })
      .nullable()
      .openapi({
        description: 'The index M43 in hundredths: from which on somebody is shown as tired, and gets nothing',
      }),
  })
  .openapi('TouchPolicyRules')
export type Policy = z.output<typeof policyShape>

const name = z.string().trim().min(1).max(30)
const note = z.string().trim().max(200).default('')
const place = z
  .int()
  .min(1)
  .max(99)
  .openapi({ description: 'Of several policies that speak of somebody the least counts' })

export const policyInput = z.object({ name, place, rules: policyShape, note })
export const versionInput = z.object({
  after: z.int().openapi({ description: 'The version that was edited' }),
  ...{ place, rules: policyShape, note },
})
export const returnInput = z.object({ version: z.int() })

export const policyView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    version: z.int(),
    place: z.int(),
    rules: policyShape,
    audience: z.string().nullable().openapi({ description: 'What the audience of the policy is called' }),
    since: z.string(),
  })
  .openapi('TouchPolicy')

export const policyVersion = z
  .object({
    version: z.int(),
    place: z.int(),
    rules: policyShape,
    note: z.string(),
    by: z.string().nullable(),
    created_at: z.string(),
  })
  .openapi('TouchPolicyVersion')

const said = z.object({ zh: z.string(), en: z.string() })
const verdict = z.enum(['send', 'hold', 'drop'])
const wish = z.enum(wishes)

/** What is asked: through which channel, how important, and how many hours it may wait. */
const asked = {
  channel: channel.default('customer_send'),
  priority: z.coerce.number().int().min(1).max(9).default(5),
  wait_hours: z.coerce.number().int().min(0).max(720).default(0),
}
export const previewInput = z.object(asked)
/** What the operation keeps as its result. */
export const previewOutcome = z.object({
  at: z.string(),
  groups: z.array(
    z.object({
      policy: z.string().nullable(),
      verdict: z.enum(['send', 'hold', 'drop']),
      reason: z.enum(reasons).optional(),
      persons: z.int(),
    }),
  ),
})
export const decisionQuery = z.object({ ...asked, at: z.iso.datetime({ offset: true }).optional() })

export const previewAnswer = z
  .object({
    at: z.string(),
    persons: z.int(),
    groups: z.array(
      z.object({
        policy: z.string().nullable(),
        verdict,
        reason: z.enum(reasons).nullable(),
        words: said,
        persons: z.int(),
      }),
    ),
  })
  .openapi('TouchPreview')

export const touchView = z
  .object({
    at: z.string(),
    channel,
    kind: z.enum(['marketing', 'service']),
    campaign_id: z.string().nullable(),
    campaign: z.string().nullable().openapi({ description: 'What the campaign is called; null: it was of none' }),
    sender: z.string().nullable(),
    sender_name: z.string().nullable(),
    weight: z.int().openapi({ description: 'Hundredths of the fatigue index' }),
    own: z.boolean().openapi({ description: 'A member sent it by himself, not for a campaign' }),
    certain: z.boolean().openapi({ description: 'false: the platform’s answer was lost, it may not have arrived' }),
  })
  .openapi('Touch')

export const decisionView = z
  .object({
    at: z.string(),
    policy: z.object({ id: z.uuid(), name: z.string(), version: z.int() }).nullable(),
    wish,
    wished_at: z.string().nullable(),
    verdict,
    until: z.string().nullable().openapi({ description: 'When nothing would stand in the way; null: now, or never' }),
    fatigue: z.int().openapi({ description: 'M43 in hundredths' }),
    fatigue_state: z.enum(['rested', 'tired', 'exhausted']),
    counted: z.object({ day: z.int(), week: z.int(), month: z.int(), reserved: z.int(), own: z.int() }).openapi({
      description:
        'Marketing touches; reserved: taken by open tasks, they count as felt now; own: of the 30 days those that members made by themselves',
    }),
    reasons: z.array(z.object({ reason: z.enum(reasons), until: z.string().nullable(), words: said })),
  })
  .openapi('TouchDecision')

export const wishInput = z.object({ wish, reason: z.string().trim().min(2).max(200) })
