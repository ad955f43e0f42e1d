import { z } from '@hono/zod-openapi'
import { pageQuery, rowNumber } from '../../../infra/http/api.ts'
import { fates } from '../campaigns/recipient.ts'

const persons = z.int().min(0)

const estimate = z.object({ value: persons, low: persons, high: persons })

/** How many of each fate; plans and reports of before anybody was drawn for another channel do not speak of him. */
export const fateCounts = z.object({
  ...{ sent_to: persons, held: persons, dropped: persons, excluded: persons },
  ...{ holdout: persons, global_holdout: persons, no_sender: persons, elsewhere: persons.default(0) },
})

/** What a plan said when it was made; stored with the run. */
export const planView = z.object({
  at: z.iso.datetime().openapi({ description: 'The moment for which the governor was asked' }),
  candidates: persons.openapi({ description: 'Whom the audience named' }),
  customers: persons.optional().openapi({
    description: 'Of a send to groups, in which everything else counts groups: the customers in those to be sent to',
  }),
  members: z.object({ known: persons, over: persons, refused: persons }).optional().openapi({
    description:
      'Of a marketing send to groups: the persons whom we know in the groups that get it, now or when they are held no longer; who of them would be left out by what governs him if it went to him alone; and who wishes nothing at all. In a group nobody can be left out',
  }),
  fates: fateCounts,
  exclusions: z.array(
    z.object({
      name: z.string(),
      first: persons.openapi({ description: 'Excluded by this, as the first of those that hit' }),
      hit: persons.openapi({ description: 'Whom it hits, also those whom another excluded before' }),
    }),
  ),
  gave_way: z
    .array(z.object({ id: z.uuid(), name: z.string(), priority: z.int(), groups: persons }))
    .optional()
    .openapi({
      description: 'Of a send to groups: campaigns of higher priority that take groups’ day, and how many',
    }),
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
  stores: z
    .array(z.object({ id: z.uuid().nullable(), name: z.string().nullable(), persons, senders: z.int() }))
    .openapi({ description: 'By the store of who sends, the 200 largest' }),
  quota: z.object({ mode: z.string(), most: z.int(), spent: persons }).openapi({
    description: 'The platform’s cap a person; of those whom nothing excludes, who has nothing left as far as we know',
  }),
  calls: z
    .object({ count: z.int(), per_minute: z.int(), minutes: z.int() })
    .openapi({ description: 'Calls that make the tasks, and how long they take within the budget' }),
  moment: z
    .object({
      by: z.enum(['tags', 'audience']).openapi({ description: 'tags: nobody was left out, held out or governed' }),
      moments: z.int().openapi({ description: 'How many the platform is asked for' }),
      marking: z
        .object({ marks: z.int(), per_minute: z.int(), minutes: z.int() })
        .openapi({ description: 'Calls that put the run’s own tag on whom it is for, and how long they take' }),
      month: z
        .object({ most: z.int(), used: z.int() })
        .openapi({ description: 'Moments that the platform makes for a corp in 30 days, and those asked for' }),
    })
    .optional()
    .openapi('CampaignMomentPlan', { description: 'Of a Moment' }),
  loaded: z
    .array(
      z.object({
        ...{ sender: z.string(), name: z.string().nullable(), persons, tasks: z.int() },
        open: z.int().openapi({ description: 'Tasks of other runs that wait for him' }),
      }),
    )
    .openapi({ description: 'The 50 members with most to confirm' }),
  overloaded: z
    .object({ most: z.int(), members: z.int() })
    .openapi({ description: 'Members who would have more tasks than this at once' }),
  forecast: z
    .object({
      basis: z.enum(['history', 'assumption']).openapi({ description: 'assumption: nothing was sent before' }),
      runs: z.int(),
      ...{ confirmed: estimate, delivered: estimate, deletes: estimate.nullable(), converted: estimate.nullable() },
      curve: z.array(z.object({ hours: z.int(), persons })),
    })
    .openapi('CampaignForecast', { description: 'With the interval that holds what comes in 95 of 100 cases' }),
})
export type PlanView = z.output<typeof planView>

const said = z.object({ zh: z.string(), en: z.string() })
const inWords = { words: said }

/** The same as it is shown: whoever reads it need not know what each reason is called. */
const shownPlan = planView
  .extend({
    exclusions: z.array(planView.shape.exclusions.element.extend(inWords)),
    held: z.array(planView.shape.held.element.extend(inWords)),
    dropped: z.array(planView.shape.dropped.element.extend(inWords)),
    no_sender: z.array(planView.shape.no_sender.element.extend(inWords)),
  })
  .openapi('CampaignPlan')
export type ShownPlan = z.output<typeof shownPlan>

const audienceKnown = z.boolean().openapi({
  description:
    'false: it was begun before the first sync of customers had ended, so it counts nobody, or only those who were read by then',
})

export const rehearsalBegun = z
  .object({
    run_id: z.int(),
    operation_id: z.uuid().openapi({ description: 'Its progress: /api/operations/{id}' }),
    audience_known: audienceKnown,
  })
  .openapi('RehearsalBegun')

export const planAnswer = z
  .object({
    run_id: z.int(),
    rehearsal: z.boolean(),
    state: z.string(),
    version: z.int(),
    planned_for: z.iso.datetime(),
    plan: shownPlan.nullable(),
    audience_known: audienceKnown,
  })
  .openapi('CampaignPlanAnswer')

export const recipientsQuery = pageQuery.extend({
  fate: z.enum(fates).optional(),
  reason: z.string().max(40).optional().openapi({
    description: 'Of a fate: of excluded the place of the exclusion, else the name of the reason',
  }),
  variant: z.coerce.number().int().min(0).max(11).optional(),
  sender: z.string().max(64).optional(),
  task: rowNumber.optional(),
  q: z.string().trim().min(1).max(60).optional().openapi({ description: 'Name, pinyin, initials or remark' }),
})

export const recipientView = z
  .object({
    customer_id: z.int(),
    name: z.string(),
    fate: z.enum(fates),
    reason: z.string().nullable(),
    words: z.array(said).openapi({
      description:
        'All that stood in the way, the one that counted first; of who was to be sent to why he has not got it yet',
    }),
    held_until: z.iso.datetime().nullable(),
    variant: z.int().nullable().openapi({ description: 'Of the holdouts: what they would have got' }),
    sender: z.string().nullable(),
    sender_name: z.string().nullable(),
    task: z.int().nullable(),
    status: z.int().nullable().openapi({ description: '0 not sent, 1 sent, 2 no friend any more, 3 over the cap' }),
    confirmed: z.boolean().openapi({
      description:
        'His member has sent, or of a Moment published. With status 0: of a Moment he cannot see it, of a send the platform does not say it yet',
    }),
    over: z.boolean().openapi({
      description: 'Nothing more comes of it: his task was taken back, called off, or is gone',
    }),
    sent_at: z.iso.datetime().nullable(),
  })
  .openapi('CampaignRecipient')

export const whyQuery = z.object({
  customer_id: z.coerce.number().int().positive(),
  run: rowNumber.optional(),
})

export const whyAnswer = z
  .object({
    run: z.object({ id: z.int(), rehearsal: z.boolean(), state: z.string(), at: z.iso.datetime() }).nullable(),
    recipient: recipientView.nullable(),
    policy: z.object({ id: z.uuid().nullable(), name: z.string(), version: z.int() }).nullable(),
    words: z.array(said),
  })
  .openapi('CampaignWhy')
