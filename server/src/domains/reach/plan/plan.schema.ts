import { z } from '@hono/zod-openapi'
import { fates } from '../campaigns/recipient.ts'

const persons = z.int().min(0)

/** What a plan said when it was made; stored with the run. */
export const planView = z
  .object({
    at: z.iso.datetime().openapi({ description: 'The moment for which the governor was asked' }),
    candidates: persons.openapi({ description: 'Whom the audience named' }),
    fates: z.record(z.enum(fates), persons),
    exclusions: z.array(
      z.object({
        name: z.string(),
        first: persons.openapi({ description: 'Excluded by this, as the first of those that hit' }),
        hit: persons.openapi({ description: 'Whom it hits, also those whom another excluded before' }),
      }),
    ),
    held: z.array(z.object({ reason: z.string(), persons })),
    dropped: z.array(z.object({ reason: z.string(), persons })),
    no_sender: z.array(z.object({ reason: z.string(), persons })),
    variants: z.array(z.object({ name: z.string(), persons })),
    policies: z.array(z.object({ id: z.uuid().nullable(), name: z.string(), version: z.int() })).openapi({
      description:
        'By place, as recipients name them; the last, without an id, is what holds where none speaks of somebody',
    }),
    senders: z.int().min(0),
    tasks: z.int().min(0),
    largest_task: persons,
    canary: z.object({ tasks: z.int().min(0), persons }).nullable(),
  })
  .openapi('CampaignPlan')
export type PlanView = z.output<typeof planView>
