import { z } from '@hono/zod-openapi'
import { pageQuery } from '../../infra/http/api.ts'

/** The corp's own chain, or the installation's: what its administrators did before and beyond any corp. */
const chain = z.enum(['corp', 'installation']).default('corp')

export const chainQuery = z.object({ chain })

export const auditQuery = pageQuery.extend({
  chain,
  account: z.uuid().optional(),
  /** A whole action (`channel.update`) or a thing (`channel`). */
  action: z.string().max(80).optional(),
  outcome: z.enum(['done', 'refused']).optional(),
  object_kind: z.string().max(80).optional(),
  object_id: z.string().max(200).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
})

export const auditEntryView = z
  .object({
    seq: z.int(),
    at: z.iso.datetime(),
    account: z.object({ id: z.string().nullable(), name: z.string(), role: z.string() }),
    action: z.string(),
    outcome: z.enum(['done', 'refused']),
    object: z.object({ kind: z.string(), id: z.string().nullable() }),
    summary: z.object({
      before: z.record(z.string(), z.unknown()).optional(),
      after: z.record(z.string(), z.unknown()).optional(),
      reason: z.string().optional(),
      count: z.number().optional(),
    }),
    ip: z.string(),
    user_agent: z.string(),
    request_id: z.string(),
    hash: z.string(),
  })
  .openapi('AuditEntry')

export const auditFacets = z.object({
  actions: z.array(z.string()),
  accounts: z.array(z.object({ id: z.string(), name: z.string() })),
})

const anchorHash = z.string().regex(/^[0-9a-f]{64}$/)

export const verifyQuery = z
  .object({ chain, seq: z.coerce.number().int().min(1).optional(), hash: anchorHash.optional() })
  .refine((query) => (query.seq === undefined) === (query.hash === undefined), { error: 'seq and hash come together' })

export const chainReport = z
  .object({
    ok: z.boolean(),
    checked: z.int(),
    end: z.object({ seq: z.int(), hash: z.string() }),
    fault: z.object({ kind: z.enum(['changed', 'broken', 'missing', 'cut', 'anchor']), seq: z.int() }).nullable(),
  })
  .openapi('AuditChainReport')
