import { z } from '@hono/zod-openapi'
import { nameFor } from '../../../infra/auth/mask.ts'
import { AppError } from '../../../infra/errors.ts'
import {
  type Api,
  createApi,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
  pageQuery,
} from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { difference, syncReportView, syncStatus } from '../list/customers.schema.ts'
import { beginSync, reconcileDue } from './customers-operations.ts'
import { syncStanding } from './sync.store.ts'
import { groupsReportSchema, syncReportSchema } from './sync.ts'
import {
  customersInScope,
  listDifferences,
  nextReconcile,
  recentSyncs,
  type SyncRun,
  syncCounts,
} from './sync-view.store.ts'

const groupsSoFar = z.object({ groups: groupsReportSchema })
const runStates = syncReportView.pick({ kind: true, state: true })

/** Where the syncs stand, starting one, and what they found to differ. */
export function customerSyncRoutes(services: Pick<Services, 'db' | 'operations'>): Api {
  const { db } = services
  const api = createApi()
  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customer-sync',
        tags: ['customers'],
        responses: { 200: jsonContent(syncStatus, 'The last syncs, the newest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { corpId } = actor
      // what a sync did to the corp is for those who see all of it; the others see when, and how many are theirs
      const whole = actor.scope.kind === 'corp'
      const standing = await syncStanding(db, corpId)
      const next = await nextReconcile(db, corpId, reconcileDue)
      return c.json(
        {
          first_done_at: standing?.first_done_at?.toISOString() ?? null,
          last_done_at: standing?.last_done_at?.toISOString() ?? null,
          next_at: next?.toISOString() ?? null,
          ...(whole ? await syncCounts(db, corpId) : { customers: await customersInScope(db, actor), waiting: 0 }),
          runs: whole ? (await recentSyncs(db, corpId, 10)).map(presentRun) : [],
        },
        200,
      )
    },
  )
  api.openapi(
    route(
      { gate: 'customers.sync', audit: 'customer.sync' },
      {
        method: 'post',
        path: '/api/customer-sync',
        tags: ['customers'],
        responses: { 202: jsonContent(z.object({ id: z.uuid() }), 'It has begun'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = c.get('actor')
      const id = await beginSync(services, corpId, accountId)
      if (id === undefined)
        throw new AppError(
          'conflict',
          { zh: '同步正在进行，不需要再次开始。', en: 'A sync is running already.' },
          { hint: { zh: '请等它结束，或先取消它。', en: 'Wait for its end, or cancel it first.' } },
        )
      noteAudit(c, { objectKind: 'operation', objectId: id })
      return c.json({ id }, 202)
    },
  )
  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customer-sync/differences',
        tags: ['customers'],
        request: { query: pageQuery.extend({ operation: z.uuid().optional() }) },
        responses: { 200: jsonContent(pageOf(difference), 'The newest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { limit, cursor, operation } = c.req.valid('query')
      const beforeId = decodeCursor(z.tuple([z.int()]), cursor)?.[0]
      const rows = await listDifferences(db, actor, { operation, beforeId, limit: limit + 1 })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.id])
      return c.json(
        {
          items: shown.map((row) => ({
            id: row.id,
            kind: row.kind,
            customer_id: row.customerId,
            customer_name: nameFor(actor, row.customerName ?? ''),
            userid: row.userid,
            staff_name: row.staffName ?? row.userid,
            added_at: row.addedAt?.toISOString() ?? null,
            at: row.at.toISOString(),
            operation_id: row.operationId,
          })),
          next_cursor,
        },
        200,
      )
    },
  )
  return api
}

function presentRun(run: SyncRun): z.infer<typeof syncReportView> {
  const result = run.result === null ? undefined : syncReportSchema.safeParse(run.result).data
  const { groups, ...report } = result ?? { groups: groupsSoFar.safeParse(run.checkpoint).data?.groups }
  return {
    id: run.id,
    ...runStates.parse({ kind: run.kind, state: run.state }),
    done: run.done,
    total: run.total,
    error: run.error,
    cancel_asked: run.cancelAsked,
    created_at: run.createdAt.toISOString(),
    started_at: run.startedAt?.toISOString() ?? null,
    finished_at: run.finishedAt?.toISOString() ?? null,
    report: 'relations' in report ? report : null,
    groups: groups ?? null,
  }
}
