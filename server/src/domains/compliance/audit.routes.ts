import { z } from '@hono/zod-openapi'
import type { Actor } from '../../infra/auth/actor.ts'
import { AppError } from '../../infra/errors.ts'
import { type Api, createApi, decodeCursor, errorResponses, jsonContent, page, pageOf } from '../../infra/http/api.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { auditEntryView, auditFacets, auditQuery, chainQuery, chainReport, verifyQuery } from './audit.schema.ts'
import { facets, search } from './audit.store.ts'
import { verifyChain } from './audit.trail.ts'
import type { ChainedRecord } from './audit.ts'

const installationChain = 0
const cursor = z.tuple([z.int().positive()])
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** The installation's chain is for its administrators. */
function chainOf(actor: Actor, chain: 'corp' | 'installation'): number {
  if (chain === 'corp') return actor.corpId
  if (actor.installation === true) return installationChain
  throw new AppError(
    'forbidden',
    { zh: '平台的审计记录只有平台管理员可以查看。', en: 'The installation’s audit log is for its administrators.' },
    { hint: { zh: '请联系平台管理员。', en: 'Ask an administrator of the installation.' } },
  )
}

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
        chainOf(c.get('actor'), query.chain),
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
      const { shown, next_cursor } = page(records, query.limit, (last) => [last.seq])
      return c.json({ items: shown.map(present), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'audit.read' },
      {
        method: 'get',
        path: '/api/audit/facets',
        request: { query: chainQuery },
        responses: { 200: jsonContent(auditFacets, 'Actions and accounts that occur'), ...errorResponses },
      },
    ),
    async (c) => c.json(await facets(db, chainOf(c.get('actor'), c.req.valid('query').chain)), 200),
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
      const { chain, seq, hash } = c.req.valid('query')
      const anchor = seq === undefined || hash === undefined ? undefined : { seq, hash: Buffer.from(hash, 'hex') }
      const report = await verifyChain(db, chainOf(c.get('actor'), chain), anchor)
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
