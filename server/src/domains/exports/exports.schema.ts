import { z } from '@hono/zod-openapi'
import { exportFormats, exportStates } from './export.ts'

export const newExport = z.object({
  kind: z.string().max(40),
  format: z.enum(exportFormats),
  filters: z.record(z.string(), z.unknown()).default({}),
  reason: z.string().trim().max(200).default('').describe('What it is for; whoever has to agree reads it'),
})

const account = z.object({ id: z.uuid(), name: z.string() })

export const exportView = z
  .object({
    id: z.uuid(),
    kind: z.string(),
    kind_name: z.string(),
    title: z.string(),
    format: z.enum(exportFormats),
    filters: z.record(z.string(), z.unknown()),
    reason: z.string(),
    expected: z.int().nullable().describe('Rows when it was asked for'),
    state: z.enum(exportStates),
    operation_id: z.uuid().nullable(),
    done: z.int().describe('Rows that are written'),
    rows: z.int().nullable(),
    size: z.int().nullable().describe('Bytes'),
    masked: z.boolean().nullable(),
    problem: z.object({ message: z.string(), hint: z.string() }).nullable(),
    requested_by: account,
    requested_at: z.string(),
    decided_by: account.nullable(),
    decided_at: z.string().nullable(),
    decision: z.string().nullable(),
    finished_at: z.string().nullable(),
    expires_at: z.string().nullable(),
    downloads: z.int(),
    mine: z.boolean().describe('Only who asked takes the file'),
  })
  .openapi('Export')

export const askedView = z
  .object({
    about: z.object({ zh: z.string(), en: z.string() }).nullable().describe('Of what, where the filters do not say it'),
    columns: z.array(z.string()),
    masked: z.boolean().describe('Personal data is masked for who asked'),
    until: z.string().nullable().describe('Without an answer it ends then'),
  })
  .openapi('ExportAsked')

export const exportsQuery = z.object({ state: z.enum(exportStates).optional() })

export const decision = z.object({
  verdict: z.enum(['agree', 'refuse']),
  words: z.string().trim().max(200).default('').describe('Whoever asked reads it'),
})
