import { z } from '@hono/zod-openapi'
import { pageQuery } from '../../infra/http/api.ts'

export const groupsQuery = pageQuery.extend({
  q: z.string().max(60).optional().openapi({ description: 'Part of the name of the group or of its owner' }),
  owner: z.string().max(64).optional().openapi({ description: 'Userid of the owner' }),
  dismissed: z.enum(['no', 'yes', 'all']).default('no'),
})

const state = z.enum(['normal', 'owner_left', 'inheriting', 'inherited', 'dismissed'])
const owner = z.object({ userid: z.string(), name: z.string() })

export const groupItem = z
  .object({
    chat_id: z.string(),
    name: z.string().openapi({ description: 'Empty where nobody has named the group' }),
    owner,
    state,
    members: z.int().openapi({ description: 'Members of the corp and customers who are in it now' }),
    customers: z.int(),
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
