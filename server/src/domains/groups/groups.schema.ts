import { z } from '@hono/zod-openapi'
import { pageQuery } from '../../infra/http/api.ts'

export const groupsQuery = pageQuery.extend({
  q: z.string().max(60).optional().openapi({ description: 'Part of the name of the group or of its owner' }),
  owner: z.string().max(64).optional().openapi({ description: 'Userid of the owner' }),
  store: z.uuid().optional().openapi({ description: 'The store in which the owner stands' }),
  dismissed: z.enum(['no', 'yes', 'all']).default('no'),
})

const state = z.enum(['normal', 'owner_left', 'inheriting', 'inherited', 'dismissed'])
const owner = z.object({ userid: z.string(), name: z.string() })
const store = z.object({ id: z.string(), name: z.string() }).nullable()

export const groupItem = z
  .object({
    chat_id: z.string(),
    name: z.string().openapi({ description: 'Empty where nobody has named the group' }),
    owner,
    store: store.openapi({ description: 'The store in which the owner stands' }),
    state,
    members: z.int().openapi({ description: 'Members of the corp and customers who are in it now' }),
    customers: z.int(),
    joined_7d: z
      .int()
      .openapi({ description: 'Customers who joined in the last seven days, those who left again too' }),
    left_7d: z.int().openapi({ description: 'Customers who left in the last seven days' }),
    created_at: z.string(),
    dismissed_at: z.string().nullable(),
    read_at: z.string(),
  })
  .openapi('Group')

export const groupOfCustomer = z
  .object({
    chat_id: z.string(),
    name: z.string(),
    owner,
    state,
    present: z.boolean(),
    joined_at: z.string().nullable(),
    scene: z.enum(['invited', 'link', 'code']).nullable(),
    invitor: owner.nullable(),
    state_of_way: z.string().nullable().openapi({ description: '`state` of the code by which he came' }),
    nickname: z.string().openapi({ description: 'His name in this group; masked as his name is' }),
    left_at: z.string().nullable(),
    left_by: z.enum(['self', 'removed', 'dismissed']).nullable().openapi({ description: 'null: nobody told' }),
  })
  .openapi('CustomerGroup')

export const groupDetail = groupItem
  .extend({
    notice: z.string().nullable(),
    admins: z.array(owner),
    ways: z
      .array(z.object({ scene: z.enum(['invited', 'link', 'code', 'unknown']), customers: z.int() }))
      .openapi({ description: 'How the customers who are in it now came, the most frequent first' }),
    invitors: z
      .array(owner.extend({ customers: z.int() }))
      .openapi({ description: 'Who invited most of the customers who are in it now' }),
    days: z
      .array(z.object({ day: z.string(), joined: z.int(), left: z.int() }))
      .openapi({ description: 'The last thirty days, today last' }),
  })
  .openapi('GroupDetail')

export const groupMembersQuery = pageQuery.extend({
  who: z
    .enum(['customers', 'newcomers', 'leavers', 'staff'])
    .default('customers')
    .openapi({ description: 'Who is in it now; who joined or left in the last seven days; members of the corp' }),
})

export const groupMember = z
  .object({
    id: z.string().openapi({ description: 'Userid or external_userid' }),
    kind: z.enum(['staff', 'customer']),
    customer_id: z.int().nullable().openapi({ description: 'null: of the corp, or nobody’s friend' }),
    name: z.string(),
    nickname: z.string().openapi({ description: 'The name in this group' }),
    present: z.boolean(),
    joined_at: z.string().nullable(),
    scene: z.enum(['invited', 'link', 'code']).nullable(),
    invitor: owner.nullable(),
    left_at: z.string().nullable(),
    left_by: z.enum(['self', 'removed', 'dismissed']).nullable(),
  })
  .openapi('GroupMember')
