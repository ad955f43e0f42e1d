import { z } from '@hono/zod-openapi'
import { notFound } from '../../../infra/errors.ts'
import {
  type Api,
  createApi,
  cursorMoment,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
} from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { takeLeaves } from './leaves.change.ts'
import { leaveChange, leavesInput, leavesPage, leavesQuery, leavesTaken, leaveView } from './leaves.schema.ts'
import {
  changeLeave,
  deleteLeave,
  findLeave,
  type LeaveRow,
  leavesOf,
  listLeaves,
  lockMembers,
} from './leaves.store.ts'
import { leaveFault } from './leaves.ts'
import { badLeave, leaveFaultWords, leaveThing } from './leaves.words.ts'
import { presenceChanged } from './presence.store.ts'

const tags = ['staff']
const params = z.object({ id: z.uuid() })
const cursor = z.tuple([cursorMoment, z.uuid()])

/** 休假: the platform tells nobody's, so it is noted here; who is on leave is asked for nothing meanwhile. */
export function leavesRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'staff.read' },
      {
        method: 'get',
        path: '/api/staff-leaves',
        tags,
        request: { query: leavesQuery },
        responses: { 200: jsonContent(leavesPage, 'By when it ends'), ...errorResponses },
      },
    ),
    async (c) => {
      const { limit, cursor: token, userid, when } = c.req.valid('query')
      const after = decodeCursor(cursor, token)
      const rows = await listLeaves(db, c.get('actor'), { userid, when, at: clock.now(), after, limit: limit + 1 })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.until, last.id])
      return c.json({ items: shown.map(present), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'leaves.write', audit: 'staff.leave' },
      {
        method: 'post',
        path: '/api/staff-leaves',
        tags,
        request: { body: jsonContent(leavesInput, 'Leave of one member or of many') },
        responses: { 200: jsonContent(leavesTaken, 'What became of each'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { preview, leaves } = c.req.valid('json')
      const asked = leaves.map((one) => ({ ...one, from: new Date(one.from), until: new Date(one.until) }))
      const by = { set: actor.accountId, at: clock.now() }
      const taken = await db.transaction().execute((tx) => takeLeaves(tx, actor, asked, by, { dry: preview }))
      const language = c.get('language')
      const count = (state: (typeof taken)[number]['state']) => taken.filter((one) => one.state === state).length
      const sums = { added: count('added'), known: count('known'), refused: count('refused') }
      const [first] = leaves
      noteAudit(c, {
        ...{ objectKind: 'staff', objectId: leaves.length === 1 ? (first?.userid ?? '') : 'list' },
        after: { preview, ...sums, ...(leaves.length === 1 ? { from: first?.from, until: first?.until } : {}) },
      })
      const items = taken.map((one) => ({
        state: one.state,
        id: one.state === 'added' && !preview ? one.id : null,
        why: one.state === 'refused' ? leaveFaultWords[one.why][language] : null,
      }))
      return c.json({ ...sums, items }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'leaves.write', audit: 'staff.leave_change' },
      {
        method: 'put',
        path: '/api/staff-leaves/{id}',
        tags,
        request: { params, body: jsonContent(leaveChange, 'As it is to be') },
        responses: { 200: jsonContent(leaveView, 'The leave'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const { note, ...given } = c.req.valid('json')
      const window = { from: new Date(given.from), until: new Date(given.until) }
      const now = clock.now()
      const found = await findLeave(db, actor, id)
      if (found === undefined) throw notFound(leaveThing)
      const { userid } = found
      await db.transaction().execute(async (tx) => {
        await lockMembers(tx, actor.corpId, [userid])
        const standing = (await leavesOf(tx, actor, [userid], now)).get(userid)
        const others = standing?.filter((one) => one.id !== id)
        const fault = leaveFault(window, others, now)
        if (fault !== undefined) throw badLeave(fault)
        await changeLeave(tx, actor.corpId, id, { ...window, note })
        await presenceChanged(tx, actor.corpId, [userid], now)
      })
      noteAudit(c, { objectKind: 'staff', objectId: userid, before: told(found), after: told(window) })
      const changed = await findLeave(db, actor, id)
      if (changed === undefined) throw notFound(leaveThing)
      return c.json(present(changed), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'leaves.write', audit: 'staff.leave_delete' },
      {
        method: 'delete',
        path: '/api/staff-leaves/{id}',
        tags,
        request: { params },
        responses: { 204: { description: 'The member is there' }, ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const found = await findLeave(db, actor, id)
      if (found === undefined) throw notFound(leaveThing)
      await db.transaction().execute(async (tx) => {
        await deleteLeave(tx, actor.corpId, id)
        await presenceChanged(tx, actor.corpId, [found.userid], clock.now())
      })
      noteAudit(c, { objectKind: 'staff', objectId: found.userid, before: told(found) })
      return c.body(null, 204)
    },
  )
  return api
}

const told = ({ from, until }: Pick<LeaveRow, 'from' | 'until'>) => ({
  from: from.toISOString(),
  until: until.toISOString(),
})

function present({ from, until, setAt, setBy, ...rest }: LeaveRow): z.output<typeof leaveView> {
  const { id, userid, name, note } = rest
  return { id, userid, name, note, ...told({ from, until }), set_by: setBy, set_at: setAt.toISOString() }
}
