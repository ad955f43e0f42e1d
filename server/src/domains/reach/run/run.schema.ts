import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../infra/http/api.ts'
import { momentView } from '../moments/moments.view.ts'
import { taskStates, toldAs } from './task.ts'

export const runStates = [
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

const count = z.int()
const moment = z.string().nullable()
const said = z.object({ zh: z.string(), en: z.string() })

export const runView = z
  .object({
    id: z.int(),
    campaign_id: z.uuid(),
    campaign: z.string(),
    version: z.int(),
    rehearsal: z.boolean(),
    state: z.enum(runStates),
    planned_for: z.string(),
    started_at: moment,
    ended_at: moment,
    why: z.string().nullable().openapi({
      description: 'Why it is paused or stopped: canary_deletes, canary_unheard, person, or the platform’s refusal',
    }),
    refusal: said
      .nullable()
      .openapi({ description: 'Where why is none of our keys: the same in words, and what to do' }),
    canary: z
      .object({
        asked: count,
        delivered: count,
        deleted: count,
        confirmed: count.openapi({ description: 'Tasks of the canary whose members had confirmed' }),
        verdict: z.enum(['go', 'stop', 'wait', 'unheard']),
        base: z
          .object({
            source: z.enum(['holdout', 'past', 'assumed']).openapi({
              description:
                'holdout: people held out of runs before; past: customers of its members in the last 30 days; assumed: a quarter of the threshold',
            }),
            share: z.number(),
            persons: count,
          })
          .optional()
          .openapi({ description: 'Who would delete in that time anyway' }),
        at: z.string(),
      })
      .nullable(),
    tasks: z
      .record(z.enum(taskStates), count)
      .openapi({ description: 'How many tasks stand in each state; unknown: the answer of the platform was lost' }),
    taking_back: count.openapi({ description: 'Tasks that are being taken back' }),
    confirmed_late: count.openapi({
      description: 'Tasks that members confirmed in the moment in which they were taken back: they count as sent',
    }),
    taken_back: z
      .object({ tasks: count, people: count })
      .openapi({ description: 'Put to a member and taken back for good before he confirmed' }),
    not_asked: z
      .object({ tasks: count, people: count })
      .openapi({ description: 'Ended before they were put to a member' }),
    people: z
      .object({
        planned: count,
        asked: count,
        sent: count,
        no_friend: count,
        over_cap: count,
      })
      .openapi({ description: 'Customers: in tasks, put to a member, and as the platform told' }),
    moments: z.array(momentView).openapi({ description: 'Of a Moment what the platform makes of it; else none' }),
    stop_minutes: count.openapi({ description: 'By the platform’s limits: what taking back all that is open takes' }),
    may: z.object({
      ...{ pause: z.boolean(), resume: z.boolean(), cancel: z.boolean() },
      acknowledge: z.boolean().openapi({ description: 'Stopped by its canary, and nobody has said that he saw it' }),
    }),
  })
  .openapi('CampaignRun')

export const pauseInput = z
  .object({
    take_back: z
      .boolean()
      .default(true)
      .openapi({ description: 'What members have not confirmed is taken back, and made anew when the run goes on' }),
  })
  .openapi('CampaignPause')

export const tasksQuery = pageQuery.extend({
  state: z.enum(taskStates).optional(),
  sender: z.string().max(64).optional(),
})

export const runTaskView = z
  .object({
    number: z.int(),
    state: z.enum(taskStates),
    variant: z.int(),
    sender: z.string(),
    sender_name: z.string().nullable(),
    recipients: count,
    canary: z.boolean(),
    attempt: count,
    asked_at: moment,
    expires_at: moment,
    confirmed_at: moment,
    reminded: count,
    sent: count,
    no_friend: count,
    over_cap: count,
    beside: count.openapi({ description: 'Of a Moment: who can see it without being of the plan' }),
    likes: count,
    comments: count,
    ending: z.string().nullable(),
    errcode: z.int().nullable(),
    why: z.string().nullable(),
    refusal: said
      .nullable()
      .openapi({ description: 'Where why is none of our keys: the same in words, and what to do' }),
    replaced_by: z.int().nullable(),
    told: z
      .object({
        as: z.enum(toldAs).openapi({
          description:
            'set: leads the set of senders; store: manages his store; department: leads his department or one above; submitter: submitted the campaign; nobody: nobody could be told',
        }),
        userid: z.string().nullable(),
        name: z.string().nullable(),
      })
      .nullable()
      .openapi({ description: 'Who was told that it was not confirmed; null: nobody had to be' }),
  })
  .openapi('CampaignTask')

export const runTasksPage = pageOf(runTaskView)
