import { z } from '@hono/zod-openapi'
import { AppError, notFound } from '../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { noteAudit } from '../../infra/http/audited.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { findCustomer, joinPersons } from '../customers/index.ts'
import { orderCandidate, orderClaim, orderTail } from './claims.schema.ts'
import { ordersToClaim } from './claims.store.ts'

const thing = { zh: '客户', en: 'customer' }
const idParam = z.object({ id: z.coerce.number().int().positive() })
/** A parcel is on its way for some days; an older order is looked up by who sees the whole brand. */
const claimableMs = 30 * 86_400_000

/**
 * An order that no identity led to the customer: whoever scans the card in his parcel tells the end of the number on its
 * slip, and the member types it. It is a person's decision, stands in the log of merges, and can be undone.
 */
export function orderClaimRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()
  const since = () => new Date(clock.now().getTime() - claimableMs)

  api.openapi(
    route(
      { gate: 'customers.write' },
      {
        method: 'get',
        path: '/api/customers/{id}/order-candidates',
        tags: ['customers'],
        request: { params: idParam, query: z.object({ tail: orderTail }) },
        responses: {
          200: jsonContent(z.object({ items: z.array(orderCandidate) }), 'Orders of nobody, the latest first'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { tail } = c.req.valid('query')
      if ((await findCustomer(db, actor, c.req.valid('param').id)) === undefined) throw notFound(thing)
      const rows = await ordersToClaim(db, actor.corpId, tail, since())
      const items = rows.map((row) => ({
        ...{ home_id: row.home, tail: row.number.slice(-tail.length), source: row.source, amount: row.amount },
        ...{ ordered_at: row.orderedAt.toISOString(), store: row.store, goods: [...row.goods] },
      }))
      return c.json({ items }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.write', audit: 'order.claim' },
      {
        method: 'post',
        path: '/api/customers/{id}/order-claims',
        tags: ['customers'],
        request: { params: idParam, body: jsonContent(orderClaim, 'The order is this customer’s') },
        responses: { 204: { description: 'Both are one person' }, ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { home_id, tail } = c.req.valid('json')
      const head = await findCustomer(db, actor, c.req.valid('param').id)
      if (head === undefined) throw notFound(thing)
      const claimable = await ordersToClaim(db, actor.corpId, tail, since())
      if (!claimable.some(({ home }) => home === home_id)) throw notFound({ zh: '可认领的订单', en: 'order to claim' })
      const decision = { reason: `订单尾号 ${tail}`, by: actor.accountId, at: clock.now() }
      const outcome = await db.transaction().execute((tx) => joinPersons(tx, actor.corpId, head.id, home_id, decision))
      if (outcome.kind === 'conflict') throw anotherPersons()
      noteAudit(c, { objectKind: 'customer', objectId: String(head.id), after: { joined: home_id, tail } })
      return c.body(null, 204)
    },
  )
  return api
}

function anotherPersons(): AppError {
  return new AppError(
    'conflict',
    {
      zh: '这笔订单属于另一位客户：两边的会员号或 UnionID 不同。',
      en: 'This order is another customer’s: member numbers or UnionIDs differ.',
    },
    {
      hint: {
        zh: '请与客户核对尾号；确认是同一人时，请管理员在「重复与合并」里处理。',
        en: 'Check the number with the customer; if it is he, an administrator decides under “Duplicates & merge”.',
      },
    },
  )
}
