import { z } from '@hono/zod-openapi'

const count = z.number().int()

export const todayView = z
  .object({
    /** The business day, in the corp's zone. */
    date: z.string(),
    zone: z.string(),
    as_of: z.string(),
    adds: z.object({ today: count, yesterday_same_time: count, yesterday: count }),
    first_adds: z.object({ today: count, yesterday_same_time: count }),
    losses: z.object({ today: count, yesterday_same_time: count, yesterday: count }),
    staff_deleted: z.object({ today: count }),
    net: z.object({ today: count, yesterday_same_time: count }),
    customers_alive: count,
    welcome: z.object({
      with_code: count,
      sent: count,
      refused: count,
      late: count,
      unknown: count,
      no_code: count,
      not_set: count,
      /** Share of adds with a code whose welcome the platform took; null without such adds. */
      delivery: z.number().nullable(),
      p50_ms: z.number().nullable(),
      p95_ms: z.number().nullable(),
      p99_ms: z.number().nullable(),
    }),
    hours: z.array(z.object({ hour: count, adds: count, losses: count })),
    channels: z.array(z.object({ id: z.string(), name: z.string(), adds: count })),
    open_tasks: count,
  })
  .openapi('Today')
