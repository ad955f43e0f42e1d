import { z } from '@hono/zod-openapi'

export const importKinds = ['customers', 'orders', 'members', 'tags', 'stores'] as const
export type ImportKind = (typeof importKinds)[number]

export const importStates = [
  'uploading',
  'ready',
  'checking',
  'checked',
  'running',
  'done',
  'failed',
  'cancelled',
] as const
export type ImportState = (typeof importStates)[number]

/** One entry a column: the field that it fills, or null. */
export const mapping = z.array(z.string().max(80).nullable()).max(500)
export type Mapping = z.infer<typeof mapping>

const said = z.object({ zh: z.string(), en: z.string() })

export const look = z.object({
  format: z.enum(['csv', 'xlsx']),
  encoding: z.enum(['utf-8', 'gb18030', 'utf-16le']),
  separator: z.string(),
  headers: z.array(z.string()),
  /** The first rows. */
  samples: z.array(z.array(z.string())),
})
export type Look = z.infer<typeof look>

export const counts = z.object({
  new: z.int().default(0),
  changed: z.int().default(0),
  unchanged: z.int().default(0),
  rejected: z.int().default(0),
  /** Of all rows those that name something that an earlier row named; the later one counts. */
  repeated: z.int().default(0),
  /** Rejected rows by reason, in Chinese: the reasons that were met most. */
  reasons: z.array(z.object({ ...said.shape, rows: z.int() })).default([]),
})
export type Counts = z.infer<typeof counts>
export const noCounts: Counts = { new: 0, changed: 0, unchanged: 0, rejected: 0, repeated: 0, reasons: [] }

export const targetView = z.object({
  id: z.string(),
  name: z.string(),
  required: z.boolean(),
  identity: z.boolean(),
})

export const importView = z
  .object({
    id: z.uuid(),
    kind: z.enum(importKinds),
    file_name: z.string(),
    size: z.int(),
    received: z.int(),
    state: z.enum(importStates),
    look: look.nullable(),
    mapping: mapping.nullable(),
    targets: z.array(targetView).describe('Fields that columns may fill'),
    mapping_faults: z.array(z.string()).describe('Why it cannot be tried yet'),
    operation_id: z.uuid().nullable(),
    position: z.int().describe('Data rows behind it'),
    counts: counts.extend({ reasons: z.array(z.object({ reason: z.string(), rows: z.int() })) }),
    problem: z.object({ message: z.string(), hint: z.string() }).nullable(),
    created_at: z.string(),
    created_by: z.string().nullable(),
    finished_at: z.string().nullable(),
    file_there: z.boolean(),
  })
  .openapi('Import')

export const importItem = importView
  .pick({
    id: true,
    kind: true,
    file_name: true,
    size: true,
    state: true,
    position: true,
    created_at: true,
    created_by: true,
    finished_at: true,
  })
  .extend({ counts: counts.omit({ reasons: true }) })
  .openapi('ImportItem')

export const newImport = z.object({
  kind: z.enum(importKinds),
  file_name: z.string().min(1).max(200),
  size: z.int().min(1),
})

export const faultView = z.object({ line: z.int(), field: z.string(), reason: z.string(), hint: z.string() })
