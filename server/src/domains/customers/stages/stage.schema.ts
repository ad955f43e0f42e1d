import { z } from '@hono/zod-openapi'
import { ruleSchema } from '../../audiences/index.ts'

export const stage = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9_-]{1,40}$/),
    name: z.string().trim().min(1).max(20),
    entry: ruleSchema,
    exit: ruleSchema.optional(),
  })
  .openapi('LifeCycleStage', {
    description:
      'A person stands in the last stage whose entry rule holds. A stage with an exit rule is left only when that holds.',
  })
export type Stage = z.output<typeof stage>

const stages = z.array(stage).min(1).max(12)
export const lifeCycleInput = z.object({
  version: z.int().openapi({ description: 'The version that was edited' }),
  stages,
  note: z.string().trim().max(200).default(''),
})
export const lifeCycleAsk = z.object({ stages })

const said = z.object({ zh: z.string(), en: z.string() })
const described = z.object({ id: z.string(), name: z.string(), entry: said, exit: said.nullable() })

export const lifeCycleView = z
  .object({
    version: z.int(),
    stages: z.array(stage),
    computed_at: z.string().nullable().openapi({ description: 'When everybody was computed the latest time' }),
    note: z.string(),
  })
  .openapi('LifeCycle')

export const lifeCycleFigures = z
  .object({
    version: z.int(),
    computed_at: z.string().nullable(),
    days: z.int().openapi({ description: 'Conversion and dwell are of this many days' }),
    persons: z.int(),
    stages: z.array(
      described.extend({
        persons: z.int(),
        entered: z.int().openapi({ description: 'Stays that began within the days, without the first computation' }),
        left: z.int(),
        median_dwell_days: z.number().nullable().openapi({ description: 'Of the stays that ended within the days' }),
        next: z
          .array(z.object({ stage: z.string().nullable(), persons: z.int() }))
          .openapi({ description: 'Where those who entered within the days went next; null: out of all stages' }),
      }),
    ),
  })
  .openapi('LifeCycleFigures')

export const lifeCyclePreview = z
  .object({
    moving: z.int().openapi({ description: 'Persons who would stand in another stage' }),
    stages: z.array(described.extend({ persons: z.int() })),
  })
  .openapi('LifeCyclePreview')

export const lifeCycleVersion = z
  .object({
    version: z.int(),
    note: z.string(),
    by: z.string().nullable(),
    created_at: z.string(),
    started_at: z.string().nullable(),
    stages: z.array(described),
  })
  .openapi('LifeCycleVersion')

const cause = z.enum(['start', 'fact', 'time', 'version'])
export const customerStageView = z
  .object({
    current: z
      .object({
        id: z.string(),
        name: z.string(),
        since: z.string(),
        version: z.int(),
        cause,
        rule: said,
        reasons: z.array(said).openapi({ description: 'The rule part by part, with the facts of today' }),
      })
      .nullable(),
    history: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        version: z.int(),
        cause,
        entered_at: z.string(),
        left_at: z.string().nullable(),
      }),
    ),
  })
  .openapi('CustomerLifeCycle')
