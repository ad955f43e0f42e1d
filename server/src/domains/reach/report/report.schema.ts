import { z } from '@hono/zod-openapi'
import { pageQuery } from '../../../infra/http/api.ts'
import { fates } from '../campaigns/recipient.ts'
import { fateCounts } from '../plan/plan.schema.ts'

const persons = z.int().min(0)
const fen = z.int().openapi({ description: 'Fen' })
const time = z.iso.datetime()
const said = z.object({ zh: z.string(), en: z.string() })

const estimate = z
  .object({ value: z.number(), low: z.number(), high: z.number(), significant: z.boolean() })
  .openapi('ReportEstimate', { description: 'With the interval that holds the true one in 95 of 100 cases' })

const definition = z
  .object({
    id: z.string().openapi({ description: 'Of the catalogue of metrics, M27 …; without one: a step of the funnel' }),
    name: said,
    words: said.openapi({ description: 'Exactly what it counts' }),
  })
  .openapi('ReportDefinition')

const figure = z
  .object({
    key: z.string(),
    unit: z.enum(['persons', 'share', 'per_mille', 'fen', 'times']),
    value: z.number().nullable().openapi({ description: 'null: there is nothing yet to divide by' }),
    hits: z.number().nullable(),
    of: z.number().nullable(),
    definition,
  })
  .openapi('ReportFigure')

const step = figure.extend({
  key: z.enum(['planned', 'to_send', 'asked', 'confirmed', 'delivered', 'opened', 'converted']),
})

/** A group of people side by side with another. */
const side = z.object({ persons, delivered: persons, converted: persons, deleted: persons, gmv: fen })

const comparison = z
  .object({
    key: z.string(),
    a: side.extend({ name: said }),
    b: side.extend({ name: said }),
    random: z.boolean().openapi({ description: 'false: who is on which side was not drawn by chance' }),
    conversion: estimate.nullable().openapi({ description: 'Share of those who did it in a, less that in b' }),
    deletes: estimate.nullable().openapi({ description: 'Per mille' }),
    warning: said.nullable(),
  })
  .openapi('ReportComparison')

const warning = z.object({ code: z.string(), words: said }).openapi('ReportWarning')

/** What was worked out of a run and is kept: numbers without their words. */
export const figuresShape = z.object({
  version: z.literal(1),
  fates: fateCounts,
  reasons: z.array(z.object({ fate: z.enum(fates), reason: z.int().nullable(), persons })),
  tasks: z.object({ issued: persons, in_time: persons, senders_asked: persons, senders_confirmed: persons }),
  sends: z.object({
    ...{ to_send: persons, asked: persons, confirmed: persons, delivered: persons },
    ...{ no_friend: persons, over_cap: persons, not_confirmed: persons, other: persons },
  }),
  reached: z.object({ opened: persons, converted: persons, deleted: persons, gmv: fen }),
  opens: z.object({ persons, known: persons, unknown: persons }),
  sides: z.object({ treated: side, holdout: side, global: side, undelivered: side }),
  variants: z.array(side.extend({ number: z.int() })),
  gmv_person: estimate.nullable(),
  scope_gmv: fen,
  credited: z.object({
    ...{ orders: persons, net: fen, by_click: fen, by_send: fen },
    ...{ first_orders: persons, first_net: fen },
  }),
  first_at: time.nullable(),
  last_at: time.nullable(),
})
export type Figures = z.output<typeof figuresShape>
export type Side = z.output<typeof side>

const lift = z
  .object({
    random: z.literal(true),
    holdout: side,
    planned: side.openapi({ description: 'All to whom it was to be sent, confirmed or not' }),
    itt: estimate.nullable().openapi({ description: 'Share of all planned who did it, less that of the holdout' }),
    delivered: estimate.nullable().openapi({ description: 'The same for each to whom it was delivered (CACE)' }),
    gmv_person: estimate.nullable().openapi({ description: 'Fen a planned person' }),
    gmv: estimate.nullable().openapi({ description: 'Incremental GMV of all planned, fen' }),
    deletes: estimate.nullable().openapi({ description: 'Excess deletes per mille, of all planned' }),
    deletes_delivered: estimate.nullable().openapi({ description: 'Excess deletes per mille, of the delivered' }),
    definitions: z.object({ itt: definition, delivered: definition, gmv: definition, deletes: definition }),
  })
  .openapi('ReportLift')

export const reportQuery = z.object({ run: z.coerce.number().int().positive().optional() })

export const reportView = z
  .object({
    campaign: z.object({ id: z.uuid(), name: z.string() }),
    run: z.object({ id: z.int(), state: z.string(), planned_for: time, started_at: time.nullable() }).nullable(),
    runs: z.array(z.object({ id: z.int(), state: z.string(), planned_for: time })),
    as_of: time
      .nullable()
      .openapi({ description: 'Up to when facts were read; null: nothing has been worked out yet' }),
    closes_at: time.nullable().openapi({ description: 'When the last window closes; the figures are final then' }),
    final: z.boolean(),
    windows: z.object({
      goal: z
        .object({ metric: z.string(), event: z.string().nullable(), category: z.string().nullable(), hours: z.int() })
        .nullable(),
      ...{ open_hours: z.int(), delete_hours: z.int(), click_hours: z.int(), send_hours: z.int() },
    }),
    funnel: z.array(step),
    left_out: z.array(z.object({ fate: z.enum(fates), reason: z.string().nullable(), words: said, persons })),
    failures: z.array(
      z.object({ key: z.enum(['no_friend', 'over_cap', 'not_confirmed', 'other']), words: said, persons }),
    ),
    figures: z.array(figure),
    lift: lift.nullable().openapi({ description: 'null: nobody was held out' }),
    comparisons: z.array(comparison),
    warnings: z.array(warning),
    checked: z.array(z.object({ what: z.string(), whole: z.number(), parts: z.number() })).openapi({
      description: 'Numbers that do not add up; nobody should ever see one',
    }),
  })
  .openapi('CampaignReport')
export type ReportView = z.output<typeof reportView>
export type FigureView = z.output<typeof figure>
export type ComparisonView = z.output<typeof comparison>
export type EstimateView = z.output<typeof estimate>

export const partNames = ['store', 'sender', 'variant', 'hour', 'earner'] as const
export type PartName = (typeof partNames)[number]

const counts = {
  ...{ planned: persons, asked: persons, confirmed: persons, delivered: persons },
  ...{ opened: persons, converted: persons, deleted: persons, gmv: fen, credited: fen, orders: persons },
}
export const partRow = z
  .object({
    key: z.string().openapi({ description: 'A store’s id, a userid, a number of a variant, an hour; empty: of none' }),
    name: z.string(),
    ...counts,
  })
  .openapi('ReportPart')
export type PartRow = z.output<typeof partRow>

export const partQuery = pageQuery.extend({ by: z.enum(partNames), run: z.coerce.number().int().positive() })
export const partPage = z
  .object({
    items: z.array(partRow),
    next_cursor: z.string().nullable(),
    total: z.object(counts),
    warning: said.openapi({ description: 'Rows side by side are no experiment' }),
  })
  .openapi('ReportParts')

const group = z.string().max(120).openapi({
  description: 'planned, holdout, global_holdout, delivered, undelivered, variant:0, store:<id>, sender:<userid>',
})
export const compareQuery = z.object({
  run: z.coerce.number().int().positive(),
  a: group,
  b: group,
  with: z.coerce.number().int().positive().optional().openapi({ description: 'The run of b, if it is another' }),
})
export const compareView = z
  .object({
    comparison,
    lift: lift.nullable().openapi({ description: 'What chance drew, to be held beside it' }),
  })
  .openapi('ReportCompared')

export const adviceQuery = z.object({
  persons: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000_000)
    .openapi({ description: 'Whom it would go to, with the holdout' }),
  holdout_permille: z.coerce.number().int().min(1).max(999),
  baseline: z.coerce.number().min(0).max(1),
  effect: z.coerce
    .number()
    .gt(0)
    .max(1)
    .openapi({ description: 'The smallest lift worth finding, in points: 0.01 is a point' }),
})
export const adviceView = z
  .object({
    power: z.number().openapi({ description: 'With which probability the effect would be found' }),
    persons_needed: z.int().openapi({ description: 'For a power of 80 %, at this share held out' }),
    persons_needed_90: z.int(),
    smallest_effect: z
      .number()
      .nullable()
      .openapi({ description: 'What so many persons find with a power of 80 %; null: nothing' }),
    holdout_advised_permille: z.int().nullable().openapi({
      description: 'The smallest holdout with which so many persons reach 80 %; null: none does',
    }),
    words: said,
  })
  .openapi('ExperimentAdvice')
