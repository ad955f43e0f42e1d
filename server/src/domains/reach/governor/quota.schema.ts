import { z } from '@hono/zod-openapi'
import { capModes } from './quota.ts'

const frame = {
  mode: z.enum(capModes).openapi({
    description:
      'As many a month as it has days, 7 in any 7 days, one a day, or the old rule: 4 of the corp’s a month, members’ own apart',
  }),
  most: z.int(),
  renewed_at: z
    .string()
    .nullable()
    .openapi({ description: 'From when on the whole is there again; null: each send comes back after 7 days' }),
}
export const quotaFrameView = z.object(frame).openapi('PlatformQuotaRule')

export const quotaView = z
  .object({
    ...frame,
    known: z.int().openapi({ description: 'Sends that we know of' }),
    reserved: z.int().openapi({ description: 'Sends of open tasks' }),
    unknown: z.int().openapi({ description: 'Sends of others that the platform’s refusals tell of' }),
    left: z.int(),
  })
  .openapi('PlatformQuota')
