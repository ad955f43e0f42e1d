import { z } from '@hono/zod-openapi'
import { pageQuery } from '../../../infra/http/api.ts'
import { storeFieldNames } from './stores.ts'

const text = (most: number) => z.string().trim().max(most).nullable()

export const storeBody = z
  .object({
    name: z.string().trim().min(1).max(60),
    city: text(30).default(null),
    region: text(30).default(null),
    address: text(200).default(null),
    latitude: z.number().min(-90).max(90).nullable().default(null),
    longitude: z.number().min(-180).max(180).nullable().default(null),
    opening_hours: text(60).default(null),
    manager_userid: text(64).default(null),
    department_id: z.int().positive().nullable().default(null),
  })
  .openapi('StoreInput')
export type StoreBody = z.infer<typeof storeBody>

export const newStore = storeBody
  .extend({
    code: z
      .string()
      .trim()
      .regex(/^[\p{L}\p{N}_.-]{1,32}$/u),
  })
  .openapi('NewStore')

export const storeView = z
  .object({
    id: z.uuid(),
    code: z.string(),
    ...storeBody.shape,
    department_name: z.string().nullable(),
    manager_name: z.string().nullable(),
    staff: z.int().openapi({ description: 'members who belong to it now' }),
    channels: z.int(),
    closed_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
  })
  .openapi('Store')

export const storesQuery = pageQuery.extend({
  q: z.string().max(100).optional(),
  city: z.string().max(30).optional(),
  region: z.string().max(30).optional(),
  status: z.enum(['open', 'closed', 'unmapped', 'unmanned']).optional(),
})

export const storeFacetsView = z
  .object({
    cities: z.array(z.string()),
    regions: z.array(z.string()),
    open: z.int(),
    closed: z.int(),
    unmapped: z.int().openapi({ description: 'open, without a department' }),
    unmanned: z.int().openapi({ description: 'open, without a member' }),
  })
  .openapi('StoreFacets')

export const storeId = z.object({ id: z.uuid() })

const said = z.object({ zh: z.string(), en: z.string() })
const storeDiff = z.object({ field: z.enum(storeFieldNames), from: z.string().nullable(), to: z.string().nullable() })

/** Progress of an import and, at its end, its result. Kept small: at most so many changes are listed. */
export const importStanding = z
  .object({
    dry_run: z.boolean(),
    next: z.int(),
    made: z.int(),
    changed: z.int(),
    same: z.int(),
    moved: z.int().openapi({ description: 'members who belong to another store than before; 0 in a dry run' }),
    errors: z.array(z.object({ line: z.int(), code: z.string(), said })),
    changes: z
      .array(z.object({ line: z.int(), code: z.string(), new: z.boolean(), changed: z.array(storeDiff) }))
      .openapi({ description: 'the first 200' }),
  })
  .openapi('StoreImport')
export type ImportStanding = z.infer<typeof importStanding>
export const listedChanges = 200
