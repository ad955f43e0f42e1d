import { z } from '@hono/zod-openapi'
import { type Actor, seesPersonalData } from '../../../infra/auth/actor.ts'
import { nameFor } from '../../../infra/auth/mask.ts'
import {
  type Api,
  createApi,
  cursorMoment,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
} from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { aboutOf } from '../list/customers.view.ts'
import { lostCustomer, lostFigures, lostQuery } from './lost.schema.ts'
import { type LostRow, listLost, lostFiguresOf } from './lost.store.ts'
import { recoverHints } from './lost.ts'

const cursorShape = z.tuple([cursorMoment, z.int(), z.string()])
const recentDays = 30
const dayMs = 86_400_000

/** 流失客户: who deleted a member, or was deleted, when, and what he noticed of us before. */
export function lostRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/lost-customers',
        tags: ['customers'],
        request: { query: lostQuery },
        responses: { 200: jsonContent(pageOf(lostCustomer), 'The last ended first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { limit, cursor, from, until, ...ask } = c.req.valid('query')
      const key = decodeCursor(cursorShape, cursor)
      const rows = await listLost(db, actor, {
        by: ask.by,
        staff: ask.staff,
        store: ask.store,
        channel: ask.channel,
        from: from === undefined ? undefined : new Date(from),
        until: until === undefined ? undefined : new Date(until),
        after: key && { at: key[0], id: key[1], userid: key[2] },
        limit: limit + 1,
      })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.endedAt, last.home, last.userid])
      return c.json({ items: shown.map((row) => present(actor, row)), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/lost-customers/figures',
        tags: ['customers'],
        responses: { 200: jsonContent(lostFigures, 'Of the latest days'), ...errorResponses },
      },
    ),
    async (c) => {
      const since = new Date(clock.now().getTime() - recentDays * dayMs)
      return c.json({ days: recentDays, ...(await lostFiguresOf(db, c.get('actor'), since)) }, 200)
    },
  )
  return api
}

function present(actor: Actor, row: LostRow): z.infer<typeof lostCustomer> {
  return {
    id: row.id,
    name: nameFor(actor, row.name ?? ''),
    masked: !seesPersonalData(actor),
    avatar: row.avatar,
    userid: row.userid,
    staff_name: row.staffName,
    store: row.store,
    channel: row.channel,
    by: row.endedBy,
    added_at: row.addedAt?.toISOString() ?? null,
    ended_at: row.endedAt.toISOString(),
    others: [...row.others],
    groups: [...row.groups],
    hints: [...recoverHints(row)],
    touches: row.touches.map(({ kind, at, payload, tags, staff, staffName }) => ({
      ...{ kind, at: new Date(at).toISOString(), tags: [...tags], about: aboutOf(payload) },
      ...{ userid: staff, staff_name: staffName },
      amount: typeof payload['amount'] === 'number' ? payload['amount'] : null,
    })),
  }
}
