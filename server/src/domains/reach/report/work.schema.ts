import { z } from '@hono/zod-openapi'

/** Newer figures that are asked for and not there yet; those that are kept stay readable. */
export const workView = z
  .object({
    state: z.enum(['waiting', 'running', 'failed']).openapi({
      description:
        'failed: the operation ended without them; of a run the night tries again, of a total who looks an hour later',
    }),
    asked_at: z.iso.datetime(),
    operation_id: z.uuid(),
    done: z.int().min(0).openapi({ description: 'Steps that are done' }),
    total: z.int().min(0).nullable().openapi({ description: 'Steps there are; null: not begun' }),
  })
  .openapi('ReportWork')
