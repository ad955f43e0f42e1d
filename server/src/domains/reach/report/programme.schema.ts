import { z } from '@hono/zod-openapi'
import { definition, estimate } from './report.schema.ts'

const persons = z.int().min(0)
const side = z.object({
  persons,
  converted: persons.openapi({ description: 'Who paid an order since' }),
  deleted: persons.openapi({ description: 'Who deleted a member since' }),
  gmv: z.int().openapi({ description: 'Fen paid since, less refunds' }),
})
export type ProgrammeSide = z.output<typeof side>

/** What was worked out of a quarter and is kept. */
export const programmeShape = z.object({
  /** When the first campaign of the quarter left its global holdout out. */
  began_at: z.string(),
  held: side,
  others: side,
  /** Of those held out, who got marketing after all: from members by themselves, in groups, by corp tags. */
  touched: persons,
  gmv_person: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
})
export type Programme = z.output<typeof programmeShape>

export const programmeView = z
  .object({
    quarter: z.string().openapi({ description: '2026Q4, in the corp’s zone' }),
    programme: z
      .object({
        began_at: z.string(),
        as_of: z.string(),
        held: side,
        others: side,
        touched: persons.openapi({ description: 'Held out, and got marketing that no campaign of persons sent' }),
        conversion: estimate
          .nullable()
          .openapi({ description: 'Share of buyers among the others, less that of those held out' }),
        gmv_person: estimate.nullable().openapi({ description: 'Fen' }),
        gmv: estimate.nullable().openapi({ description: 'Of all the others, fen' }),
        deletes: estimate.nullable().openapi({ description: 'Per mille' }),
      })
      .nullable()
      .openapi({ description: 'null: nobody is held out, or no campaign of this quarter has begun' }),
    definitions: z.object({
      ...{ persons: definition, conversion: definition, gmv_person: definition, gmv: definition },
      ...{ deletes: definition, touched: definition },
    }),
  })
  .openapi('ProgrammeLift', { description: 'What all marketing of the quarter changed, by its global holdout' })
