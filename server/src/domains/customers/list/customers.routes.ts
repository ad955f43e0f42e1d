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
} from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { audienceNames } from '../../audiences/index.ts'
import { rootsNamed } from '../identities/identity-search.store.ts'
import { findCustomer, importedOf, relationsOf, timelineOf } from './customer-detail.store.ts'
import {
  customerDetail,
  customerItem,
  customersQuery,
  filterOptions,
  revealed,
  timelineItem,
  timelineOfWhat,
  timelineQuery,
} from './customers.schema.ts'
import { filterOptionsOf, listCustomers } from './customers.store.ts'
import { presentDetail, presentEvent, presentItem, presentRevealed } from './customers.view.ts'

const thing = { zh: '客户', en: 'customer' }
const idParam = z.object({ id: z.coerce.number().int().positive() })
const cursorShape = z.tuple([cursorMoment, z.int()])

/** Customers: the list, one with his relations and history, and the clear name for a reason. */
export function customersRoutes({ db, vault }: Pick<Services, 'db' | 'vault'>): Api {
  const api = createApi()
  const keyAt = (token: string | undefined) => {
    const key = decodeCursor(cursorShape, token)
    return key && { at: key[0], id: key[1] }
  }

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customers',
        tags: ['customers'],
        request: { query: customersQuery },
        responses: { 200: jsonContent(pageOf(customerItem), 'The last added first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { limit, cursor, q, added_from, added_until, ...rest } = c.req.valid('query')
      const words = q?.trim() === '' ? undefined : q?.trim()
      const wanted = {
        q: words,
        staff: rest.staff,
        channel: rest.channel,
        tag: rest.tag,
        status: rest.status,
        audience: rest.audience,
        addedFrom: added_from === undefined ? undefined : new Date(added_from),
        addedUntil: added_until === undefined ? undefined : new Date(added_until),
        after: keyAt(cursor),
        limit: limit + 1,
      }
      // whom the words name exactly stands first; pages go on through whom they are a part of
      const named = words === undefined || cursor !== undefined ? [] : await rootsNamed(db, actor.corpId, vault, words)
      const exact =
        named.length === 0
          ? []
          : await listCustomers(db, actor, { ...wanted, q: undefined, ids: named, limit: named.length })
      const rows = await listCustomers(db, actor, wanted)
      const { shown, next_cursor } = page(rows, limit, (last) => [last.lastAddedAt, last.id])
      return c.json(
        {
          items: [...exact, ...shown.filter(({ id }) => !exact.some((one) => one.id === id))].map((row) =>
            presentItem(actor, row),
          ),
          next_cursor,
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customers/filters',
        tags: ['customers'],
        request: { query: z.object({ staff_q: z.string().max(40).default('') }) },
        responses: { 200: jsonContent(filterOptions, 'What lists can be filtered by'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const options = await filterOptionsOf(db, actor, c.req.valid('query').staff_q.trim())
      return c.json({ ...options, audiences: [...(await audienceNames(db, actor.corpId))] }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read', audit: 'customer.view' },
      {
        method: 'get',
        path: '/api/customers/{id}',
        tags: ['customers'],
        request: { params: idParam },
        responses: { 200: jsonContent(customerDetail, 'The customer'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const head = await findCustomer(db, actor, id)
      if (head === undefined) throw notFound(thing)
      const told = await importedOf(db, actor, id)
      return c.json(presentDetail(actor, head, await relationsOf(db, actor, id), told, vault), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customers/{id}/timeline',
        tags: ['customers'],
        request: { params: idParam, query: timelineQuery },
        responses: { 200: jsonContent(pageOf(timelineItem), 'The newest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const { limit, cursor, about } = c.req.valid('query')
      if ((await findCustomer(db, actor, id)) === undefined) throw notFound(thing)
      const rows = await timelineOf(db, actor, id, {
        before: keyAt(cursor),
        limit: limit + 1,
        of: about && timelineOfWhat[about],
      })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.occurredAt, last.id])
      return c.json({ items: shown.map(presentEvent), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.reveal', audit: 'customer.reveal' },
      {
        method: 'post',
        path: '/api/customers/{id}/reveal',
        tags: ['customers'],
        request: {
          params: idParam,
          body: jsonContent(z.object({ reason: z.string().trim().min(4).max(100) }), 'Why; it is recorded'),
        },
        responses: { 200: jsonContent(revealed, 'What was behind the mask'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const head = await findCustomer(db, actor, id)
      if (head === undefined) throw notFound(thing)
      const relations = await relationsOf(db, actor, id)
      noteAudit(c, { objectKind: 'customer', objectId: String(id), reason: c.req.valid('json').reason })
      return c.json(presentRevealed(head, relations, await importedOf(db, actor, id), vault), 200)
    },
  )
  return api
}
