import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../infra/http/api.ts'

const said = z.object({ zh: z.string(), en: z.string() })

export const messageStates = ['waiting', 'making', 'sent', 'refused', 'unknown'] as const

export const messageQuery = pageQuery.extend({
  userid: z.string().min(1).max(64).optional(),
  state: z.enum(messageStates).optional(),
})

export const messageView = z
  .object({
    id: z.int(),
    at: z.string(),
    userid: z.string(),
    staff_name: z.string().nullable(),
    kind: z.string(),
    kind_name: said,
    text: z.string().openapi({ description: 'As it stands in the message, alone or among others' }),
    state: z.enum(messageStates).openapi({
      description: 'unknown: the answer was lost for longer than the platform can tell repetitions',
    }),
    together: z.int().nullable().openapi({ description: 'How many were told in the same message' }),
    told_at: z.string().nullable(),
    problem: said.nullable(),
  })
  .openapi('AppMessage')
export const messagePage = pageOf(messageView)

export const templateView = z
  .object({
    kind: z.string(),
    name: said,
    variables: z.array(z.string()),
    words: z.string(),
    standard: z.string().openapi({ description: 'The words that come with the product' }),
    enabled: z.boolean(),
    changed_at: z.string().nullable(),
  })
  .openapi('AppMessageTemplate')
export const templateList = z.object({ items: z.array(templateView) })

export const templateInput = z.object({
  enabled: z.boolean(),
  words: z.string().trim().min(1).max(300).openapi({ description: 'One line; variables in braces' }),
})
