import { z } from '@hono/zod-openapi'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import { notFound } from '../../../infra/errors.ts'
import {
  type Api,
  createApi,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
  pageQuery,
  rowNumber,
} from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { forWholeCorp } from '../campaigns/campaign.words.ts'
import { fateNumber, fates } from '../campaigns/recipient.ts'
import { groupReasonWords } from '../plan/group.words.ts'
import { runThing } from '../run/run.words.ts'
import { type GroupPart, groupPartsOf, groupRunsSince, partKinds, slotsOf } from './group-parts.store.ts'
import { findGroupRun, type GroupLine, groupLinesOf, groupSumsOf } from './groups-report.store.ts'
import { woken } from './woken.store.ts'

const tags = ['campaign reports']
const params = z.object({ id: z.uuid(), run: rowNumber })
const count = z.int().min(0)

export const groupReport = z
  .object({
    run_id: z.int(),
    state: z.string(),
    planned_for: z.iso.datetime(),
    groups: z.object({
      ...{ planned: count, sent: count, over_cap: count },
      held: count.openapi({ description: 'Wait until they have room again' }),
      dropped: count.openapi({ description: 'Had what they may, and the send does not wait so long' }),
    }),
    tasks: z
      .object({ made: count, asked: count, confirmed: count })
      .openapi({ description: 'Made, put to owners, and confirmed: each is one tap' }),
    clicks: z.object({ all: count, persons: count.openapi({ description: 'Those whom we know' }) }),
    woken: z.object({ orders: count, persons: count, after_hours: z.int(), quiet_days: z.int() }).openapi({
      description:
        'Orders paid within after_hours of a click, or of redeeming the coupon, by persons who had paid none in the quiet_days before their first; an order that a later click on another send deserves is not counted',
    }),
  })
  .openapi('GroupSendReport')

export const groupLines = z
  .object({
    items: z.array(
      z.object({
        chat_id: z.string(),
        name: z.string(),
        owner: z.object({ userid: z.string(), name: z.string().nullable() }),
        customers: count.openapi({ description: 'Who were in it when it was planned' }),
        fate: z.enum(fates),
        reason: z.string().nullable(),
        task: z.int().nullable(),
        task_state: z.string().nullable(),
        words: z
          .object({ zh: z.string(), en: z.string() })
          .nullable()
          .openapi({ description: 'Why it does not get it; null: it does' }),
        status: z.int().nullable().openapi({ description: '0 not sent, 1 sent, 3 over the cap' }),
        held_until: z.iso.datetime().nullable().openapi({ description: 'When it is decided about again' }),
        sent_at: z.iso.datetime().nullable(),
        clicks: count.nullable().openapi({ description: 'null: its link is that of other groups too' }),
        woken_orders: count.nullable().openapi({ description: 'null: its link is that of other groups too' }),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .openapi('GroupSendGroups')

const linesQuery = pageQuery.extend({
  q: z.string().trim().max(60).optional().openapi({ description: 'Part of the name of the group, or of its owner' }),
  fate: z.enum(fates).optional(),
  owner: z.string().max(64).optional(),
})

const figures = {
  ...{ groups: count, tasks: count, asked: count, confirmed: count, sent: count, clicks: count },
  minutes: z.int().nullable().openapi({ description: 'From the asking to the confirmation, of half of the confirmed' }),
  ...{ woken_orders: count, woken_persons: count },
}

export const groupParts = pageOf(
  z
    .object({
      key: z.string().openapi({ description: 'Userid of an owner, id of a store (none: empty), or hour of the day' }),
      name: z.string().nullable(),
      ...figures,
    })
    .openapi('GroupSendPart'),
)

export const groupSlots = z
  .object({
    runs: count,
    more: z.boolean().openapi({ description: 'There were more runs; the latest are counted' }),
    since: z.iso.datetime(),
    items: z.array(
      z.object({
        minute: z.int().openapi({ description: 'Of the day, as runs of it are planned' }),
        runs: count,
        ...figures,
      }),
    ),
  })
  .openapi('GroupSendSlots')

const partsQuery = pageQuery.extend({ by: z.enum(partKinds), q: z.string().trim().max(60).optional() })
const slotsQuery = z.object({
  campaign: z.uuid().optional().openapi({ description: 'Only of this one' }),
  days: z.coerce.number().int().min(1).max(90).default(7),
})
const mostRuns = 400

/** What became of a send to groups: its sums, group by group, and by owner, store and hour. */
export function groupReportRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()
  const found = async (corpId: number, campaign: string, run: number) => {
    const one = await findGroupRun(db, corpId, campaign, run)
    if (one === undefined) throw notFound(runThing)
    return one
  }

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns/{id}/runs/{run}/group-report',
        tags,
        request: { params },
        responses: { 200: jsonContent(groupReport, 'Of a run that went to groups'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { id, run } = c.req.valid('param')
      const { state, plannedFor } = await found(corpId, id, run)
      const sums = await groupSumsOf(db, corpId, run)
      return c.json(
        {
          ...{ run_id: run, state, planned_for: plannedFor.toISOString() },
          groups: {
            planned: sums.planned,
            sent: sums.sent,
            over_cap: sums.overCap,
            held: sums.held,
            dropped: sums.dropped,
          },
          tasks: { made: sums.tasks, asked: sums.asked, confirmed: sums.confirmed },
          clicks: { all: sums.clicks, persons: sums.clickers },
          woken: {
            ...{ orders: sums.wokenOrders, persons: sums.wokenPersons },
            ...{ after_hours: woken.afterHours, quiet_days: woken.quietDays },
          },
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns/{id}/runs/{run}/groups',
        tags,
        request: { params, query: linesQuery },
        responses: { 200: jsonContent(groupLines, 'By chat_id'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { id, run } = c.req.valid('param')
      const { cursor, limit, fate, ...asked } = c.req.valid('query')
      await found(corpId, id, run)
      const [after = ''] = decodeCursor(z.tuple([z.string()]), cursor) ?? []
      const rows = await groupLinesOf(db, corpId, run, {
        ...{ q: asked.q, owner: asked.owner, after, limit: limit + 1 },
        fate: fate === undefined ? undefined : fateNumber(fate),
      })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.chatId])
      return c.json({ items: shown.map(present), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns/{id}/runs/{run}/group-parts',
        tags,
        request: { params, query: partsQuery },
        responses: { 200: jsonContent(groupParts, 'By key'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { id, run } = c.req.valid('param')
      const { cursor, limit, by, q } = c.req.valid('query')
      await found(corpId, id, run)
      const [after] = decodeCursor(z.tuple([z.string()]), cursor) ?? []
      const zone = await zoneOfCorp(db, corpId)
      const rows = await groupPartsOf(db, { corpId, runId: run, by, zone, q, after, limit: limit + 1 })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.key])
      return c.json(
        { items: shown.map(({ key, name, ...rest }) => ({ key, name, ...presentFigures(rest) })), next_cursor },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/group-send-slots',
        tags,
        request: { query: slotsQuery },
        responses: {
          200: jsonContent(groupSlots, 'By the time of the day for which runs were planned'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { campaign, days } = c.req.valid('query')
      const since = new Date(clock.now().getTime() - days * 86_400_000)
      const runs = await groupRunsSince(db, corpId, { campaign, since, most: mostRuns + 1 })
      const counted = runs.slice(0, mostRuns)
      const items = counted.length === 0 ? [] : await slotsOf(db, corpId, counted, await zoneOfCorp(db, corpId))
      return c.json(
        {
          ...{ runs: counted.length, more: runs.length > mostRuns, since: since.toISOString() },
          items: items.map(({ minute, runs: of, ...rest }) => ({ minute, runs: of, ...presentFigures(rest) })),
        },
        200,
      )
    },
  )
  return api
}

function presentFigures({ wokenOrders, wokenPersons, ...rest }: Omit<GroupPart, 'key' | 'name'>) {
  return { ...rest, woken_orders: wokenOrders, woken_persons: wokenPersons }
}

function present({
  chatId,
  owner,
  ownerName,
  fate,
  heldUntil,
  sentAt,
  gaveWayTo,
  taskState,
  wokenOrders,
  ...rest
}: GroupLine) {
  return {
    ...{ chat_id: chatId, owner: { userid: owner, name: ownerName }, fate: fates[fate] ?? 'excluded' },
    held_until: heldUntil?.toISOString() ?? null,
    ...{ ...rest, task_state: taskState, woken_orders: wokenOrders, sent_at: sentAt?.toISOString() ?? null },
    words: rest.reason === null ? null : groupReasonWords(rest.reason, gaveWayTo),
  }
}
