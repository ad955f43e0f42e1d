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
  pageOf,
  pageQuery,
} from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { findCustomer, homesOf } from '../../customers/index.ts'
import { decideFor } from './decide-person.ts'
import { hitWords } from './governor.words.ts'
import { ownTouchesSince } from './own-sends.store.ts'
import { decisionQuery, decisionView, touchView, wishInput } from './policy.schema.ts'
import { type Ask, memorySeconds } from './policy.ts'
import { touchesOf } from './touches.store.ts'
import { noteWish } from './wishes.store.ts'

const tags = ['governor']
const thing = { zh: '客户', en: 'customer' }
const params = z.object({ id: z.coerce.number().int().positive() })
const cursorShape = z.tuple([cursorMoment, z.string()])

/** What reached a person, whether he would get something and why not, and what he wishes. */
export function decisionRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customers/{id}/touches',
        tags,
        request: { params, query: pageQuery },
        responses: { 200: jsonContent(pageOf(touchView), 'The latest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { limit, cursor } = c.req.valid('query')
      const head = await findCustomer(db, actor, c.req.valid('param').id)
      if (head === undefined) throw notFound(thing)
      const key = decodeCursor(cursorShape, cursor)
      const before = key && { at: key[0], effect: key[1] }
      const homes = await homesOf(db, actor.corpId, head.id)
      const rows = await touchesOf(db, actor, homes, before, limit + 1)
      const { shown, next_cursor } = page(rows, limit, (last) => [last.at, last.effect])
      const items = shown.map(
        ({ at, channel, kind, campaignId, campaign, sender, senderName, weight, own, certain }) => ({
          ...{
            at: at.toISOString(),
            channel,
            kind,
            campaign_id: campaignId,
            campaign,
            sender,
            sender_name: senderName,
            weight,
            own,
            certain,
          },
        }),
      )
      return c.json({ items, next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customers/{id}/touch-decision',
        tags,
        request: { params, query: decisionQuery },
        responses: {
          200: jsonContent(decisionView, 'Whether he would get it, or would have got it then'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { at, ...query } = c.req.valid('query')
      const head = await findCustomer(db, actor, c.req.valid('param').id)
      if (head === undefined) throw notFound(thing)
      const ask = askAt(at === undefined ? clock.now() : new Date(at), query)
      const { policy, standing, decision, state, counted, reserved } = await decideFor(db, actor.corpId, head.id, ask)
      const own = await ownTouchesSince(db, standing.homes, new Date(ask.at.getTime() - memorySeconds * 1000), ask.at)
      return c.json(
        {
          ...{ at: ask.at.toISOString(), verdict: decision.verdict, until: moment(decision.until) },
          policy: policy === undefined ? null : { id: policy.id, name: policy.name, version: policy.version },
          ...{ wish: standing.wish ?? 'all', wished_at: standing.wishedAt?.toISOString() ?? null },
          ...{ fatigue: Math.round(decision.fatigue), fatigue_state: state, counted: { ...counted, reserved, own } },
          reasons: decision.hits.map((hit) => ({
            ...{ reason: hit.reason, until: moment(hit.until), words: hitWords(hit) },
          })),
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'customers.write', audit: 'customer.touch_wish' },
      {
        method: 'put',
        path: '/api/customers/{id}/touch-wish',
        tags,
        request: { params, body: jsonContent(wishInput, 'What he asked for, and how we know') },
        responses: { 204: { description: 'Holds from now on' }, ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const head = await findCustomer(db, actor, c.req.valid('param').id)
      if (head === undefined) throw notFound(thing)
      const { wish, reason } = c.req.valid('json')
      const by = { account: actor.accountId, at: clock.now() }
      await db.transaction().execute((tx) => noteWish(tx, actor.corpId, head.id, { wish, reason }, by))
      noteAudit(c, { objectId: String(head.id), after: { wish }, reason })
      return c.body(null, 204)
    },
  )
  return api
}

function askAt(at: Date, query: Omit<z.output<typeof decisionQuery>, 'at'>): Ask {
  const { channel, priority, wait_hours: hours } = query
  return { channel, priority, at, waitUntil: hours === 0 ? null : new Date(at.getTime() + hours * 3_600_000) }
}

function moment(second: number | null): string | null {
  return second === null ? null : new Date(second * 1000).toISOString()
}
