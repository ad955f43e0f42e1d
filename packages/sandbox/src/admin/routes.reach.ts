import { Hono } from 'hono'
import { z } from 'zod'
import { tapCard } from '../people/cards.ts'
import { personOf } from '../people/directory.ts'
import type { Platform } from '../platform.ts'
import { commentNow, likeNow, viewOf } from '../reach/applause.ts'
import type { Deliveries } from '../reach/deliveries.ts'
import { deleteOwn, momentsOf, publishNow, publishOwn } from '../reach/feeds.ts'
import { appealOf, chancesOf, momentAppealOf, momentChancesOf } from '../reach/model.ts'
import type { MomentTask } from '../reach/moments.ts'
import { confirmTask, sendOwn, tasksOf } from '../reach/own.ts'
import { countsOf } from '../reach/sending.ts'
import { deliveryRow, groupRow, momentTruthsOf, truthsOf, viewRow } from '../reach/truth.ts'
import type { StaffMember } from '../world/staff.ts'
import { bodyOf, queryOf } from './json.ts'
import { refuse } from './refusal.ts'
import {
  type BroadcastSent,
  type BroadcastsOracle,
  CommentMoment,
  type DeliveriesOracle,
  type Done,
  EffectsRequest,
  type EffectsResponse,
  LikeMoment,
  type MemberTasks,
  type MomentPublished,
  type MomentsOracle,
  OwnBroadcast,
  OwnMoment,
  type PersonMoments,
  TapCard,
} from './schema.ts'

const Page = z.object({
  after: z.coerce.number().int().min(-1).default(-1),
  limit: z.coerce.number().int().min(1).max(100_000).default(200),
})
const COLUMNS = [
  'delivery',
  'msgid',
  'userid',
  'externalUserId',
  'atMs',
  'readsMs',
  'clicksMs',
  'buysMs',
  'deletesMs',
  'effect',
]

const VIEW_COLUMNS = COLUMNS.map((name) => ({ delivery: 'view', msgid: 'momentId' })[name] ?? name)

const GROUP_COLUMNS = ['delivery', 'msgid', 'userid', 'chatId', 'atMs', 'customers', 'effect']

/** Play a member who is asked to send, and look at what mass sends truly do. */
export function reachRoutes(platform: Platform): Hono {
  const { reach } = platform
  const routes = new Hono()

  routes.get('/people/:id/tasks', (c) =>
    c.json(tasksOf(platform, memberBehind(platform, c.req.param('id'))) satisfies MemberTasks),
  )
  routes.post('/people/:id/tasks/:msgid/confirm', (c) => {
    confirmTask(platform, memberBehind(platform, c.req.param('id')), c.req.param('msgid'))
    return c.json({ ok: true } satisfies Done)
  })
  routes.post('/people/:id/broadcasts', async (c) => {
    const member = memberBehind(platform, c.req.param('id'))
    const { msgid, tasks } = sendOwn(platform, member, await bodyOf(c, OwnBroadcast))
    const task = tasks.get(member.index)
    if (task === undefined) throw new Error('a member sent a message without a task')
    return c.json({ msgid, counts: countsOf(task) } satisfies BroadcastSent)
  })

  routes.post('/people/:id/cards/:cardId/tap', async (c) => {
    const tap = await bodyOf(c, TapCard)
    tapCard(platform, memberBehind(platform, c.req.param('id')), c.req.param('cardId'), tap)
    return c.json({ ok: true } satisfies Done)
  })

  routes.get('/people/:id/moments', (c) =>
    c.json(momentsOf(platform, personOf(platform, c.req.param('id'))) satisfies PersonMoments),
  )
  routes.post('/people/:id/moments', async (c) => {
    const wanted = await bodyOf(c, OwnMoment)
    const member = memberBehind(platform, c.req.param('id'))
    const { momentId, tasks } = publishOwn(platform, member, wanted)
    return c.json(publishedOf(momentId, tasks.get(member.index)))
  })
  routes.delete('/people/:id/moments/:momentId', (c) => {
    deleteOwn(platform, memberBehind(platform, c.req.param('id')), c.req.param('momentId'))
    return c.json({ ok: true } satisfies Done)
  })
  routes.post('/people/:id/moments/:momentId/publish', (c) => {
    const momentId = c.req.param('momentId')
    const task = publishNow(platform, memberBehind(platform, c.req.param('id')), momentId)
    return c.json(publishedOf(momentId, task))
  })
  routes.post('/people/:id/moments/:momentId/like', async (c) => {
    const { userid, liked } = await bodyOf(c, LikeMoment)
    likeNow(platform, seen(c.req.param(), userid), liked)
    return c.json({ ok: true } satisfies Done)
  })
  routes.post('/people/:id/moments/:momentId/comment', async (c) => {
    const { userid, text } = await bodyOf(c, CommentMoment)
    commentNow(platform, seen(c.req.param(), userid), text)
    return c.json({ ok: true } satisfies Done)
  })

  routes.get('/oracle/broadcasts', (c) => {
    const { after, limit } = queryOf(c, Page)
    const { all } = reach.broadcasts
    const broadcasts = truthsOf(platform, all.slice(after + 1, after + 1 + limit))
    return c.json({ total: all.length, broadcasts } satisfies BroadcastsOracle)
  })
  routes.get('/oracle/moments', (c) => {
    const { after, limit } = queryOf(c, Page)
    const { all } = reach.moments
    const moments = momentTruthsOf(platform, all.slice(after + 1, after + 1 + limit))
    return c.json({ total: all.length, moments } satisfies MomentsOracle)
  })
  const rowsOf = (
    path: string,
    columns: string[],
    log: Pick<Deliveries, 'total'>,
    row: (platform: Platform, number: number) => DeliveriesOracle['rows'][number],
  ) =>
    routes.get(`/oracle/${path}`, (c) => {
      const { after, limit } = queryOf(c, Page)
      const { total } = log
      const numbers = Array.from({ length: Math.max(0, Math.min(total - after - 1, limit)) }, (_, at) => after + 1 + at)
      const rows = numbers.map((number) => row(platform, number))
      return c.json({ total, columns, rows } satisfies DeliveriesOracle)
    })
  rowsOf('deliveries', COLUMNS, reach.toCustomers, deliveryRow)
  rowsOf('group-deliveries', GROUP_COLUMNS, reach.toGroups, groupRow)
  rowsOf('moment-views', VIEW_COLUMNS, reach.moments.views, viewRow)
  routes.post('/oracle/effects', async (c) => {
    const { text, people, moment } = await bodyOf(c, EffectsRequest)
    const appeal = moment ? momentAppealOf(platform, text) : appealOf(platform, text)
    const chances = moment ? momentChancesOf : chancesOf
    const rows = people.map((id): EffectsResponse['rows'][number] => {
      const who = personOf(platform, id)
      if (appeal === undefined || who.kind === 'staff') return [0, 0, 0, 0]
      const { reads, clicks, buys, deletes } = chances(platform, who.customer, appeal)
      return [reads, clicks, buys, deletes]
    })
    return c.json({ columns: ['reads', 'clicks', 'buys', 'deletes'], rows } satisfies EffectsResponse)
  })
  return routes

  function seen({ id, momentId }: { id: string; momentId: string }, userid: string): number {
    const who = personOf(platform, id)
    if (who.kind === 'customer') return viewOf(platform, who.customer, momentId, userid)
    throw refuse(409, 'not_customer', `${id} is a member; customers do this`, '请用客户身份操作')
  }
}

function publishedOf(momentId: string, task: MomentTask | undefined): MomentPublished {
  const { chosen, seenFrom = 0, seenTo = 0 } = task ?? {}
  return { momentId, chosen: chosen?.length ?? 0, seen: seenTo - seenFrom }
}

function memberBehind(platform: Platform, id: string): StaffMember {
  const who = personOf(platform, id)
  if (who.kind === 'staff') return who.member
  throw refuse(409, 'not_staff', `${id} is a customer; members of staff do this`, '请用员工身份操作')
}
