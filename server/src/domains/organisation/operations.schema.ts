import { z } from '@hono/zod-openapi'

export const operationView = z
  .object({
    id: z.uuid(),
    kind: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
    done: z.number(),
    /** null: not known yet. */
    total: z.number().nullable(),
    /** What it made, by its kind. */
    result: z.unknown(),
    error: z.string().nullable(),
    cancel_asked: z.boolean(),
    started_by: z.string(),
    created_at: z.iso.datetime(),
    started_at: z.iso.datetime().nullable(),
    finished_at: z.iso.datetime().nullable(),
  })
  .openapi('Operation')

export const operationsView = z.object({ items: z.array(operationView) }).openapi('Operations')
export const operationsQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) })
export const operationId = z.object({ id: z.uuid() })
