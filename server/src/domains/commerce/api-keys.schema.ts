import { z } from '@hono/zod-openapi'
import { keyScopes } from '../../infra/auth/caller.ts'

export const apiKeyView = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().openapi({ description: 'How the key begins' }),
    scopes: z.array(z.string()),
    per_minute: z.int(),
    created_at: z.string(),
    created_by: z.string().nullable(),
    last_used_at: z.string().nullable().openapi({ description: 'To the minute' }),
    revoked_at: z.string().nullable(),
  })
  .openapi('ApiKey')

export const newApiKey = z
  .object({
    name: z.string().trim().min(1).max(64),
    scopes: z.array(z.enum(keyScopes)).min(1).max(keyScopes.length),
    per_minute: z.int().min(1).max(60_000).default(600).openapi({ description: 'Requests a minute' }),
  })
  .openapi('NewApiKey')

export const madeApiKey = z
  .object({ key: apiKeyView, secret: z.string().openapi({ description: 'The key itself: shown this once' }) })
  .openapi('MadeApiKey')
