import { z } from '@hono/zod-openapi'
import { earners } from './settings.ts'

export const settingsInput = z.object({
  brand: z.string().trim().min(1).max(60).nullable().openapi({ description: 'null: the corp’s own name' }),
  one_approval_most: z
    .int()
    .min(0)
    .max(10_000_000)
    .openapi({ description: 'Up to so many recipients one person agrees, beyond that two' }),
  two_for_tiers: z.array(z.string().min(1).max(100)).max(12).openapi({
    description: 'A send that reaches one of these value tiers needs two, however small',
  }),
  global_holdout_permille: z
    .int()
    .min(0)
    .max(200)
    .openapi({ description: 'How many of a thousand get no marketing at all for a quarter' }),
  moments_a_month: z.int().min(1).max(31).optional().openapi({
    description:
      'How many Moments a customer may see in a month; left out: as it was. Not verified: no page of the platform says how many it shows',
  }),
  earner_order: z
    .array(z.enum(earners))
    .min(1)
    .refine((order) => new Set(order).size === order.length, { message: 'each once' })
    .optional()
    .openapi({
      description:
        'Who earns an order that is credited to a send, the first that is known (M35): the member on the order, the customer’s exclusive owner or else the only member who had him, the store. Left out: as it was. Holds for runs that are made from now on',
    }),
})
export const settingsView = settingsInput
  .extend({
    moments_a_month: z.int(),
    earner_order: z.array(z.enum(earners)),
    brand: z.string().openapi({ description: 'As customers read it' }),
  })
  .openapi('ReachSettings')

export const wordsShape = z.object({
  items: z
    .array(
      z.object({
        word: z.string().trim().min(1).max(60),
        advice: z.string().trim().max(200).default('').openapi({ description: 'What to write instead, or why not' }),
      }),
    )
    .max(5_000),
})
export const wordsInput = wordsShape.extend({
  before: wordsShape.shape.items.optional().openapi({
    description: 'The words that were edited: others by now, and nothing is changed. Left out: whatever they are',
  }),
})
export const wordsView = wordsShape.extend({
  shipped: z
    .array(z.string())
    .openapi({ description: 'Absolute words that the Advertising Law forbids, always checked' }),
})
