import { z } from '@hono/zod-openapi'
import { pageQuery, rowNumber } from '../../../infra/http/api.ts'
import { campaignCoupon } from '../campaigns/campaign.schema.ts'
import { fates } from '../campaigns/recipient.ts'
import { fateCounts } from '../plan/plan.schema.ts'
import { traits } from './matching.ts'
import { workView } from './work.schema.ts'

const persons = z.int().min(0)
const fen = z.int().openapi({ description: 'Fen' })
const time = z.iso.datetime()
const said = z.object({ zh: z.string(), en: z.string() })

export const estimate = z
  .object({ value: z.number(), low: z.number(), high: z.number(), significant: z.boolean() })
  .openapi('ReportEstimate', { description: 'With the interval that holds the true one in 95 of 100 cases' })

const plain = z.object({ value: z.number(), low: z.number(), high: z.number() })

export const definition = z
  .object({
    id: z.string().openapi({ description: 'Of the catalogue of metrics, M27 …; without one: a step of the funnel' }),
    name: said,
    words: said.openapi({ description: 'Exactly what it counts' }),
  })
  .openapi('ReportDefinition')

export const figure = z
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
    definition,
  })
  .openapi('ReportComparison')

const warning = z.object({ code: z.string(), words: said }).openapi('ReportWarning')

const tally = z.object({ persons, converted: persons, redeemed: persons })
const matchedSide = tally.extend({ leftOut: persons })

/** What an order may be owed to (M34), the first that it has; the house has no service chat yet. */
export const sourceKeys = ['click', 'send', 'other_run', 'code', 'service_chat', 'none'] as const

const channelKinds = ['sent', 'held_out', 'drawn', 'brought'] as const

/** A channel beside others (SC4), as it was counted: those reached by it, and those whom the lot alone gave to it. */
const channel = z.object({
  key: z.string(),
  name: z.string(),
  how: z.enum(channelKinds),
  ...{ persons, reached: persons, issued: persons, claimed: persons, redeemed: persons, converted: persons, gmv: fen },
  cost: fen.nullable(),
  both: persons,
  /** Whom chance put there, reached or not; null: chance had no part in it. */
  drawn: tally.extend({ gmv: fen }).nullable(),
  /** Against those who got the run, for a channel that was brought from outside. */
  raw: z.object({ a: tally, b: tally }).nullable(),
  matched: z
    .object({
      traits: z.array(z.enum(traits)),
      strata: persons,
      ...{ a: matchedSide, b: matchedSide },
      ...{ converted: plain.nullable(), redeemed: plain.nullable() },
      balance: z.array(z.object({ before: z.number(), after: z.number() })),
    })
    .nullable(),
  /** Fen a person, held as the shares are; what was worked out before it was counted holds none. */
  revenue: z
    .object({ raw: plain.nullable(), matched: plain.nullable(), lift_other: plain.nullable() })
    .nullable()
    .default(null),
})
export type Channel = z.output<typeof channel>

/** What was worked out of a run and is kept: numbers without their words. */
export const figuresShape = z.object({
  version: z.literal(1),
  fates: fateCounts,
  reasons: z.array(z.object({ fate: z.enum(fates), reason: z.int().nullable(), persons })),
  tasks: z.object({ issued: persons, in_time: persons, senders_asked: persons, senders_confirmed: persons }),
  /** Of a Moment; what was worked out before there were any holds none. */
  applause: z
    .object({ likes: persons, comments: persons, beside: persons })
    .default({ likes: 0, comments: 0, beside: 0 }),
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
  channels: z.array(channel).default([]),
  /** Orders paid from the first delivery to the end of the last window. */
  sources: z.array(z.object({ source: z.enum(sourceKeys), orders: persons, net: fen })).default([]),
  period: z.object({ orders: persons, net: fen }).default({ orders: 0, net: 0 }),
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
    random: z.boolean().openapi({ description: 'false: something but the lot had a say in who is compared' }),
    holdout: side,
    planned: side.openapi({ description: 'All to whom it was to be sent, confirmed or not' }),
    itt: estimate.nullable().openapi({ description: 'Share of all planned who did it, less that of the holdout' }),
    delivered: estimate.nullable().openapi({ description: 'The same for each to whom it was delivered (CACE)' }),
    gmv_person: estimate.nullable().openapi({ description: 'Fen a planned person' }),
    gmv: estimate.nullable().openapi({ description: 'Incremental GMV of all planned, fen' }),
    deletes: estimate.nullable().openapi({ description: 'Excess deletes per mille, of all planned' }),
    deletes_delivered: estimate.nullable().openapi({ description: 'Excess deletes per mille, of the delivered' }),
    definitions: z.object({
      ...{ itt: definition, delivered: definition, gmv_person: definition, gmv: definition },
      ...{ deletes: definition, deletes_delivered: definition },
      sides: z.object({
        ...{ persons: definition, delivered: definition, converted: definition },
        ...{ rate: definition, deleted: definition, gmv: definition },
      }),
    }),
  })
  .openapi('ReportLift')

const share = z.number().nullable()
const sideBySide = z
  .object({
    coupon: z
      .union([campaignCoupon, z.null()])
      .openapi({ description: 'By which events it is told; null: the run has none' }),
    rows: z.array(
      z.object({
        ...{ key: z.string(), name: said, how: z.enum(channelKinds), persons },
        reached: persons.nullable().openapi({ description: 'null: nobody was, they were held out' }),
        ...{ issued: persons, claimed: persons, redeemed: persons, converted: persons, gmv: fen },
        redeem_of_issued: share,
        redeem_of_claimed: share,
        conversion: share.openapi({ description: 'Of those reached; of the holdout, of all' }),
        gmv_person: share.openapi({ description: 'Fen' }),
        cost: fen.nullable().openapi({ description: 'null: nobody said' }),
        cost_redeemed: share.openapi({ description: 'Fen for each redeemed' }),
      }),
    ),
    comparisons: z.array(
      z.object({
        ...{ key: z.string(), name: said },
        random: z.boolean().openapi({ description: 'true: the system drew who was reached by which' }),
        both: persons.openapi({ description: 'Reached by both: on neither side' }),
        measures: z.array(
          z.object({
            measure: z.enum(['redeemed', 'converted', 'revenue']),
            unit: z.enum(['share', 'fen']).openapi({ description: 'Of what is compared; fen: a person' }),
            raw: estimate.nullable().openapi({ description: 'Of those sent to, less that of this channel' }),
            lift: estimate.nullable().openapi({ description: 'What the run changed, against its holdout' }),
            lift_other: estimate.nullable().openapi({ description: 'What this channel changed, where it was drawn' }),
            matched: estimate.nullable().openapi({ description: 'Between people who were alike before' }),
          }),
        ),
        matched: z
          .object({
            ...{ strata: persons, persons_a: persons, persons_b: persons, left_out_a: persons, left_out_b: persons },
            traits: z.array(z.object({ key: z.string(), name: said, before: z.number(), after: z.number() })).openapi({
              description: 'How far the two sides differ in each: 0 alike, 1 apart',
            }),
          })
          .nullable(),
        warning: said.nullable(),
      }),
    ),
    definitions: z.object({
      ...{ issued: definition, claimed: definition, redeemed: definition, redeem_rate: definition },
      ...{ reached: definition, revenue: definition, cost: definition },
      ...{ raw: definition, lift: definition, matched: definition },
    }),
  })
  .openapi('ReportSideBySide')
export type SideBySide = z.output<typeof sideBySide>

export const reportQuery = z.object({ run: rowNumber.optional() })

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
    left_out: z.array(
      z.object({ fate: z.enum(fates), reason: z.string().nullable(), words: said, persons, definition }),
    ),
    failures: z.array(
      z.object({ key: z.enum(['no_friend', 'over_cap', 'not_confirmed', 'other']), words: said, persons, definition }),
    ),
    figures: z.array(figure),
    lift: lift.nullable().openapi({ description: 'null: nobody was held out' }),
    comparisons: z.array(comparison),
    order_sources: z
      .array(z.object({ key: z.enum(sourceKeys), orders: persons.nullable(), net: fen.nullable(), definition }))
      .openapi({ description: 'To what the orders of these days are owed (M34); null: the house has nothing of it' }),
    side_by_side: z
      .union([sideBySide, z.null()])
      .openapi({ description: 'Channels; null: none is named, and no coupon' }),
    warnings: z.array(warning),
    work: workView
      .nullable()
      .openapi({ description: 'Newer figures that are being worked out; these are as of as_of' }),
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

export const partQuery = pageQuery.extend({ by: z.enum(partNames), run: rowNumber })
export const partPage = z
  .object({
    items: z.array(partRow),
    next_cursor: z.string().nullable(),
    total: z.object(counts),
    random: z.boolean().openapi({ description: 'true: the system drew who is in which row' }),
    warning: said.openapi({ description: 'Whether rows side by side are an experiment' }),
    definitions: z.object({
      ...{ planned: definition, asked: definition, confirmed: definition, delivered: definition },
      ...{ opened: definition, converted: definition, deleted: definition, orders: definition, credited: definition },
    }),
  })
  .openapi('ReportParts')

const group = z.string().max(120).openapi({
  description: 'planned, holdout, global_holdout, delivered, undelivered, variant:0, store:<id>, sender:<userid>',
})
export const compareQuery = z.object({
  run: rowNumber,
  a: group,
  b: group,
  with: rowNumber.optional().openapi({ description: 'The run of b, if it is another' }),
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
