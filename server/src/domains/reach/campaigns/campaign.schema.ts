import { z } from '@hono/zod-openapi'
import { ruleSchema } from '../../audiences/index.ts'
import { attachmentSchema } from '../../content/index.ts'

/** Of which kind a campaign is: through what it goes out. */
export const campaignKinds = ['customer_send', 'group_send', 'moment'] as const

const minute = z.int().min(0).max(1_439)

/** Who: an audience that is kept, or a rule of this campaign's own. */
const whom = z
  .union([z.strictObject({ audience: z.uuid() }), z.strictObject({ rule: ruleSchema })])
  .openapi('CampaignWhom')

/** Of a send to groups: which of them, all that fit every condition. */
const groups = z
  .strictObject({
    owners: z.array(z.string().min(1).max(64)).max(10_000).default([]).openapi({ description: 'Userids; none: any' }),
    stores: z.array(z.uuid()).max(3_000).default([]).openapi({ description: 'In which their owners stand; none: any' }),
    name: z.string().trim().max(60).default('').openapi({ description: 'Part of their names' }),
    joined_within_days: z
      .int()
      .min(1)
      .max(365)
      .nullable()
      .default(null)
      .openapi({ description: 'Only where a customer joined in so many days; null: any' }),
    chats: z
      .array(z.string().min(1).max(64))
      .max(20_000)
      .default([])
      .openapi({ description: 'Only these, by chat_id; none: any' }),
    most_a_day: z.int().min(1).max(10).default(1).openapi({
      description:
        'Sends that a group may have on one day, with this one. Of a schedule with more times a day each group takes part in so many of them, in others every day',
    }),
    most_over_permille: z.int().min(0).max(999).nullable().optional().openapi({
      description:
        'Of marketing: a group is kept out while more of the customers whom we know in it would be left out by their caps or wishes if it went to them alone; held or dropped as `governed` says. null or absent: however many would',
    }),
    task_each: z
      .boolean()
      .default(false)
      .openapi({ description: 'A task, and so a link, for each group: its owner confirms once a group, not once' }),
  })
  .openapi('CampaignGroups')
export type CampaignGroups = z.output<typeof groups>

/** Of a Moment: who sees it. The platform narrows a Moment by corp tags alone (95094). */
const moment = z
  .strictObject({
    tags: z.array(z.string().min(1).max(64)).max(100).default([]).openapi({
      description:
        'The platform’s ids of corp tags: whoever carries one of them sees it, and nobody can be left out, held out or governed. None: `whom` says for whom it is, by a tag of this run’s own',
    }),
  })
  .openapi('CampaignMoment')

const goal = z
  .strictObject({
    metric: z
      .enum(['order', 'event', 'open'])
      .openapi({ description: 'order: pays one; event: does something by name; open: opens a tracked link' }),
    event: z.string().min(1).max(100).optional().openapi({ description: 'Of metric event: what it is called' }),
    category: z.string().min(1).max(100).optional().openapi({ description: 'Of metric order: only of this category' }),
    window_hours: z.int().min(1).max(1_440).openapi({ description: 'Counted from the delivery' }),
    baseline: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .openapi({ description: 'What part would do so without being sent anything; null: not known' }),
  })
  .openapi('CampaignGoal')

const eventName = z.string().trim().min(1).max(100)

/** A coupon's way (M47): issued, claimed, redeemed, each told by other systems as an event of this name. */
export const campaignCoupon = z
  .strictObject({
    issued: eventName.nullable().default(null).openapi({ description: 'null: whoever was reached had it issued' }),
    claimed: eventName.nullable().default(null),
    redeemed: eventName,
    batch: z
      .strictObject({ property: z.string().trim().min(1).max(60), value: z.string().trim().min(1).max(120) })
      .nullable()
      .default(null)
      .openapi({ description: 'Only events with this property: those of one batch' }),
  })
  .openapi('CampaignCoupon')

/** A part of the audience that the system draws to be reached by another channel: not sent to here, and held beside. */
const elsewhere = z
  .strictObject({
    name: z.string().trim().min(1).max(30).openapi({ description: 'What the channel is called: SMS, app …' }),
    permille: z.int().min(1).max(900),
    event: eventName.nullable().default(null).openapi({
      description: 'By which event the other system says whom it reached when; null: nobody will say',
    }),
    cost: z.int().min(0).nullable().default(null).openapi({ description: 'Fen, of all of them' }),
  })
  .openapi('CampaignElsewhere')

const content = z
  .strictObject({
    text: z.string().max(6_000).openapi({
      description:
        'May hold {品牌} (the brand) and {少打扰} (the page on which one receives less); links are tracked; {员工ID} in an address is who sends',
    }),
    attachments: z.array(attachmentSchema).max(20).default([]),
  })
  .openapi('CampaignContent')
export type CampaignContent = z.output<typeof content>

const variant = z
  .strictObject({
    name: z.string().trim().min(1).max(30),
    content,
    /** The first variant that is for somebody counts; those for everybody share by `share`, drawn by a stable bucket. */
    for: z
      .union([z.strictObject({ audience: z.uuid() }), z.strictObject({ stores: z.array(z.uuid()).min(1).max(3_000) })])
      .nullable()
      .openapi({ description: 'A part of the audience, or customers of stores; null: everybody' }),
    share: z.int().min(1).max(100).openapi({ description: 'Of those that are for everybody: their parts of an A/B' }),
  })
  .openapi('CampaignVariant')

const schedule = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('now') }),
    z.strictObject({ kind: z.literal('at'), at: z.iso.datetime({ offset: true }) }),
    z.strictObject({
      kind: z.literal('recurring'),
      weekdays: z.array(z.int().min(0).max(6)).min(1).max(7).openapi({ description: '0 Monday … 6 Sunday' }),
      minutes: z
        .array(minute)
        .min(1)
        .max(8)
        .refine((all) => all.every((one, at) => at === 0 || one > (all[at - 1] ?? one)), 'in order, each once')
        .openapi({ description: 'Minutes of the day, in order: it goes out at each of them' }),
      until: z.iso.date(),
    }),
  ])
  .openapi('CampaignSchedule')

export const campaignSpec = z
  .strictObject({
    kind: z.enum(campaignKinds).default('customer_send'),
    marketing: z.boolean().default(true).openapi({ description: 'false: serves who gets it, and no cap is asked' }),
    goal: goal.nullable(),
    whom: whom.nullable(),
    groups: groups.optional().openapi({ description: 'Of kind group_send, in the place of whom' }),
    moment: moment.optional().openapi({ description: 'Of kind moment' }),
    exclusions: z
      .array(z.strictObject({ name: z.string().trim().min(1).max(60), whom }))
      .max(12)
      .default([]),
    variants: z.array(variant).min(1).max(12),
    schedule,
    window: z
      .strictObject({ from: minute, until: minute })
      .nullable()
      .openapi({ description: 'Members are asked within these minutes of the corp’s day only' }),
    expires_hours: z
      .int()
      .min(1)
      .max(168)
      .default(24)
      .openapi({ description: 'A task not confirmed by then is cancelled' }),
    senders: z
      .strictObject({
        set: z.uuid().nullable().openapi({ description: 'Only the members of this set' }),
        most: z.int().min(1).max(100_000).nullable().openapi({ description: 'Customers a member at most' }),
      })
      .default({ set: null, most: null }),
    governed: z
      .strictObject({
        when_capped: z.enum(['hold', 'drop']),
        wait_hours: z.int().min(0).max(720),
        priority: z.int().min(1).max(9).openapi({ description: 'The greater first' }),
      })
      .default({ when_capped: 'drop', wait_hours: 0, priority: 5 }),
    holdout_permille: z.int().min(0).max(500).default(50),
    elsewhere: elsewhere.optional(),
    coupon: campaignCoupon.optional().openapi({ description: 'What the report calls issued, claimed and redeemed' }),
    canary: z
      .strictObject({
        permille: z.int().min(1).max(500),
        hours: z.int().min(1).max(72),
        most_deletes_permille: z.int().min(1).max(500),
      })
      .nullable()
      .default(null),
    attribution: z
      .strictObject({ click_hours: z.int().min(1).max(1_440), send_hours: z.int().min(1).max(720) })
      .openapi({ description: 'An order is credited so long after a click, or after a delivery without one' })
      .default({ click_hours: 168, send_hours: 24 }),
    reminders: z.int().min(0).max(3).default(1),
  })
  .openapi('CampaignSpec')
export type CampaignSpec = z.output<typeof campaignSpec>
