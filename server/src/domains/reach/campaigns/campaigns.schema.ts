import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../infra/http/api.ts'
import { campaignKinds, campaignSpec } from './campaign.schema.ts'
import { campaignStates } from './campaign.ts'
import { changes } from './changed.words.ts'

const time = z.iso.datetime()
const name = z.string().trim().min(1).max(60)
const kind = z.enum(campaignKinds)
const state = z.enum(campaignStates)
const runStates = [
  'planning',
  'planned',
  'canary',
  'running',
  'paused',
  'stopped',
  'cancelled',
  'ended',
  'failed',
] as const
const runState = z.enum(runStates)

export const campaignInput = z.object({
  name,
  template: z.boolean().default(false).openapi({ description: 'To be copied from; it never goes out itself' }),
  spec: campaignSpec,
})
export const campaignChange = z.object({
  after: z.int().openapi({ description: 'The version that was edited' }),
  ...{ name, spec: campaignSpec },
})
export const copyInput = z.object({
  name,
  template: z.boolean().default(false).openapi({ description: 'true: the copy is a template' }),
})
export const saved = z.object({ id: z.uuid(), version: z.int(), state })

const run = z
  .object({
    id: z.int(),
    version: z.int(),
    rehearsal: z.boolean(),
    state: runState,
    planned_for: time,
    why: z.string().nullable(),
  })
  .openapi('CampaignRunRow')

export const campaignRow = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind,
    state,
    version: z.int(),
    template: z.boolean(),
    marketing: z.boolean(),
    goal: campaignSpec.shape.goal,
    schedule: campaignSpec.shape.schedule,
    next_at: time.nullable().openapi({ description: 'When it goes out next' }),
    author: z.string().nullable(),
    changed_at: time,
    run: run.nullable().openapi({ description: 'The latest that was no rehearsal' }),
  })
  .openapi('CampaignRow')

export const campaignPage = pageOf(campaignRow)
export const campaignQuery = pageQuery.extend({
  state: state.optional(),
  kind: kind.optional(),
  q: z.string().max(60).optional(),
  template: z.enum(['yes', 'no']).default('no'),
})

export const verdictView = z
  .object({
    name: z.string().nullable(),
    verdict: z.enum(['agree', 'refuse']),
    words: z.string(),
    through: z.enum(['console', 'card']),
    at: time,
  })
  .openapi('CampaignVerdict')

export const submissionView = z
  .object({
    recipients: z.int().openapi({ description: 'By the rehearsal' }),
    needed: z.int().openapi({ description: 'How many persons must agree' }),
    agreed: z.int(),
    submitted_at: time,
    submitted_by: z.string().nullable(),
    verdicts: z.array(verdictView),
    changed: z.array(z.object({ what: z.enum(changes), said: z.object({ zh: z.string(), en: z.string() }) })).openapi({
      description:
        'What was changed beside it since: it is agreed to no more. Of one campaign that waits; in lists, and once it is judged, empty',
    }),
    mine: z.boolean().openapi({ description: 'The reader wrote or submitted it, or has spoken: he cannot judge it' }),
  })
  .openapi('CampaignSubmission')

export const faultView = z
  .object({
    field: z.string().openapi({ description: 'A path in the spec, such as variants.0.content.text' }),
    problem: z.string(),
    stops: z.boolean().openapi({ description: 'Approval is refused while it stands; false: a hint' }),
    said: z.object({ zh: z.string(), en: z.string() }),
    used: z.number().nullable(),
    limit: z.number().nullable(),
  })
  .openapi('CampaignFault')

export const campaignDetail = campaignRow
  .omit({ run: true })
  .extend({
    spec: campaignSpec,
    copied_from: z.uuid().nullable(),
    faults: z.array(faultView),
    submission: submissionView.nullable(),
    versions: z.array(z.object({ version: z.int(), changed_at: time, changed_by: z.string().nullable() })),
    runs: z.array(run.extend({ started_at: time.nullable(), ended_at: time.nullable() })),
  })
  .openapi('CampaignDetail')

export const checkInput = z.object({ spec: campaignSpec })
export const checkView = z
  .object({
    faults: z.array(faultView),
    text_limit_bytes: z.int(),
    text_limit_chars: z.int().nullable().openapi({ description: 'Of Moments; null: bytes alone count' }),
    attachments_limit: z.int(),
    texts: z.array(
      z.object({
        bytes: z.int().openapi({ description: 'UTF-8, with the brand and the longest tracked links' }),
        preview: z.string().openapi({ description: 'As a customer reads it, with example links' }),
        tracked: z.array(z.string()),
      }),
    ),
  })
  .openapi('CampaignCheck')

export const calendarQuery = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  cursor: z.string().optional().openapi({ description: 'Of the page before: the span goes on there' }),
})
export const calendarView = z
  .object({
    zone: z.string(),
    entries: z.array(
      z.object({
        campaign_id: z.uuid(),
        name: z.string(),
        kind,
        state,
        at: time,
        day: z.iso.date(),
        priority: z.int(),
        run: z.object({ id: z.int(), state: runState }).nullable().openapi({ description: 'null: still to come' }),
      }),
    ),
    conflicts: z
      .array(
        z.object({
          ...{ day: z.iso.date(), a: z.uuid(), b: z.uuid(), persons: z.int(), groups: z.int() },
          first: z
            .uuid()
            .nullable()
            .openapi({ description: 'Of groups: whose priority is higher, so that it takes their day; null: equal' }),
        }),
      )
      .openapi({
        description: 'Two campaigns of a day whose audiences share persons, or that are for the same groups',
      }),
    uncounted: z
      .int()
      .openapi({ description: 'Pairs of campaigns of a day that were not compared: there were too many' }),
    next_cursor: z
      .string()
      .nullable()
      .openapi({ description: 'There is more in the span; conflicts are within what a page shows' }),
  })
  .openapi('CampaignCalendar')

export const setInput = z.object({
  name: z.string().trim().min(1).max(30),
  userids: z.array(z.string().min(1).max(64)).min(1).max(20_000),
  manager_userid: z.string().min(1).max(64).nullable().default(null).openapi({
    description:
      'Is told when tasks of the set are not confirmed in time or go to other members; null: who manages the store or department is',
  }),
})
export const setView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    userids: z.array(z.string()),
    manager_userid: z.string().nullable(),
    gone: z.int().openapi({ description: 'How many of them have left' }),
    used_by: z.int().openapi({ description: 'Campaigns that are not over and send through it' }),
    changed_at: time,
  })
  .openapi('SenderSet')
