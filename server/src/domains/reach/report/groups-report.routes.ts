import { z } from '@hono/zod-openapi'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { notFound } from '../../../infra/errors.ts'
import {
  type Api,
  createApi,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageQuery,
} from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { forWholeCorp } from '../campaigns/campaign.words.ts'
import { fates } from '../campaigns/recipient.ts'
import { type GroupLine, groupLinesOf, groupRunsOf, groupSumsOf, woken } from './groups-report.store.ts'

const tags = ['campaign reports']
const params = z.object({ id: z.uuid(), run: z.coerce.number().int().positive() })
const runThing = { zh: '这次发送', en: 'run' }
const count = z.int().min(0)

export const groupReport = z
  .object({
    run_id: z.int(),
    state: z.string(),
    planned_for: z.iso.datetime(),
    groups: z.object({ planned: count, sent: count, over_cap: count }),
    tasks: z.object({ made: count, confirmed: count }),
    clicks: z.object({ all: count, persons: count.openapi({ description: 'Those whom we know' }) }),
    woken: z.object({ orders: count, persons: count, after_hours: z.int(), quiet_days: z.int() }).openapi({
      description:
        'Orders paid within after_hours of a click, by persons who clicked and had paid none in the quiet_days before their first',
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
        status: z.int().nullable().openapi({ description: '0 not sent, 1 sent, 3 over the cap' }),
        sent_at: z.iso.datetime().nullable(),
        clicks: count.nullable().openapi({ description: 'null: its link is that of other groups too' }),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .openapi('GroupSendGroups')

/** What became of a send to groups: its sums, and group by group. */
export function groupReportRoutes({ db }: Pick<Services, 'db'>): Api {
  const api = createApi()
  const found = async (corpId: number, campaign: string, run: number) => {
    const one = (await groupRunsOf(db, corpId, campaign)).find(({ id }) => id === run)
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
          groups: { planned: sums.planned, sent: sums.sent, over_cap: sums.overCap },
          tasks: { made: sums.tasks, confirmed: sums.confirmed },
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
        request: { params, query: pageQuery },
        responses: { 200: jsonContent(groupLines, 'By chat_id'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { id, run } = c.req.valid('param')
      const { cursor, limit } = c.req.valid('query')
      await found(corpId, id, run)
      const [after = ''] = decodeCursor(z.tuple([z.string()]), cursor) ?? []
      const rows = await groupLinesOf(db, corpId, run, { after, limit: limit + 1 })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.chatId])
      return c.json({ items: shown.map(present), next_cursor }, 200)
    },
  )
  return api
}

function present({ chatId, owner, ownerName, fate, sentAt, ...rest }: GroupLine) {
  return {
    ...{ chat_id: chatId, owner: { userid: owner, name: ownerName }, fate: fates[fate] ?? 'excluded' },
    ...{ ...rest, sent_at: sentAt?.toISOString() ?? null },
  }
}
