import { z } from '@hono/zod-openapi'
import { pageOf } from '../../../infra/http/api.ts'
import { campaignSpec } from '../campaigns/campaign.schema.ts'

const time = z.iso.datetime()
const persons = z.int()
const campaign = z.object({ id: z.uuid(), name: z.string(), version: z.int() })
const estimate = z.object({ value: z.number(), low: z.number(), high: z.number(), significant: z.boolean() })

export const rehearsalPage = pageOf(
  z
    .object({
      run: z.int(),
      campaign: campaign.extend({
        kind: campaignSpec.shape.kind.openapi({ description: 'Of group_send the plan counts groups' }),
      }),
      version: z.int().openapi({ description: 'Which was rehearsed; the campaign may have gone on' }),
      made_at: time,
      planned_for: time,
      by_plan: z
        .object({
          candidates: persons,
          sent_to: persons,
          senders: z.int(),
          overloaded: z.int().openapi({ description: 'Members with more tasks than one can do' }),
          delivered: z.object({ value: persons, low: persons, high: persons }),
        })
        .nullable()
        .openapi({ description: 'null: it is being worked out' }),
    })
    .openapi('RehearsalRow'),
)

export const experimentPage = pageOf(
  z
    .object({
      run: z.int(),
      campaign,
      goal: campaignSpec.shape.goal,
      started_at: time,
      as_of: time.nullable(),
      closes_at: time.nullable(),
      variants: z.array(z.string()).openapi({ description: 'Those that chance draws between' }),
      planned: persons,
      held_out: persons,
      random: z.boolean().openapi({ description: 'false: something but the lot had a say in who is compared' }),
      lift: estimate.nullable().openapi({ description: 'Share of all planned who did it, less that of the holdout' }),
      gmv: estimate.nullable().openapi({ description: 'Incremental GMV of all planned, fen' }),
      deletes: estimate.nullable().openapi({ description: 'Excess deletes, per mille' }),
    })
    .openapi('ExperimentRow'),
)

export const approvedView = z
  .object({
    approved: z
      .object({ version: z.int(), spec: campaignSpec })
      .nullable()
      .openapi({ description: 'null: no version before this one was' }),
  })
  .openapi('CampaignApprovedBefore')
