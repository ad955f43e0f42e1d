import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../infra/http/api.ts'
import { channelKinds, strategies } from './channel.ts'

const length = (text: string) => [...text].length
/** Counted as the platform counts: one for each character, an emoji too. */
const text = (max: number, min = 0) =>
  z
    .string()
    .trim()
    .refine((t) => length(t) >= min && length(t) <= max, `needs ${min} to ${max} characters`)

const memberKey = z.string().regex(/^(staff|department|store):.{1,64}$/, 'needs kind:ref')

export const channelMemberSchema = z
  .object({
    kind: z.enum(['staff', 'department', 'store']),
    ref: z.string().min(1).max(64),
    weight: z.int().min(1).max(1000).default(1),
    daily_limit: z.int().min(1).max(10_000).nullable().default(null),
  })
  .openapi('ChannelMember')

export const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'needs HH:MM')
  .openapi({ example: '09:00' })

export const shiftSchema = z
  .object({
    weekdays: z.array(z.int().min(0).max(6)).min(1).max(7).openapi({ description: '0 Monday … 6 Sunday' }),
    from: clock,
    until: clock,
    members: z.array(memberKey).max(200).default([]).openapi({ description: '`kind:ref`; empty: all members' }),
  })
  .refine((shift) => shift.from !== '24:00' && shift.until !== '00:00', 'a day begins at 00:00 and ends at 24:00')
  .openapi('ChannelShift')

export const periodSchema = z
  .object({
    name: text(30, 1),
    from: z.iso.datetime({ offset: true }),
    until: z.iso.datetime({ offset: true }),
    members: z.array(memberKey).max(200).default([]).openapi({ description: 'empty: nobody is on duty' }),
  })
  .refine((period) => Date.parse(period.from) < Date.parse(period.until), 'must end after it begins')
  .openapi('ChannelPeriod')

const inputShape = {
  kind: z.enum(channelKinds),
  name: text(60, 1),
  group: text(30).default(''),
  tag_ids: z.array(z.string().min(1).max(128)).max(50).default([]),
  remark: text(20).default(''),
  description: text(150).default(''),
  skip_verify: z.boolean().default(true),
  exclusive: z.boolean().default(false),
  strategy: z.enum(strategies),
  fallback: z.enum(['members', 'closed']).default('members'),
  closed_text: text(100).default(''),
  daily_limit: z.int().min(1).max(1_000_000).nullable().default(null),
  expected_per_day: z.int().min(0).max(1_000_000).nullable().default(null),
  valid_from: z.iso.datetime({ offset: true }).nullable().default(null),
  valid_until: z.iso.datetime({ offset: true }).nullable().default(null),
  store_id: z.uuid().nullable().default(null),
  logo_id: z.uuid().nullable().default(null),
  members: z.array(channelMemberSchema).min(1).max(500),
  spares: z.array(channelMemberSchema).max(100).default([]),
  shifts: z.array(shiftSchema).max(50).default([]),
  periods: z.array(periodSchema).max(50).default([]),
}

export const channelInputSchema = z.object(inputShape).openapi('ChannelInput')
export type ChannelInput = z.output<typeof channelInputSchema>

/** What is checked while it is being typed: the name and the members may still be missing. */
export const channelTypingSchema = z
  .object({ ...inputShape, name: text(60).default(''), members: z.array(channelMemberSchema).max(500).default([]) })
  .openapi('ChannelTyping')

const refusedSchema = z.object({
  userid: z.string(),
  name: z.string(),
  reason: z.string(),
  said: z.string(),
  mend: z.string(),
})

export const deskSchema = z
  .object({
    tier: z.enum(['duty', 'spare', 'fallback', 'none']),
    closed: z.string().nullable(),
    users: z.array(z.object({ userid: z.string(), name: z.string() })),
    refused: z.array(refusedSchema),
    next_look: z.string().nullable(),
  })
  .openapi('ChannelDesk')

export const problemSchema = z
  .object({ kind: z.string(), said: z.string(), mend: z.string(), at: z.string(), errcode: z.number().optional() })
  .openapi('ChannelProblem')

const codeSchema = z.object({
  id: z.string(),
  userid: z.string(),
  kind: z.enum(['contact_way', 'link']),
  state: z.string(),
  config_id: z.string().nullable(),
  url: z.string().nullable(),
  content: z.string().nullable(),
  desired_users: z.array(z.string()),
  effective_users: z.array(z.string()),
  pending_since: z.string().nullable(),
  problem: problemSchema.nullable(),
})

export const channelRowSchema = z
  .object({
    id: z.string(),
    kind: z.enum(channelKinds),
    name: z.string(),
    group: z.string(),
    state: z.string(),
    strategy: z.enum(strategies),
    status: z.enum(['active', 'stopped', 'deleted']),
    store: z.object({ id: z.string(), name: z.string() }).nullable(),
    routed_store: z.object({ id: z.string(), name: z.string() }).nullable(),
    on_duty: z.int().openapi({ description: 'members behind the code at the platform now' }),
    ready: z.boolean().openapi({ description: 'the code exists and can be shown' }),
    pending_since: z.string().nullable(),
    problem: problemSchema.nullable(),
    adds_today: z.int(),
    adds_7d: z.int(),
    losses_7d: z.int(),
    scans_today: z.int().nullable().openapi({ description: 'null: nothing counts scans of this kind of code' }),
    valid_from: z.string().nullable(),
    valid_until: z.string().nullable(),
    created_at: z.string(),
  })
  .openapi('ChannelRow')

export const channelDetailSchema = channelRowSchema
  .extend({
    revision: z.int(),
    input: channelInputSchema,
    names: z.record(z.string(), z.string()).openapi({ description: 'names of the members by `kind:ref`' }),
    page_url: z.string().nullable().openapi({ description: 'address of the landing page' }),
    codes: z.array(codeSchema),
    desk: deskSchema,
  })
  .openapi('ChannelDetail')

export const channelListQuery = pageQuery.extend({
  q: z.string().max(60).optional(),
  kind: z.enum(channelKinds).optional(),
  status: z.enum(['active', 'stopped']).optional(),
  group: z.string().max(30).optional(),
  store_id: z.uuid().optional(),
  problem: z.enum(['yes']).optional(),
})

export const channelPageSchema = pageOf(channelRowSchema).extend({
  groups: z.array(z.string()),
  as_of: z.string(),
})

export const channelChecksSchema = z
  .object({
    errors: z.array(z.object({ field: z.string(), said: z.string(), mend: z.string() })),
    warnings: z.array(z.object({ field: z.string(), said: z.string(), mend: z.string() })),
    desk: deskSchema,
    overshoot_per_minute: z
      .number()
      .openapi({ description: 'adds that may still arrive until the platform knows of a change' }),
  })
  .openapi('ChannelChecks')
