import { z } from '@hono/zod-openapi'
import { errorResponses } from '../../infra/http/api.ts'
import { tagSources } from './tag-state.ts'

const name = z.string().trim().min(1).max(60)
const id = z.string().min(1).max(128)

export const byId = z.object({ id })
export const done = { 204: { description: 'Done' }, ...errorResponses }

export const tagItem = z
  .object({
    id,
    name: z.string(),
    position: z.number(),
    at_platform: z.boolean(),
    customers: z
      .number()
      .nullable()
      .openapi({ description: 'Persons who have it; null for those who see a part of the corp' }),
    moving: z.object({ operation_id: z.string(), to_group: z.string() }).nullable(),
    rule: z
      .object({
        audience_id: z.string(),
        audience: z.string(),
        audience_kind: z.string(),
        keep_days: z.int().nullable(),
        followed_at: z.string().nullable(),
      })
      .nullable()
      .openapi({ description: 'The audience that it follows: who is in it has the tag' }),
  })
  .openapi('Tag')

export const tagGroupItem = z
  .object({
    id,
    name: z.string(),
    kind: z.enum(['corp', 'strategy', 'own']),
    strategy_id: z.number().nullable(),
    ours: z.boolean().openapi({ description: 'Made by our app: it may be changed here' }),
    truth: z.enum(['ours', 'wecom']).openapi({ description: 'Who wins where both sides changed' }),
    exclusive: z.boolean(),
    sensitive: z.boolean(),
    position: z.number(),
    at_platform: z.boolean(),
    tags: z.array(tagItem),
  })
  .openapi('TagGroup')

export const tagCatalogue = z
  .object({
    groups: z.array(tagGroupItem),
    counted_at: z.string().nullable(),
    used: z.int().openapi({ description: 'Tags at the platform' }),
    most: z.int(),
    name_chars: z.int(),
  })
  .openapi('TagCatalogue')

export const newGroup = z
  .object({
    name,
    kind: z.enum(['corp', 'strategy', 'own']),
    strategy_id: z.int().positive().optional(),
    tags: z.array(name).min(1).max(100),
    exclusive: z.boolean().default(false),
    sensitive: z.boolean().default(false),
  })
  .openapi('NewTagGroup')

export const groupChange = z
  .object({
    name: name.optional(),
    exclusive: z.boolean().optional(),
    sensitive: z.boolean().optional(),
    truth: z.enum(['ours', 'wecom']).optional(),
  })
  .openapi('TagGroupChange')

export const newTags = z.object({ names: z.array(name).min(1).max(100) })
export const tagChange = z.object({ name })
export const tagOrder = z.object({
  ids: z.array(id).min(1).max(500).openapi({ description: 'The first comes first' }),
})
export const made = z.object({ id: z.string() })
export const begun = z.object({ operation_id: z.uuid() })

export const moveAsk = z.object({ to_group: id, undo: z.boolean().default(false) })
export const moveCostView = z
  .object({
    marks: z.int(),
    calls: z.int(),
    minutes: z.int(),
    empties_group: z.boolean().openapi({ description: 'The old group goes with its last tag' }),
  })
  .openapi('TagMoveCost')

export const ruleAsk = z.object({
  audience_id: z.uuid(),
  keep_days: z
    .int()
    .min(1)
    .max(3_650)
    .nullable()
    .default(null)
    .openapi({ description: 'How long it holds after somebody joined; null: until he leaves' }),
})
export const ruleCostView = z
  .object({
    persons: z.int().openapi({ description: 'In the audience now' }),
    calls: z.int().openapi({ description: 'Calls of the platform at most; none for tags of our own' }),
    minutes: z.int(),
  })
  .openapi('TagRuleCost')

export const putAsk = z.object({
  tag_ids: z.array(id).min(1).max(100),
  says: z.boolean().openapi({ description: 'Put on, or take off' }),
  with_tag: id.optional().openapi({ description: 'Everybody who has this tag' }),
  customers: z.array(z.int().positive()).min(1).max(10_000).optional(),
})

export const differenceView = z
  .object({
    key: z.string(),
    kind: z.enum(['renamed', 'reordered', 'gone']),
    of: z.enum(['group', 'tag']),
    name: z.string(),
    group: z.string().nullable(),
    ours: z.string().nullable(),
    theirs: z.string().nullable(),
    wins: z.enum(['ours', 'wecom']),
    conflict: z.boolean(),
  })
  .openapi('TagDifference')

export const markView = z
  .object({
    customer_id: z.int(),
    customer_name: z.string(),
    userid: z.string(),
    staff_name: z.string(),
    tag_id: z.string(),
    tag: z.string(),
    group: z.string(),
    wanted: z.boolean(),
    wins: z.enum(['ours', 'wecom']),
    found_at: z.string(),
  })
  .openapi('TagMarkDifference')

export const refusedView = z.object({
  customer_id: z.int(),
  customer_name: z.string(),
  staff_name: z.string(),
  add: z.array(z.string()),
  remove: z.array(z.string()),
  reason: z.string(),
})

export const syncStatus = z
  .object({
    checked_at: z.string().nullable(),
    catalogue: z.array(differenceView),
    marks: z.int(),
    waiting: z.int().openapi({ description: 'Relations whose change is on its way' }),
    refused: z.int(),
    running: z.object({ id: z.uuid(), kind: z.string(), done: z.number(), total: z.number().nullable() }).nullable(),
    last: z
      .object({ id: z.uuid(), at: z.string(), changes: z.int(), by: z.string() })
      .nullable()
      .openapi({ description: 'The last applied sync that can be undone' }),
  })
  .openapi('TagSyncStatus')

export const applyAsk = z.object({
  keys: z.array(z.string().max(200)).max(1_000).optional(),
  marks: z
    .array(z.object({ customer_id: z.int(), userid: z.string().max(64), tag_id: id }))
    .max(1_000)
    .optional(),
  winner: z.enum(['ours', 'wecom']).optional().openapi({ description: 'Against the rule, this side' }),
})

export const personTagView = z
  .object({
    tag_id: z.string(),
    name: z.string(),
    group_id: z.string(),
    group: z.string(),
    has: z.boolean(),
    at_platform: z.boolean(),
    sensitive: z.boolean(),
    exclusive: z.boolean(),
    source: z.enum(tagSources),
    evidence: z.record(z.string(), z.unknown()),
    said_by: z.string().nullable().openapi({ description: 'Name of the colleague, channel or rule behind it' }),
    confidence: z.number().nullable(),
    at: z.string(),
    expires_at: z.string().nullable(),
    lost: z.array(
      z.object({ source: z.enum(tagSources), why: z.string(), confidence: z.number().nullable(), at: z.string() }),
    ),
    pending: z.enum(['put', 'take']).nullable().openapi({ description: 'On its way to the platform' }),
    refused: z.string().nullable(),
  })
  .openapi('PersonTag')

export const personTags = z
  .object({
    items: z.array(personTagView),
    corrected: z
      .array(personTagView)
      .openapi({ description: 'What was put or inferred and does not hold, with the reason' }),
    consents: z.array(
      z.object({ group_id: z.string(), group: z.string(), given: z.boolean(), evidence: z.string(), at: z.string() }),
    ),
  })
  .openapi('PersonTags')

export const tagPut = z.object({
  tag_id: id,
  says: z.boolean(),
  expires_at: z.iso.datetime({ offset: true }).optional(),
  reason: z.string().trim().max(200).optional().openapi({ description: 'Why; never a name or a phone number' }),
})
export const consentPut = z.object({
  group_id: id,
  given: z.boolean(),
  evidence: z.string().trim().min(2).max(200).openapi({ description: 'How he agreed: the form, the chat, the day' }),
})
