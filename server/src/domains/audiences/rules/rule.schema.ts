import { z } from '@hono/zod-openapi'

const ref = z.string().min(1).max(100)
const refs = z.array(ref).min(1).max(200)
const whole = z.number().int().min(-1_000_000_000_000).max(1_000_000_000_000)
const days = z.number().int().min(0).max(3_660)
const date = z.iso.date()

/** When a fact counts: the last days, thirty-day periods or between two dates; absent: ever. Days are the corp's business days. */
const window = z.union([
  z.strictObject({ days: z.number().int().min(1).max(3_660) }),
  // the present period and those before it: kept as sums, so cheap
  z.strictObject({ periods: z.number().int().min(1).max(12) }),
  z.strictObject({ from: date, to: date }),
])

/** Fields keep two decimals. */
const amount = z
  .number()
  .min(-1_000_000_000_000)
  .max(1_000_000_000_000)
  .refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-4, 'at most two decimals')

/** What a number must be; bounds belong to it. Without a bound it only has to be known. */
const span = { from: whole.optional(), to: whole.optional() }

const leaf = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('choice'), field: ref, any: refs }),
  z.strictObject({ is: z.literal('known'), field: ref }),
  z.strictObject({ is: z.literal('number'), field: ref, from: amount.optional(), to: amount.optional() }),
  z.strictObject({ is: z.literal('date'), field: ref, from: date.optional(), to: date.optional() }),
  // how many days ago; negative: days still to come
  z.strictObject({ is: z.literal('ago'), field: ref, ...span }),
  z.strictObject({ is: z.literal('tags'), mode: z.enum(['any', 'all', 'none']), tags: refs, source: ref.optional() }),
  z.strictObject({
    is: z.literal('relation'),
    by: z.enum(['staff', 'department', 'store', 'channel', 'anyone']),
    any: z.array(ref).max(200),
    state: z.enum(['alive', 'ended', 'ever']),
    sinceFrom: date.optional(),
    sinceTo: date.optional(),
    sinceDays: days.optional(),
  }),
  z.strictObject({ is: z.literal('stage'), any: refs }),
  z.strictObject({ is: z.literal('tier'), any: refs }),
  z.strictObject({ is: z.literal('group'), any: refs }),
  z.strictObject({ is: z.literal('account'), account: ref, state: z.enum(['followed', 'left', 'opened', 'member']) }),
  z.strictObject({
    is: z.literal('orders'),
    // count: orders; sum, average: fen; recency: days since the latest
    measure: z.enum(['count', 'sum', 'average', 'recency']),
    product: ref.optional(),
    category: ref.optional(),
    store: ref.optional(),
    channel: ref.optional(),
    window: window.optional(),
    ...span,
  }),
  z.strictObject({
    is: z.literal('events'),
    name: ref,
    measure: z.enum(['count', 'recency']),
    window: window.optional(),
    ...span,
  }),
  z.strictObject({ is: z.literal('audience'), id: ref }),
  // an audience whose members stay as they were
  z.strictObject({ is: z.literal('list'), id: ref }),
  // known by one of these kinds: member_no, phone, unionid, openid, what the brand declared …
  z.strictObject({ is: z.literal('identity'), any: refs }),
  // what he asked for himself: fewer messages, no marketing, nothing chosen by what is known of him
  z.strictObject({ is: z.literal('wish'), wish: z.enum(['less', 'none', 'impersonal']) }),
  // goods are in stock: anywhere, or in a store of somebody whose contact he is
  z.strictObject({ is: z.literal('stock'), product: ref, where: z.enum(['anywhere', 'own']) }),
])

/** Every kind of condition; the console has an editor for each. */
export const leafKinds = leaf.options.map((option) => option.shape.is.value)

export type Leaf = z.output<typeof leaf>
export type Window = z.output<typeof window>
export type Rule = Leaf | { all: Rule[] } | { any: Rule[] } | { not: Rule }

/** The shape of a rule; `ruleFaults` says what else must hold. */
export const ruleSchema: z.ZodType<Rule> = z
  .lazy(() =>
    z.union([
      leaf,
      z.strictObject({ all: z.array(ruleSchema).max(50) }),
      z.strictObject({ any: z.array(ruleSchema).max(50) }),
      z.strictObject({ not: ruleSchema }),
    ]),
  )
  .openapi('AudienceRule', {
    type: 'object',
    additionalProperties: true,
    properties: { is: { type: 'string', enum: leafKinds, description: 'Of a leaf: what it asks' } },
    description: 'A tree of all, any and not over leaves',
  })

export const previewInput = z.object({
  rule: ruleSchema,
  estimate: z.boolean().default(false).openapi({
    description: 'Answer at once from a sample where counting exactly takes long; the answer says whether it is exact',
  }),
  leaves: z.boolean().default(false).openapi({ description: 'Count every condition by itself too' }),
})

export const previewAnswer = z.object({
  count: z.number().int(),
  exact: z.boolean(),
  low: z
    .number()
    .int()
    .openapi({ description: 'Of an estimate: the true count lies between these in nineteen of twenty' }),
  high: z.number().int(),
  /** The whole number of persons that could be in it. */
  of: z.number().int(),
  took_ms: z.number(),
  class: z.enum(['simple', 'window', 'free']).openapi({ description: 'How much work the rule is' }),
  words: z.object({ zh: z.string(), en: z.string() }),
  sample: z.array(z.number().int()).openapi({ description: 'Customers who are in it' }),
  people: z.array(z.object({ customer_id: z.int(), name: z.string(), has_page: z.boolean() })),
  leaves: z
    .array(
      z.object({
        at: z.string().openapi({ description: 'Where in the rule, such as all.1.not' }),
        count: z.number().int(),
        exact: z.boolean(),
        words: z.object({ zh: z.string(), en: z.string() }),
      }),
    )
    .openapi({ description: 'Empty unless asked for' }),
})

/** A send has one rule and twelve exclusions; a page that compares two versions of it asks twice. */
export const wordsInput = z.object({ rules: z.array(ruleSchema).max(20) })

export const wordsAnswer = z.object({
  words: z
    .array(z.object({ zh: z.string(), en: z.string() }))
    .openapi({ description: 'Of each rule, in the order in which they were asked' }),
})
