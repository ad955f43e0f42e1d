import { z } from '@hono/zod-openapi'
import { kinds } from './all.ts'
import { factMapping } from './mapped.ts'

export const connectorView = z
  .object({
    id: z.uuid(),
    kind: z.string(),
    kind_name: z.string(),
    name: z.string(),
    config: z.record(z.string(), z.unknown()),
    enabled: z.boolean(),
    pulls: z.boolean(),
    receives: z.boolean(),
    address: z.string().nullable().describe('Where the other system posts to'),
    folder: z.string().nullable().describe('Where its files are put'),
    version: z.int(),
    last_try_at: z.string().nullable(),
    last_ok_at: z.string().nullable(),
    failure: z.string().nullable(),
    failures: z.int().describe('Tries that failed since the last one that did not'),
    next_try_at: z.string().nullable().describe('Machine time'),
    latest_fact_at: z.string().nullable(),
    lag_ms: z.int().nullable(),
    replay_from: z.string().nullable().describe('A replay is under way: what is older is left out'),
    replayed_from: z.string().nullable().describe('The latest replay that is over'),
    replayed_at: z.string().nullable(),
    accepted: z.int(),
    unchanged: z.int(),
    rejected: z.int(),
    created_at: z.string(),
  })
  .openapi('Connector')

export const newConnector = z.object({
  kind: z.enum(kinds),
  name: z.string().trim().min(1).max(64),
  config: z.record(z.string(), z.unknown()),
})
export const connectorChange = newConnector.pick({ name: true, config: true }).extend({
  enabled: z.boolean(),
  version: z.int().describe('The one that was read; refused when it is another by now'),
})

export const connectorVersion = z.object({
  version: z.int(),
  name: z.string(),
  config: z.record(z.string(), z.unknown()),
  enabled: z.boolean(),
  at: z.string(),
  by: z.string().nullable(),
})

export const mappingTry = z.object({
  mapping: factMapping,
  sample: z.string().max(200_000).describe('JSON as it is posted, or rows of a table with their header'),
  format: z.enum(['json', 'csv']).default('json'),
})
export const mappingTried = z.object({
  facts: z.array(
    z.object({
      fact: z.record(z.string(), z.unknown()),
      field: z.string().nullable(),
      reason: z.string().nullable(),
      hint: z.string().nullable(),
    }),
  ),
})

export const connectorFault = z.object({
  at: z.string(),
  number: z.string(),
  field: z.string(),
  reason: z.string(),
  hint: z.string(),
})
