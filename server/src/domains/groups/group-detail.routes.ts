import { z } from '@hono/zod-openapi'
import type { Actor } from '../../infra/auth/actor.ts'
import { notFound } from '../../infra/errors.ts'
import {
  type Api,
  createApi,
  cursorMoment,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
} from '../../infra/http/api.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { dayMs } from '../../infra/zone.ts'
import { findGroup, listMembers } from './group-detail.store.ts'
import { presentGroupDetail, presentMember } from './group-detail.view.ts'
import { groupDetail, groupMember, groupMembersQuery } from './groups.schema.ts'

const cursorShape = z.tuple([cursorMoment, z.string()])
const tags = ['groups']
const byChat = z.object({ chat: z.string().min(1).max(64) })

/** Who came and went lately means the last seven days. */
export function weekBefore(now: Date): Date {
  return new Date(now.getTime() - 7 * dayMs)
}

/** One customer group: how it does, and who is in it, came and went. */
export function groupDetailRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  const find = async (actor: Actor, chatId: string) => {
    const now = clock.now()
    const row = await findGroup(db, actor, { chatId, since: weekBefore(now), now })
    if (row === undefined) throw notFound({ zh: '客户群', en: 'group' })
    return row
  }

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/groups/{chat}',
        tags,
        request: { params: byChat },
        responses: { 200: jsonContent(groupDetail, 'The group'), ...errorResponses },
      },
    ),
    async (c) => c.json(presentGroupDetail(await find(c.get('actor'), c.req.valid('param').chat)), 200),
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/groups/{chat}/members',
        tags,
        request: { params: byChat, query: groupMembersQuery },
        responses: { 200: jsonContent(pageOf(groupMember), 'The latest change first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { chatId } = await find(actor, c.req.valid('param').chat)
      const { who, limit, cursor } = c.req.valid('query')
      const key = decodeCursor(cursorShape, cursor)
      const after = key && { at: key[0], id: key[1] }
      const ask = { chatId, who, since: weekBefore(clock.now()), after, limit: limit + 1 }
      const rows = await listMembers(db, actor, ask)
      const { shown, next_cursor } = page(rows, limit, (last) => [last.sortedAt, last.id])
      return c.json({ items: shown.map((row) => presentMember(actor, row)), next_cursor }, 200)
    },
  )
  return api
}
