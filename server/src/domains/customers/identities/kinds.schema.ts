import { z } from '@hono/zod-openapi'

const name = z.string().trim().min(1).max(40)

export const identityKind = z
  .object({
    kind: z.string(),
    name: z.string().nullable().openapi({ description: 'Null: one of the house, which the console names' }),
    strong: z.boolean().openapi({ description: 'Two who have the same are one person; else it only proposes' }),
    exclusive: z.boolean().openapi({ description: 'A person has one at most: a second one is a conflict' }),
    declared: z.boolean(),
    used: z.boolean().openapi({ description: 'Somebody is known by it: whether it is strong can no longer change' }),
  })
  .openapi('IdentityKind')

export const kindChange = z.object({ name, strong: z.boolean(), exclusive: z.boolean() })
export const kindInput = kindChange.extend({
  kind: z
    .string()
    .regex(/^[a-z][a-z0-9_]{1,31}$/)
    .openapi({ description: 'What other systems name it in `others`', example: 'till_no' }),
})
