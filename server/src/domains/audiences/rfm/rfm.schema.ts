import { z } from '@hono/zod-openapi'
import { pageQuery } from '../../../infra/http/api.ts'

const span = (least: number, greatest: number) =>
  z
    .strictObject({
      from: z.int().min(least).max(greatest).optional(),
      to: z.int().min(least).max(greatest).optional(),
    })
    .optional()

export const tier = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9_-]{1,40}$/),
    name: z.string().trim().min(1).max(20),
    when: z.strictObject({
      r: span(1, 5),
      f: span(1, 5),
      m: span(1, 5),
      net: span(-1_000_000_000_000, 1_000_000_000_000),
    }),
  })
  .openapi('ValueTier', { description: 'The first tier whose conditions all hold is the buyer’s; net is in fen' })
export type Tier = z.output<typeof tier>

export const tiersInput = z.object({ tiers: z.array(tier).min(1).max(12) })

const edges = z.array(z.number()).length(4)
export const rfmBounds = z.object({ r: edges, f: edges, m: edges })

const said = z.object({ zh: z.string(), en: z.string() })
const score = z.coerce.number().int().min(1).max(5)

export const rfmMap = z
  .object({
    snapshot: z
      .object({
        at: z.string(),
        buyers: z.int(),
        bounds: rfmBounds.openapi({
          description: 'Of each measure where one fifth of the buyers ends: R in days, F in orders, M in fen',
        }),
      })
      .nullable()
      .openapi({ description: 'As of when; null: never computed' }),
    cells: z.array(
      z.object({
        r: z.int(),
        f: z.int(),
        m: z.int(),
        buyers: z.int(),
        net: z.number().openapi({ description: 'Fen within 365 days' }),
      }),
    ),
    tiers: z.array(tier.extend({ buyers: z.int(), net: z.number(), words: said })),
  })
  .openapi('RfmMap')

export const rfmQuery = pageQuery.extend({
  r: score.optional(),
  f: score.optional(),
  m: score.optional(),
  tier: z.string().max(40).optional(),
})

export const rfmCustomer = z
  .object({
    customer_id: z.number(),
    name: z.string().openapi({ description: 'Masked for those who may not see personal data' }),
    has_page: z.boolean().openapi({ description: 'A buyer whom no member of staff has added has no customer page' }),
    last_day: z.string(),
    recency_days: z.int(),
    orders: z.int(),
    net: z.number(),
    r: z.int(),
    f: z.int(),
    m: z.int(),
    tier: z.string().nullable(),
  })
  .openapi('RfmCustomer')

export const customerValue = z
  .object({
    as_of: z.string().nullable().openapi({ description: 'Of the bounds that scores are read from' }),
    value: z
      .object({
        last_day: z.string(),
        recency_days: z.int(),
        orders: z.int(),
        net: z.number(),
        r: z.int(),
        f: z.int(),
        m: z.int(),
        tier: z.object({ id: z.string(), name: z.string(), since: z.string(), words: said }).nullable(),
      })
      .nullable()
      .openapi({ description: 'null: never bought' }),
  })
  .openapi('CustomerValue')
