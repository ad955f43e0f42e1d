import { z } from '@hono/zod-openapi'
import { pageQuery } from '../../../infra/http/api.ts'
import { customerStatuses } from '../cards/cards.ts'

export const customersQuery = pageQuery.extend({
  q: z.string().max(60).optional().openapi({
    description: 'Part of name, pinyin, initials or remark; or a whole member number, phone number or imported name',
  }),
  staff: z.string().max(64).optional(),
  channel: z.uuid().optional(),
  tag: z.string().max(64).optional(),
  added_from: z.iso.datetime({ offset: true }).optional().openapi({ description: 'The last add, inclusive' }),
  added_until: z.iso.datetime({ offset: true }).optional().openapi({ description: 'The last add, exclusive' }),
  status: z.enum(customerStatuses).optional(),
  audience: z.uuid().optional().openapi({ description: 'Members of this audience' }),
})

/** What a timeline can be narrowed to, and the first parts of the kinds of events that tell of it. */
export const timelineOfWhat = {
  relations: ['relation'],
  welcomes: ['welcome'],
  orders: ['order'],
  notes: ['customer'],
  standing: ['stage', 'tier', 'audience'],
  sends: ['send', 'moment', 'touch'],
  groups: ['group'],
  accounts: ['oa'],
  persons: ['person'],
} as const
const timelineParts = [
  ...(['relations', 'welcomes', 'orders', 'notes', 'standing', 'sends'] as const),
  ...(['groups', 'accounts', 'persons'] as const),
]
export const timelineQuery = pageQuery.extend({
  about: z.enum(timelineParts).optional().openapi({ description: 'Only what happened of this; left out: everything' }),
})

const named = z.object({ id: z.string(), name: z.string() })
const member = z.object({
  userid: z.string(),
  name: z.string(),
  status: z.enum(['alive', 'half', 'ended']),
})

export const customerItem = z
  .object({
    id: z.number(),
    name: z.string().openapi({ description: 'Masked for those who may not see personal data' }),
    masked: z.boolean(),
    avatar: z.string().nullable(),
    kind: z.enum(['wechat', 'wecom']),
    corp_name: z.string().nullable(),
    remark: z.string(),
    status: z.enum(customerStatuses),
    last_added_at: z.string(),
    members: z.array(member),
    tags: z.array(named),
    channels: z.array(named),
  })
  .openapi('CustomerItem')

export const customerRelation = z
  .object({
    userid: z.string(),
    staff_name: z.string(),
    status: z.enum(['alive', 'half', 'ended']),
    ended_by: z.enum(['customer', 'staff', 'transfer']).nullable(),
    added_at: z.string().nullable(),
    first_added_at: z.string().nullable(),
    half_at: z.string().nullable(),
    ended_at: z.string().nullable(),
    channel: named.nullable(),
    state: z.string().nullable(),
    add_way: z.int().nullable(),
    remark: z.string(),
    description: z.string(),
    mobiles: z.array(z.string()).openapi({ description: 'Phone numbers that the member noted, masked like the name' }),
    tags: z.array(named.extend({ group: z.string() })),
    personal_tags: z.array(z.string()),
    detail_at: z.string().nullable(),
  })
  .openapi('CustomerRelation')

export const customerDetail = z
  .object({
    id: z.number(),
    external_userid: z.string().nullable(),
    unionid: z
      .string()
      .nullable()
      .openapi({ description: 'Only for those who may see personal data, and where a developer account is bound' }),
    name: z.string(),
    masked: z.boolean(),
    avatar: z.string().nullable(),
    gender: z.enum(['unknown', 'male', 'female']),
    kind: z.enum(['wechat', 'wecom']),
    corp_name: z.string().nullable(),
    status: z.enum([...customerStatuses, 'none']).openapi({ description: 'none: no member ever added him' }),
    imported: z
      .object({ name: z.string(), phone: z.string(), at: z.string() })
      .nullable()
      .openapi({ description: 'What imports told last, masked like the name' }),
    created_at: z.string(),
    detail_at: z.string().nullable(),
    relations: z.array(customerRelation),
  })
  .openapi('CustomerDetail')

const considered = z.object({
  level: z.enum(['channel', 'person', 'store', 'default']),
  name: z.string().nullish(),
  version: z.number().nullish(),
  outcome: z.enum(['won', 'overruled', 'outside_hours', 'other_customers', 'not_set', 'not_applicable']),
})
const customerStage = z.enum(['new', 'returning'])
const bandStage = z.enum(['both', 'new', 'returning'])
/** The decision as it was stored with the add. */
export const storedTrace = z.object({
  asked: z.object({
    staffName: z.string().nullish(),
    storeName: z.string().nullish(),
    channelName: z.string().nullish(),
    at: z.string().nullish(),
    half: z.boolean().nullish(),
    hasCode: z.boolean().nullish(),
    stage: customerStage.nullish(),
  }),
  considered: z.array(considered),
  band: z.string().nullish(),
  bandStage: bandStage.nullish(),
  tried: z.array(z.object({ app: z.string().nullish(), errcode: z.number().nullish() })).nullish(),
})

export const timelineItem = z
  .object({
    id: z.number(),
    kind: z.string(),
    userid: z.string().nullable(),
    staff_name: z.string().nullable(),
    at: z.string(),
    learnt_at: z.string(),
    channel: z.string().nullable(),
    tags: z.array(z.string()),
    by: z.string().nullable().openapi({
      description: 'Who ended it: customer, staff or transfer; of a group self, removed, dismissed or unknown',
    }),
    amount: z.int().nullable().openapi({ description: 'Of an order: fen paid or given back' }),
    group: z.string().nullable().openapi({ description: 'Name of the customer group that he joined or left' }),
    scene: z
      .int()
      .nullable()
      .openapi({ description: 'How he came into the group: 1 invited, 2 by a link, 3 by a code' }),
    about: z
      .string()
      .nullable()
      .openapi({ description: 'Name of the stage, value tier, campaign or fields that it is about' }),
    held: z
      .object({ reason: z.string(), until: z.string().nullable() })
      .nullable()
      .openapi({ description: 'Why the governor held or dropped a touch, and until when' }),
    welcome: z
      .object({
        outcome: z.string(),
        errcode: z.number().nullable(),
        reason: z.string().nullable(),
        ms: z.number().nullable().openapi({ description: 'From receipt to the platform’s answer' }),
        staff_name: z.string().nullable(),
        store_name: z.string().nullable(),
        channel_name: z.string().nullable(),
        band: z.string().nullable(),
        band_stage: bandStage.nullable(),
        stage: customerStage.nullable().openapi({ description: 'Whether the customer was new to the brand' }),
        tried: z
          .array(z.object({ app: z.string().nullable(), errcode: z.number().nullable() }))
          .openapi({ description: 'The calls when there was more than one: whose code, and the platform’s answer' }),
        decided_at: z.string(),
        considered: z.array(considered),
      })
      .nullable()
      .openapi({ description: 'Of an add: which welcome it got, and why' }),
  })
  .openapi('CustomerEvent')

export const revealed = z
  .object({
    name: z.string(),
    imported: z.object({ name: z.string(), phone: z.string() }).nullable(),
    relations: z.array(
      z.object({ userid: z.string(), remark: z.string(), description: z.string(), mobiles: z.array(z.string()) }),
    ),
  })
  .openapi('RevealedCustomer')

export const filterOptions = z
  .object({
    tags: z.array(named.extend({ group: z.string() })),
    channels: z.array(named),
    staff: z.array(named),
    audiences: z.array(named),
  })
  .openapi('CustomerFilterOptions')

export const savedView = z
  .object({ id: z.uuid(), name: z.string(), filters: z.record(z.string(), z.string()) })
  .openapi('SavedView')
export const savedViewInput = z.object({
  name: z.string().trim().min(1).max(40),
  filters: z.record(z.string().max(40), z.string().max(200)),
})

export const syncReportView = z
  .object({
    id: z.uuid(),
    kind: z.enum(['sync.first', 'sync.reconcile']),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
    done: z.number(),
    total: z.number().nullable(),
    error: z.string().nullable(),
    cancel_asked: z.boolean(),
    created_at: z.string(),
    started_at: z.string().nullable(),
    finished_at: z.string().nullable(),
    report: z
      .object({
        departments: z.int(),
        members: z.int(),
        tags: z.int(),
        relations: z.int(),
        found: z.int(),
        one_way: z.int(),
        vanished: z.int(),
        kept: z.int(),
        skipped: z.array(z.object({ userid: z.string(), errcode: z.int() })),
        calls: z.int(),
      })
      .nullable(),
    groups: z
      .object({
        listed: z.int(),
        read: z.int(),
        members: z.int(),
        found: z.int(),
        gone: z.int(),
        created: z.int(),
        dismissed: z.int(),
        changed: z.int(),
        refused: z.int(),
        refused_named: z.array(z.object({ chat_id: z.string(), errcode: z.int() })),
        unavailable: z.int().optional(),
        calls: z.int(),
      })
      .nullable()
      .openapi({ description: 'Customer groups: how far their reading is, or what it found' }),
  })
  .openapi('CustomerSync')

export const syncStatus = z
  .object({
    first_done_at: z.string().nullable(),
    last_done_at: z.string().nullable(),
    next_at: z.string().nullable().openapi({ description: 'The next nightly reconcile' }),
    customers: z.number(),
    waiting: z.number().openapi({ description: 'Details, tags and remarks still to be read or put on' }),
    runs: z.array(syncReportView),
  })
  .openapi('CustomerSyncStatus')

export const difference = z
  .object({
    id: z.number(),
    kind: z.enum(['found', 'vanished', 'kept']),
    customer_id: z.number(),
    customer_name: z.string(),
    userid: z.string(),
    staff_name: z.string(),
    added_at: z.string().nullable(),
    at: z.string(),
    operation_id: z.string(),
  })
  .openapi('SyncDifference')
