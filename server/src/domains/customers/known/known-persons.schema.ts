import { z } from '@hono/zod-openapi'
import { pageQuery } from '../../../infra/http/api.ts'

export const knownPersonsQuery = pageQuery.extend({
  q: z.string().max(60).optional().openapi({ description: 'A whole member number, id, phone number or imported name' }),
})

export const knownPerson = z
  .object({
    id: z.number().openapi({ description: 'The id of the customer page' }),
    name: z.string().openapi({ description: 'As an import told it; masked like every name' }),
    phone: z.string().openapi({ description: 'As an import told it; masked like every number' }),
    masked: z.boolean(),
    identities: z.array(z.object({ kind: z.string(), value: z.string() })),
    orders: z.int(),
    last_order_at: z.string().nullable(),
    known_since: z.string(),
  })
  .openapi('KnownPerson')
