import { z } from '@hono/zod-openapi'
import type { KeyScope } from '../../infra/auth/caller.ts'
import { type Clock, systemClock } from '../../infra/clock.ts'
import {
  type Api,
  type ApiContext,
  createApi,
  cursorMoment,
  decodeCursor,
  errorResponses,
  errorSchema,
  jsonContent,
  page,
} from '../../infra/http/api.ts'
import type { Services } from '../../infra/services.ts'
import { createBehaviourTaker } from './behaviours.ingest.ts'
import { keyedRoutes } from './keyed.guard.ts'
import { takeMembers } from './members.ingest.ts'
import { listMembers } from './members.store.ts'
import { takeOrders } from './orders.ingest.ts'
import { listOrders } from './orders-read.store.ts'
import { takeProducts } from './products.ingest.ts'
import { listProducts } from './products.store.ts'
import { answerOf, type Outcome, type Teller } from './rows.ts'
import { takeChats, takeLeaveRows, takeOwners } from './senders.ingest.ts'
import { answered, batchOf, documentedShapes, listQuery, pageOfViews, type rowSchemas } from './v1.schema.ts'
import { presentMember, presentOrder, presentProduct } from './v1.view.ts'

type Needs = Pick<Services, 'db' | 'clock' | 'vault' | 'config' | 'pressure'>
type Take = (teller: Teller, rows: readonly unknown[]) => Promise<ReadonlyMap<number, Outcome>>

const refused = {
  ...errorResponses,
  413: { description: 'The body is too large', content: { 'application/json': { schema: errorSchema } } },
  429: {
    description: 'The key’s requests of this minute are used up',
    content: { 'application/json': { schema: errorSchema } },
  },
} as const

const timeKey = z.tuple([cursorMoment, z.int()])
const numberKey = z.tuple([z.string(), z.string()])

/** So many facts weigh as much as a callback that must be answered at once: a thousand orders a second are a flood. */
const factsOfCallback = { orders: 3, others: 10 }

/** What other systems tell and ask by their keys: facts in batches, with one answer a row. */
export function v1Routes(services: Needs, options: { machine?: Clock } = {}): Api {
  const api = createApi()
  const { db } = services
  const keyed = keyedRoutes(services, options.machine ?? systemClock)
  api.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', { type: 'http', scheme: 'bearer' })
  for (const [name, shape] of Object.entries(documentedShapes()))
    api.openAPIRegistry.registerComponent('schemas', name, shape)

  const takes = (kind: string, row: keyof typeof rowSchemas, scope: KeyScope, take: Take) => {
    api.openapi(
      keyed(scope, {
        method: 'post',
        path: `/v1/${kind}`,
        tags: ['v1'],
        request: { body: { required: true, ...jsonContent(batchOf(kind, row), 'At most 1,000 rows') } },
        responses: { 200: jsonContent(answered, 'One answer a row, in their order'), ...refused },
      }),
      async (c) => {
        const { corpId, keyId } = callerOf(c)
        const rows = c.req.valid('json')[kind] ?? []
        services.pressure.note(Math.ceil(rows.length / factsOfCallback[kind === 'orders' ? 'orders' : 'others']))
        const outcomes = await take({ corpId, cause: `key:${keyId}` }, rows)
        return c.json(answerOf(rows, outcomes, c.get('language')), 200)
      },
    )
  }
  takes('orders', 'OrderInput', 'orders.write', (teller, rows) => takeOrders(services, teller, rows))
  takes('products', 'ProductInput', 'products.write', (teller, rows) => takeProducts(services, teller, rows))
  takes('members', 'MemberInput', 'members.write', (teller, rows) => takeMembers(services, teller, rows))
  takes('events', 'EventInput', 'events.write', createBehaviourTaker(services))
  takes('chats', 'ChatInput', 'chats.write', (teller, rows) => takeChats(services, teller, rows))
  takes('owners', 'OwnerInput', 'owners.write', (teller, rows) => takeOwners(services, teller, rows))
  takes('leaves', 'LeaveInput', 'leaves.write', (teller, rows) => takeLeaveRows(services, teller, rows))

  api.openapi(
    keyed('orders.read', {
      method: 'get',
      path: '/v1/orders',
      tags: ['v1'],
      request: { query: listQuery },
      responses: { 200: jsonContent(pageOfViews('V1Order'), 'The last ordered first'), ...refused },
    }),
    async (c) => {
      const { limit, cursor, source, number } = c.req.valid('query')
      const before = decodeCursor(timeKey, cursor)
      const rows = await listOrders(db, { corpId: callerOf(c).corpId }, { source, number, before, limit: limit + 1 })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.orderedAt, last.id])
      return c.json({ items: shown.map(presentOrder), next_cursor }, 200)
    },
  )

  api.openapi(
    keyed('products.read', {
      method: 'get',
      path: '/v1/products',
      tags: ['v1'],
      request: { query: listQuery },
      responses: { 200: jsonContent(pageOfViews('V1Product'), 'The last changed first'), ...refused },
    }),
    async (c) => {
      const { limit, cursor, source, number } = c.req.valid('query')
      const before = decodeCursor(timeKey, cursor)
      const rows = await listProducts(db, callerOf(c).corpId, { source, number, before, limit: limit + 1 })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.versionAt, last.id])
      return c.json({ items: shown.map(presentProduct), next_cursor }, 200)
    },
  )

  api.openapi(
    keyed('members.read', {
      method: 'get',
      path: '/v1/members',
      tags: ['v1'],
      request: { query: listQuery },
      responses: { 200: jsonContent(pageOfViews('V1Member'), 'By number'), ...refused },
    }),
    async (c) => {
      const { limit, cursor, source, number } = c.req.valid('query')
      const after = decodeCursor(numberKey, cursor)
      const rows = await listMembers(db, callerOf(c).corpId, { source, number, after, limit: limit + 1 })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.number, last.source])
      return c.json({ items: shown.map(presentMember), next_cursor }, 200)
    },
  )

  return api
}

/** Who asks: the guard has found him before any handler runs. */
function callerOf(c: ApiContext) {
  const caller = c.get('caller')
  if (caller === undefined) throw new Error('a keyed route ran without its guard')
  return caller
}
