import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../infra/http/api.ts'

const moment = z.iso.datetime({ offset: true })
const note = z.string().trim().max(100).default('')

export const leaveView = z
  .object({
    id: z.uuid(),
    userid: z.string(),
    name: z.string(),
    from: z.iso.datetime(),
    until: z.iso.datetime(),
    note: z.string(),
    set_by: z.string(),
    set_at: z.iso.datetime(),
  })
  .openapi('StaffLeave')

export const leavesQuery = pageQuery.extend({
  userid: z.string().max(64).optional(),
  when: z.enum(['now', 'coming', 'past', 'open']).default('open').openapi({
    description: 'now: has begun; coming: has not; past: is over; open: is not over',
  }),
})
export const leavesPage = pageOf(leaveView)

export const leaveChange = z.strictObject({ from: moment, until: moment, note })

export const leavesInput = z
  .strictObject({
    preview: z.boolean().default(false).openapi({ description: 'Only answers; nothing is noted' }),
    leaves: z
      .array(z.strictObject({ userid: z.string().min(1).max(64), from: moment, until: moment, note }))
      .min(1)
      .max(5_000),
  })
  .openapi('StaffLeavesInput')

export const leavesTaken = z
  .object({
    added: z.int(),
    known: z.int(),
    refused: z.int(),
    items: z
      .array(
        z.object({
          state: z.enum(['added', 'known', 'refused']),
          id: z.uuid().nullable(),
          why: z.string().nullable().openapi({ description: 'Of what was refused, in the reader’s language' }),
        }),
      )
      .openapi({ description: 'One a row, in their order' }),
  })
  .openapi('StaffLeavesTaken')
