import { z } from '@hono/zod-openapi'
import { ruleSchema } from '../rules/rule.schema.ts'

const said = z.object({ zh: z.string(), en: z.string() })
const kind = z.enum(['static', 'refreshed', 'live'])
const time = z.iso.datetime()
const cause = z.enum(['start', 'schedule', 'rule', 'time', 'person', 'check', 'stock'])

export const audienceInput = z.object({
  name: z.string().trim().min(1).max(60),
  description: z.string().trim().max(300).default(''),
  kind,
  rule: ruleSchema,
  every_hours: z
    .union([z.literal(1), z.literal(2), z.literal(4), z.literal(6), z.literal(12), z.literal(24)])
    .default(24)
    .openapi({ description: 'Of a refreshed one: how often' }),
  at_minute: z.number().int().min(0).max(1_439).default(180).openapi({ description: 'Minute of the business day' }),
  drift_percent: z.number().int().min(1).max(1_000).nullable().default(null),
  note: z.string().trim().max(200).default(''),
})

export const audienceChange = audienceInput.extend({ version: z.int().positive() })

export const audienceItem = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    kind,
    version: z.int(),
    words: said,
    size: z.number().int().nullable(),
    of: z.number().int().nullable(),
    computed_at: time.nullable(),
    freshness: z.enum(['none', 'fresh', 'stale']),
    next_at: time.nullable(),
    drift: z.number().nullable().openapi({ description: 'Per cent between the last two computations' }),
    drift_most: z.int(),
    owner: z.string().nullable(),
    updated_at: time,
  })
  .openapi('Audience')

export const audienceDetail = audienceItem
  .extend({
    rule: ruleSchema,
    every_hours: z.int(),
    at_minute: z.int(),
    drift_percent: z.int().nullable(),
    versions: z.array(
      z.object({ version: z.int(), words: said, note: z.string(), created_at: time, by: z.string().nullable() }),
    ),
    used_by: z.array(z.object({ id: z.uuid(), name: z.string() })),
  })
  .openapi('AudienceDetail')

export const audienceRun = z
  .object({
    id: z.int(),
    version: z.int(),
    cause,
    at: time,
    size: z.int(),
    joined: z.int(),
    gone: z.int(),
    took_ms: z.int(),
    comparable: z.boolean(),
  })
  .openapi('AudienceRun')

export const audienceMember = z
  .object({
    customer_id: z.int(),
    name: z.string(),
    has_page: z.boolean(),
    status: z.string().nullable(),
    last_added_at: time.nullable(),
    staff: z.array(z.string()),
  })
  .openapi('AudienceMember')

export interface WhyShape {
  join: 'all' | 'any' | 'not' | 'leaf'
  holds: boolean
  words: { zh: string; en: string }
  parts: WhyShape[]
}

const whyPart: z.ZodType<WhyShape> = z
  .lazy(() =>
    z.object({
      join: z.enum(['all', 'any', 'not', 'leaf']),
      holds: z.boolean(),
      words: said,
      parts: z.array(whyPart),
    }),
  )
  .openapi('AudienceWhyPart', {
    type: 'object',
    required: ['join', 'holds', 'words', 'parts'],
    properties: {
      join: { type: 'string', enum: ['all', 'any', 'not', 'leaf'] },
      holds: { type: 'boolean' },
      words: {
        type: 'object',
        required: ['zh', 'en'],
        properties: { zh: { type: 'string' }, en: { type: 'string' } },
      },
      parts: { type: 'array', items: { $ref: '#/components/schemas/AudienceWhyPart' } },
    },
  })

export const whyAnswer = z
  .object({
    holds: z.boolean().openapi({ description: 'By the facts as they are now' }),
    member: z.boolean().openapi({ description: 'As the audience has it' }),
    tree: whyPart,
    turns_on: z.string().nullable().openapi({ description: 'The day on which time alone gives another answer' }),
  })
  .openapi('AudienceWhy')

export const customerAudiences = z.object({
  items: z.array(
    z.object({ id: z.uuid(), name: z.string(), kind, computed_at: time.nullable(), why: whyAnswer.nullable() }),
  ),
})

const people = z.array(z.object({ customer_id: z.int(), name: z.string(), has_page: z.boolean() }))

export const differenceAnswer = z.object({
  from: audienceRun,
  to: audienceRun,
  joined: z.int(),
  gone: z.int(),
  joined_sample: people,
  gone_sample: people,
})

export const overlapInput = z.object({ ids: z.array(z.uuid()).min(2).max(6) })
export const overlapAnswer = z.object({
  sizes: z.array(z.object({ id: z.uuid(), size: z.int() })),
  pairs: z.array(z.object({ a: z.uuid(), b: z.uuid(), both: z.int() })),
})

export const settingsShape = z.object({
  export_most: z.int().min(0).max(10_000_000),
  drift_percent: z.int().min(1).max(1_000),
})
