import { z } from '@hono/zod-openapi'

/** What all codes of one bulk creation have in common. */
export const bulkTemplateSchema = z
  .object({
    kind: z.enum(['qr', 'landing']).default('qr'),
    strategy: z.enum(['platform', 'round_robin', 'sequential', 'weighted', 'least_loaded']).default('platform'),
    group: z.string().trim().max(30).default('门店'),
    tag_ids: z.array(z.string().min(1).max(128)).max(50).default([]),
    skip_verify: z.boolean().default(true),
    daily_limit: z.int().min(1).max(1_000_000).nullable().default(null),
    closed_text: z.string().trim().max(100).default(''),
    logo_id: z.uuid().nullable().default(null),
  })
  .refine((template) => (template.kind === 'landing') === (template.strategy !== 'platform'), {
    message: 'a landing page needs a strategy of ours, a code of the platform needs `platform`',
    path: ['strategy'],
  })
  .openapi('ChannelBulkTemplate')
export type BulkTemplate = z.output<typeof bulkTemplateSchema>

const said = z.object({ zh: z.string(), en: z.string() })
export const bulkFaultSchema = z.object({ line: z.int(), storeCode: z.string(), said })

export const bulkInputSchema = z.object({
  rows: z.array(
    z.object({
      line: z.int(),
      storeCode: z.string(),
      name: z.string(),
      staff: z.array(z.string()),
      spares: z.array(z.string()),
      dailyLimit: z.string(),
      state: z.string(),
    }),
  ),
  template: bulkTemplateSchema,
})
export type BulkInput = z.output<typeof bulkInputSchema>

/** Where a run stands, and in the end its result. */
export const bulkStandingSchema = z.object({
  next: z.int(),
  made: z.int(),
  already: z.int(),
  errors: z.array(bulkFaultSchema),
})
export type BulkStanding = z.output<typeof bulkStandingSchema>
