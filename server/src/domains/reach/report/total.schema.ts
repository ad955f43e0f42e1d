import { z } from '@hono/zod-openapi'
import { definition, estimate, figure } from './report.schema.ts'
import { workView } from './work.schema.ts'

const persons = z.int().min(0)

/** What was worked out of all runs of a campaign and is kept. */
export const totalShape = z.object({
  runs: z.array(z.int()),
  /** Times that somebody was to get it, run by run; persons count once. */
  sends: persons,
  persons,
  delivered: persons,
  opened: persons,
  converted: persons,
  deleted: persons,
  /** Persons to whom it was to be sent at least once, against those whom every run held out. */
  treated: z.object({ persons, converted: persons }),
  holdout: z.object({ persons, converted: persons }),
  credited: z.object({ orders: persons, net: z.int() }),
})
export type Total = z.output<typeof totalShape>

export const totalView = z
  .object({
    runs: z.array(z.int()).openapi({ description: 'Runs that it adds up; of fewer than two there is nothing to add' }),
    as_of: z.iso.datetime().nullable(),
    figures: z.array(figure),
    lift: estimate.nullable(),
    work: workView.nullable().openapi({ description: 'A newer total that is being worked out' }),
    definition,
  })
  .openapi('CampaignTotal', { description: 'All runs of a campaign together, each person once' })
