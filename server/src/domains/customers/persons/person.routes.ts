import { z } from '@hono/zod-openapi'
import { AppError, notFound } from '../../../infra/errors.ts'
import {
  type Api,
  createApi,
  cursorMoment,
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
import {
  joinAsk,
  joinOrder,
  joinPreview,
  pairDecision,
  personMerge,
  personPair,
  proposalDecision,
  reasoned,
} from './person.schema.ts'
import { presentMerge, presentPair, presentSide } from './person.view.ts'
import { joinPersons, keepApart, previewJoining } from './person-decisions.store.ts'
import {
  findMerge,
  listConflicts,
  listMerges,
  listProposals,
  type MergeRow,
  seesPair,
  sidesOf,
} from './person-views.store.ts'

const thing = { zh: '客户', en: 'customer' }
const idParam = z.object({ id: z.coerce.number().int().positive() })
const pairCursor = z.tuple([cursorMoment, z.int(), z.int()])
const done = { 204: { description: 'Done' }, ...errorResponses }

/** Who is one person: conflicts and proposals that wait for a decision, what joined and why, and its undoing. */
export function personRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  for (const [path, list, what] of [
    ['/api/person-conflicts', listConflicts, 'Evidence that is not followed, the newest first'],
    ['/api/person-proposals', listProposals, 'Who may be the same by what proves nothing'],
  ] as const) {
    api.openapi(
      route(
        { gate: 'customers.read' },
        {
          method: 'get',
          path,
          tags: ['persons'],
          request: { query: pageQuery },
          responses: { 200: jsonContent(pageOf(personPair), what), ...errorResponses },
        },
      ),
      async (c) => {
        const actor = c.get('actor')
        const { limit, cursor } = c.req.valid('query')
        const key = decodeCursor(pairCursor, cursor)
        const after = key && { at: key[0], low: key[1], high: key[2] }
        const rows = await list(db, actor, { after, limit: limit + 1 })
        const { shown, next_cursor } = page(rows, limit, (last) => [last.at, last.low, last.high])
        const sides = await sidesOf(
          db,
          actor,
          shown.flatMap(({ low, high }) => [low, high]),
        )
        return c.json({ items: shown.map((row) => presentPair(actor, row, sides)), next_cursor }, 200)
      },
    )
  }

  api.openapi(
    route(
      { gate: 'customers.merge', audit: 'person.keep_apart' },
      {
        method: 'post',
        path: '/api/person-conflicts/keep-apart',
        tags: ['persons'],
        request: { body: jsonContent(pairDecision, 'Both stay two persons for good') },
        responses: done,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { low, high, reason } = c.req.valid('json')
      if (!(await seesPair(db, actor, low, high))) throw notFound(thing)
      await db
        .transaction()
        .execute((tx) => keepApart(tx, actor.corpId, [low], [high], { reason, by: actor.accountId, at: clock.now() }))
      noteAudit(c, { objectKind: 'customer', objectId: String(low), after: { apart_from: high }, reason })
      return c.body(null, 204)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.merge', audit: 'person.decide' },
      {
        method: 'post',
        path: '/api/person-proposals/decide',
        tags: ['persons'],
        request: { body: jsonContent(proposalDecision, 'The same person, or two') },
        responses: done,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { low, high, same, reason } = c.req.valid('json')
      if (!(await seesPair(db, actor, low, high))) throw notFound(thing)
      const decision = { reason, by: actor.accountId, at: clock.now() }
      await db.transaction().execute(async (tx) => {
        if (!same) return keepApart(tx, actor.corpId, [low], [high], decision)
        const outcome = await joinPersons(tx, actor.corpId, low, high, decision)
        if (outcome.kind === 'conflict') throw cannotJoin(outcome.of)
      })
      noteAudit(c, { objectKind: 'customer', objectId: String(low), after: { same, other: high }, reason })
      return c.body(null, 204)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/person-merges',
        tags: ['persons'],
        request: { query: pageQuery },
        responses: {
          200: jsonContent(pageOf(personMerge), 'What joined and what parted, the newest first'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { limit, cursor } = c.req.valid('query')
      const rows = await listMerges(db, actor, {
        before: decodeCursor(z.tuple([z.int()]), cursor)?.[0],
        limit: limit + 1,
      })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.id])
      const sides = await sidesOf(
        db,
        actor,
        shown.flatMap(({ part, root }) => [part, root]),
      )
      return c.json({ items: shown.map((row) => presentMerge(actor, row, sides)), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.merge', audit: 'person.part' },
      {
        method: 'post',
        path: '/api/person-merges/{id}/undo',
        tags: ['persons'],
        request: { params: idParam, body: jsonContent(reasoned, 'Why') },
        responses: done,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { reason } = c.req.valid('json')
      const merge = await findMerge(db, actor, c.req.valid('param').id)
      if (merge === undefined) throw notFound({ zh: '合并记录', en: 'merge' })
      if (!undoable(merge)) throw undoneBefore()
      await db
        .transaction()
        .execute((tx) =>
          keepApart(tx, actor.corpId, merge.homes, merge.others, { reason, by: actor.accountId, at: clock.now() }),
        )
      noteAudit(c, {
        objectKind: 'customer',
        objectId: String(merge.root),
        before: { homes: [...merge.others, ...merge.homes] },
        after: { parted: merge.homes },
        reason,
      })
      return c.body(null, 204)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.merge', audit: { none: 'a look ahead that changes nothing' } },
      {
        method: 'post',
        path: '/api/person-merges/preview',
        tags: ['persons'],
        request: { body: jsonContent(joinAsk, 'Two customers') },
        responses: { 200: jsonContent(joinPreview, 'What joining them would come to'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { one, other } = c.req.valid('json')
      if (!(await seesPair(db, actor, one, other))) throw notFound(thing)
      const outcome = await db.transaction().execute((tx) => previewJoining(tx, actor.corpId, one, other))
      const sides = await sidesOf(db, actor, [one, other])
      return c.json(
        {
          outcome: outcome.kind,
          conflict: outcome.kind === 'conflict' ? outcome.of : null,
          one: presentSide(actor, one, sides.get(one)),
          other: presentSide(actor, other, sides.get(other)),
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'customers.merge', audit: 'person.merge' },
      {
        method: 'post',
        path: '/api/person-merges',
        tags: ['persons'],
        request: { body: jsonContent(joinOrder, 'Two customers who are one person, and why') },
        responses: done,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { one, other, reason } = c.req.valid('json')
      if (!(await seesPair(db, actor, one, other))) throw notFound(thing)
      const outcome = await db
        .transaction()
        .execute((tx) => joinPersons(tx, actor.corpId, one, other, { reason, by: actor.accountId, at: clock.now() }))
      if (outcome.kind === 'conflict') throw cannotJoin(outcome.of)
      noteAudit(c, { objectKind: 'customer', objectId: String(one), after: { joined: other }, reason })
      return c.body(null, 204)
    },
  )
  return api
}

function undoable({ kind, undoneAt }: MergeRow): boolean {
  return kind === 'merged' && undoneAt === null
}

function cannotJoin(kind: string): AppError {
  return new AppError(
    'conflict',
    {
      zh: `这两位客户不能合并：合并后会有两个不同的${kindZh[kind] ?? kind}。`,
      en: `These two cannot be one person: there would be two different values of ${kind}.`,
    },
    {
      hint: { zh: '请先核对哪一个身份是错的，拆开后再合并。', en: 'Check which identity is wrong and part it first.' },
    },
  )
}
const kindZh: Readonly<Record<string, string>> = {
  member_no: '会员号',
  unionid: 'UnionID',
  external_userid: '外部联系人',
}

function undoneBefore(): AppError {
  return new AppError(
    'conflict',
    { zh: '这次合并已经拆开，不能再拆。', en: 'This merge was undone before.' },
    { hint: { zh: '请刷新页面。', en: 'Reload the page.' } },
  )
}
