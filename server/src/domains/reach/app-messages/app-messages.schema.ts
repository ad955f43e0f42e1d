import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../infra/http/api.ts'
import { deeds } from './button.ts'

const said = z.object({ zh: z.string(), en: z.string() })

export const messageStates = ['waiting', 'making', 'sent', 'refused', 'unknown'] as const

export const buttonView = z
  .object({
    does: z.enum(deeds).openapi({
      description: 'acknowledge: who read it says so · done: the member’s task is marked as done · open: a page opens',
    }),
    text: z.string().trim().min(1).max(10),
    url: z.string().max(2_000).optional().openapi({ description: 'Of open' }),
  })
  .openapi('AppMessageButton')

export const messageQuery = pageQuery.extend({
  userid: z.string().min(1).max(64).optional(),
  state: z.enum(messageStates).optional(),
  tap: z
    .enum(['waiting', 'taken'])
    .optional()
    .openapi({ description: 'Only cards: nobody tapped them, or somebody did' }),
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
    card: z.boolean().openapi({ description: 'It went out with buttons' }),
    tap: z
      .object({ at: z.string(), outcome: z.string() })
      .nullable()
      .openapi({ description: 'What the first tap came to, as it stands on the card' }),
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
    buttons: z.array(buttonView),
    deeds: z
      .array(z.enum(deeds))
      .openapi({ description: 'What buttons of this kind may do; none where they are given' }),
    changed_at: z.string().nullable(),
  })
  .openapi('AppMessageTemplate')
export const templateList = z.object({ items: z.array(templateView) })

export const templateInput = z.object({
  enabled: z.boolean(),
  words: z.string().trim().min(1).max(300).openapi({ description: 'One line; variables in braces' }),
  buttons: z.array(buttonView).max(6).default([]).openapi({ description: 'With buttons it goes out as a card' }),
})
