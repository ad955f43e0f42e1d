import { z } from '@hono/zod-openapi'
import type { Actor } from '../../infra/auth/actor.ts'
import { nameFor } from '../../infra/auth/mask.ts'
import {
  type Api,
  createApi,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
  pageQuery,
} from '../../infra/http/api.ts'
import { noteAudit } from '../../infra/http/audited.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { retryRefused } from './tag-marks.store.ts'
import { checkKind, currentDifferences, syncKind, undoKind } from './tag-sync.job.ts'
import { countMarks, standingOf } from './tag-sync.store.ts'
import { lastSync, listMarkDifferences, listRefused, runningSync } from './tag-sync-view.store.ts'
import { begin } from './tags.jobs.ts'
import { applyAsk, begun, type differenceView, markView, refusedView, syncStatus } from './tags.schema.ts'
import { listGroups, listTags } from './tags.store.ts'
import { operationRuns, wholeCorpScope } from './tags.words.ts'

const started = { 202: jsonContent(begun, 'Begun'), ...errorResponses }

/** 同步差异: what differs between us and the platform, which side wins, applying and undoing it. */
export function tagSyncRoutes(services: Pick<Services, 'db' | 'operations'>): Api {
  const { db } = services
  const api = createApi()

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/tag-sync',
        tags: ['tags'],
        responses: { 200: jsonContent(syncStatus, 'A dry run: nothing is changed by looking'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorpScope(c.get('actor'))
      const { checkedAt } = await standingOf(db, corpId)
      const [groups, tags] = [await listGroups(db, corpId), await listTags(db, corpId)]
      const groupNames = new Map(groups.map((group) => [group.id, group.name]))
      const groupOf = new Map(tags.map((tag) => [tag.id, groupNames.get(tag.groupId) ?? null]))
      const catalogue = (await currentDifferences(services, corpId)).flatMap((one): z.infer<typeof differenceView>[] =>
        one.kind === 'unknown' || one.id === undefined
          ? []
          : [
              {
                ...{ key: one.key, kind: one.kind, of: one.of, ours: one.ours ?? null, theirs: one.theirs ?? null },
                ...{ wins: one.wins, conflict: one.conflict },
                name:
                  (one.of === 'group' ? groupNames.get(one.id) : tags.find((tag) => tag.id === one.id)?.name) ?? one.id,
                group: one.of === 'group' ? null : (groupOf.get(one.id) ?? null),
              },
            ],
      )
      const running = await runningSync(db, corpId)
      const last = await lastSync(db, corpId)
      return c.json(
        {
          ...{ checked_at: checkedAt?.toISOString() ?? null, catalogue, ...(await countMarks(db, corpId)) },
          running: running ?? null,
          last:
            last === undefined ? null : { id: last.id, at: last.at.toISOString(), changes: last.changes, by: last.by },
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/tag-sync/marks',
        tags: ['tags'],
        request: { query: pageQuery },
        responses: {
          200: jsonContent(pageOf(markView), 'Relations whose tags were changed at the platform’s side'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { limit, cursor } = c.req.valid('query')
      const key = decodeCursor(z.tuple([z.int(), z.string(), z.string()]), cursor)
      const rows = await listMarkDifferences(db, actor, key, limit + 1)
      const { shown, next_cursor } = page(rows, limit, (last) => [last.customerId, last.userid, last.tagId])
      return c.json(
        {
          items: shown.map((row) => ({
            ...{
              customer_id: row.customerId,
              customer_name: nameFor(actor, row.customerName ?? ''),
              userid: row.userid,
            },
            ...{ staff_name: row.staffName ?? row.userid, tag_id: row.tagId, tag: row.tag, group: row.group },
            ...{ wanted: row.wanted, wins: row.truth, found_at: row.foundAt.toISOString() },
          })),
          next_cursor,
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/tag-sync/refused',
        tags: ['tags'],
        responses: {
          200: jsonContent(z.object({ items: z.array(refusedView) }), 'What the platform refused, at most 100'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const rows = await listRefused(db, actor, 100)
      return c.json(
        {
          items: rows.map((row) => ({
            ...{ customer_id: row.customerId, customer_name: nameFor(actor, row.customerName ?? '') },
            ...{
              staff_name: row.staffName ?? row.userid,
              add: [...row.add],
              remove: [...row.remove],
              reason: row.reason ?? '',
            },
          })),
        },
        200,
      )
    },
  )

  const starts = async (actor: Actor, kind: string, input: unknown) => {
    const { corpId, accountId } = wholeCorpScope(actor)
    const id = await db.transaction().execute((tx) => begin(services, tx, corpId, kind, input, accountId))
    if (id === undefined) throw operationRuns()
    return id
  }

  api.openapi(
    route(
      { gate: 'tags.write', audit: 'tag.check' },
      { method: 'post', path: '/api/tag-sync/check', tags: ['tags'], responses: started },
    ),
    async (c) => {
      const id = await starts(c.get('actor'), checkKind, {})
      noteAudit(c, { objectKind: 'operation', objectId: id })
      return c.json({ operation_id: id }, 202)
    },
  )

  api.openapi(
    route(
      { gate: 'tags.write', audit: 'tag.sync' },
      {
        method: 'post',
        path: '/api/tag-sync/apply',
        tags: ['tags'],
        request: { body: jsonContent(applyAsk, 'All differences, or those named') },
        responses: started,
      },
    ),
    async (c) => {
      const { keys, marks, winner } = c.req.valid('json')
      const input = {
        ...(keys === undefined ? {} : { keys }),
        ...(marks === undefined
          ? {}
          : { marks: marks.map((one) => ({ customerId: one.customer_id, userid: one.userid, tagId: one.tag_id })) }),
        ...(winner === undefined ? {} : { winner }),
      }
      const id = await starts(c.get('actor'), syncKind, input)
      // what the platform refused before gets another chance
      if (keys === undefined && marks === undefined) await retryRefused(db, c.get('actor').corpId, new Date())
      noteAudit(c, {
        objectKind: 'operation',
        objectId: id,
        after: { winner: winner ?? 'by rule', keys: keys ?? 'all' },
      })
      return c.json({ operation_id: id }, 202)
    },
  )

  api.openapi(
    route(
      { gate: 'tags.write', audit: 'tag.undo' },
      {
        method: 'post',
        path: '/api/tag-sync/{id}/undo',
        tags: ['tags'],
        request: { params: z.object({ id: z.uuid() }) },
        responses: started,
      },
    ),
    async (c) => {
      const of = c.req.valid('param').id
      const id = await starts(c.get('actor'), undoKind, { of })
      noteAudit(c, { objectKind: 'operation', objectId: id, before: { of } })
      return c.json({ operation_id: id }, 202)
    },
  )
  return api
}
