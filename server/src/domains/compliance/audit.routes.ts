import { z } from '@hono/zod-openapi'
import {
  type Api,
  createApi,
  decodeCursor,
  encodeCursor,
  errorResponses,
  jsonContent,
  pageOf,
} from '../../infra/http/api.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { auditEntryView, auditFacets, auditQuery, chainReport, verifyQuery } from './audit.schema.ts'
import { facets, search } from './audit.store.ts'
import { verifyChain } from './audit.trail.ts'
import type { ChainedRecord } from './audit.ts'

const cursor = z.tuple([z.int().positive()])
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

function present(record: ChainedRecord): z.infer<typeof auditEntryView> {
  return {
    seq: record.seq,
    at: record.at.toISOString(),
    account: { id: record.accountId, name: record.accountName, role: record.role },
    action: record.action,
    outcome: record.outcome,
    object: { kind: record.objectKind, id: record.objectId },
    summary: auditEntryView.shape.summary.catch({}).parse(record.summary),
    ip: record.ip,
    user_agent: record.userAgent,
    request_id: record.requestId,
    hash: hex(record.hash),
  }
}

/** The audit log: search, what to search by, and the proof that nothing was changed. */
export function auditRoutes({ db }: Pick<Services, 'db'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'audit.read' },
      {
        method: 'get',
        path: '/api/audit',
        request: { query: auditQuery },
        responses: { 200: jsonContent(pageOf(auditEntryView), 'Entries, newest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const query = c.req.valid('query')
      const records = await search(
        db,
        c.get('actor').corpId,
        {
          accountId: query.account,
          action: query.action,
          outcome: query.outcome,
          objectKind: query.object_kind,
          objectId: query.object_id,
          from: query.from === undefined ? undefined : new Date(query.from),
          to: query.to === undefined ? undefined : new Date(query.to),
        },
        { beforeSeq: decodeCursor(cursor, query.cursor)?.[0], limit: query.limit + 1 },
      )
      const shown = records.slice(0, query.limit)
      const last = records.length > query.limit ? shown.at(-1) : undefined
      return c.json(
        { items: shown.map(present), next_cursor: last === undefined ? null : encodeCursor([last.seq]) },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'audit.read' },
      {
        method: 'get',
        path: '/api/audit/facets',
        responses: { 200: jsonContent(auditFacets, 'Actions and accounts that occur'), ...errorResponses },
      },
    ),
    async (c) => c.json(await facets(db, c.get('actor').corpId), 200),
  )

  api.openapi(
    route(
      { gate: 'audit.read', audit: 'audit.verify' },
      {
        method: 'get',
        path: '/api/audit/verify',
        request: { query: verifyQuery },
        responses: { 200: jsonContent(chainReport, 'Whether the chain is whole'), ...errorResponses },
      },
    ),
    async (c) => {
      const { seq, hash } = c.req.valid('query')
      const anchor = seq === undefined || hash === undefined ? undefined : { seq, hash: Buffer.from(hash, 'hex') }
      const report = await verifyChain(db, c.get('actor').corpId, anchor)
      return c.json(
        {
          ok: report.ok,
          checked: report.checked,
          end: { seq: report.end.seq, hash: hex(report.end.hash) },
          fault: report.fault ?? null,
        },
        200,
      )
    },
  )
  return api
}
