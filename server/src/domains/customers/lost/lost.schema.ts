import { z } from '@hono/zod-openapi'
import { pageQuery } from '../../../infra/http/api.ts'

export const lostQuery = pageQuery.extend({
  by: z.enum(['customer', 'staff']).optional().openapi({ description: 'Who deleted whom; left out: both' }),
  staff: z.string().max(64).optional(),
  store: z.uuid().optional(),
  channel: z.uuid().optional(),
  from: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Ended then or later' }),
  until: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Ended before' }),
})

const lostTouch = z.object({
  kind: z.string().openapi({ description: 'Of an event of the timeline, such as order.paid' }),
  at: z.string(),
  userid: z.string().nullable(),
  staff_name: z.string().nullable(),
  amount: z.int().nullable(),
  tags: z.array(z.string()),
  about: z.string().nullable(),
})

export const lostCustomer = z
  .object({
    id: z.number().openapi({ description: 'The id of the customer page' }),
    name: z.string().openapi({ description: 'Masked for those who may not see personal data' }),
    masked: z.boolean(),
    avatar: z.string().nullable(),
    userid: z.string(),
    staff_name: z.string(),
    store: z.string().nullable(),
    channel: z.string().nullable(),
    by: z
      .enum(['customer', 'staff'])
      .nullable()
      .openapi({ description: 'Null: the platform only showed that it was over' }),
    added_at: z.string().nullable(),
    ended_at: z.string(),
    others: z.array(z.string()).openapi({ description: 'Members who still have him' }),
    groups: z.array(z.string()).openapi({ description: 'Customer groups that he is still in' }),
    hints: z.array(z.enum(['colleague', 'group', 'account', 'phone', 'check_member', 'early'])),
    touches: z.array(lostTouch).openapi({ description: 'What happened before he left, the latest first' }),
  })
  .openapi('LostCustomer')

export const lostFigures = z.object({ days: z.int(), by_customer: z.int(), by_staff: z.int() }).openapi('LostFigures')
