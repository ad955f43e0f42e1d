import { z } from '@hono/zod-openapi'

export const callbackStates = ['done', 'pending', 'retrying', 'dead'] as const

export const callbackLogQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  kind: z.string().max(64).optional().openapi({ description: 'Event kind, whole or its beginning: customer.added' }),
  subject: z.string().max(128).optional().openapi({ description: 'external_userid, chat id or tag id' }),
  staff: z.string().max(64).optional(),
  app: z.string().max(32).optional(),
  state: z.enum(callbackStates).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
})

export const callbackLogItem = z
  .object({
    id: z.number(),
    app: z.string(),
    kind: z.string(),
    subject: z.string().nullable(),
    staff_userid: z.string().nullable(),
    staff_name: z.string().nullable(),
    received_at: z.string(),
    created_at: z.string(),
    state: z.enum(callbackStates),
    attempts: z.number(),
    reason: z.string().nullable(),
    next_at: z.string().nullable(),
  })
  .openapi('CallbackLogItem')

export const callbackDetail = callbackLogItem
  .extend({
    body: z.string().nullable().openapi({
      description: 'The decrypted document; personal data is masked for those who may not see it; null after erasure',
    }),
    masked: z.boolean(),
  })
  .openapi('CallbackDetail')

export const callbackId = z.object({ id: z.coerce.number().int().positive() })
