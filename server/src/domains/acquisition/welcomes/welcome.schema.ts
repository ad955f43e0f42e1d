import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../infra/http/api.ts'
import { attachmentSchema } from '../../content/index.ts'
import { bandStages, customerStages, welcomeLevels } from './welcome.ts'

const content = z.object({
  text: z.string().max(6_000).openapi({ description: 'May hold {客户昵称} {员工姓名} {门店} {少打扰}' }),
  text_without_name: z
    .string()
    .max(6_000)
    .default('')
    .openapi({ description: 'When the name does not come within a second' }),
  attachments: z.array(attachmentSchema).max(20).default([]),
})

export const welcomeBandSchema = z
  .object({
    name: z.string().trim().min(1).max(30),
    stage: z.enum(bandStages).default('both').openapi({
      description: 'For new customers, for those who had a relation with the brand before, or both',
    }),
    weekdays: z.array(z.int().min(0).max(6)).min(1).max(7).openapi({ description: '0 Monday … 6 Sunday' }),
    from_minute: z.int().min(0).max(1439),
    until_minute: z.int().min(0).max(1440).openapi({ description: 'Not after from_minute: past midnight' }),
    content,
  })
  .openapi('WelcomeBand')

export const welcomeInput = z.object({
  level: z.enum(welcomeLevels),
  target: z
    .string()
    .max(64)
    .default('')
    .openapi({ description: 'Channel id, userid or store id; empty for the default' }),
  name: z.string().trim().min(1).max(60),
  bands: z.array(welcomeBandSchema).min(1).max(12),
  note: z.string().max(200).default(''),
})

export const welcomeVersionInput = welcomeInput.pick({ name: true, bands: true, note: true })

export const faultSchema = z
  .object({ field: z.string(), problem: z.string(), used: z.number().nullable(), limit: z.number().nullable() })
  .openapi('WelcomeFault')

export const welcomeCheckView = z.object({
  faults: z.array(faultSchema),
  text_limit_bytes: z.number(),
  attachments_limit: z.number(),
})

export const welcomeRow = z
  .object({
    id: z.string(),
    level: z.enum(welcomeLevels),
    target: z.string(),
    target_name: z.string().nullable(),
    name: z.string(),
    enabled: z.boolean(),
    version: z.number().nullable(),
    versions: z.number(),
    bands: z.array(z.string()),
    sent_7d: z.number(),
    changed_at: z.string().nullable(),
    changed_by: z.string().nullable(),
  })
  .openapi('WelcomeRow')

export const welcomePage = pageOf(welcomeRow)
export const welcomeListQuery = pageQuery.extend({
  level: z.enum(welcomeLevels).optional(),
  q: z.string().max(60).optional(),
})

export const welcomeVersionView = z.object({
  id: z.string(),
  number: z.number(),
  active: z.boolean(),
  note: z.string().nullable(),
  created_by: z.string(),
  created_at: z.string(),
  bands: z.array(welcomeBandSchema),
})
export const welcomeDetail = welcomeRow.extend({ history: z.array(welcomeVersionView) }).openapi('WelcomeDetail')

export const welcomeTestInput = z.object({
  userid: z.string().min(1).max(64),
  channel_id: z.uuid().optional(),
  stage: z.enum(customerStages).default('new'),
  at: z.iso.datetime({ offset: true }).optional(),
  customer_name: z.string().max(200).optional(),
})

export const welcomeTestView = z
  .object({
    asked: z.object({
      userid: z.string(),
      staff_name: z.string().nullable(),
      store_name: z.string().nullable(),
      channel_id: z.string().nullable(),
      channel_name: z.string().nullable(),
      stage: z.enum(customerStages),
      at: z.string(),
      zone: z.string(),
    }),
    considered: z.array(
      z.object({
        level: z.enum(welcomeLevels),
        welcome_id: z.string().nullable(),
        name: z.string().nullable(),
        version: z.number().nullable(),
        outcome: z.enum(['won', 'overruled', 'outside_hours', 'other_customers', 'not_set', 'not_applicable']),
      }),
    ),
    band: z.string().nullable(),
    band_stage: z.enum(bandStages).nullable(),
    text: z.string().nullable(),
    attachments: z.array(attachmentSchema),
    missing_assets: z.array(z.string()),
  })
  .openapi('WelcomeTest')

export const idParam = z.object({ id: z.uuid() })
