import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { findAudience } from '../../audiences/index.ts'
import { findCustomer } from '../list/customer-detail.store.ts'
import { homesOf } from '../persons/person-homes.store.ts'
import { ownCustomers } from './own.ts'
import { ownersKind } from './owners.jobs.ts'
import { ownerInput, ownersInput, sendersView } from './owners.schema.ts'
import { chatsAreTold, presentAmong, sendersOf } from './owners.store.ts'
import { presentSenders } from './owners.view.ts'
import { notAContact, notAMember, ownedElsewhere, ownersForWholeCorp } from './owners.words.ts'

const params = z.object({ id: z.coerce.number().int().positive() })
const thing = { zh: '客户', en: 'customer' }
const tags = ['customers']

/** 专属: who sends to a customer before anybody else, of one and of many. */
export function ownersRoutes({ db, clock, operations }: Pick<Services, 'db' | 'clock' | 'operations'>): Api {
  const api = createApi()

  const shown = async (actor: Actor, id: number): Promise<z.output<typeof sendersView>> =>
    presentSenders(
      await sendersOf(db, actor, await homesOf(db, actor.corpId, id), clock.now()),
      await chatsAreTold(db, actor.corpId),
    )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customers/{id}/senders',
        tags,
        request: { params },
        responses: { 200: jsonContent(sendersView, 'Who is asked to send to him, in turn'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      if ((await findCustomer(db, actor, id)) === undefined) throw notFound(thing)
      return c.json(await shown(actor, id), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.assign', audit: 'customer.owner' },
      {
        method: 'put',
        path: '/api/customers/{id}/owner',
        tags,
        request: { params, body: jsonContent(ownerInput, 'Who is to own him') },
        responses: { 200: jsonContent(sendersView, 'Who is asked to send to him now, in turn'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const { userid } = c.req.valid('json')
      if ((await findCustomer(db, actor, id)) === undefined) throw notFound(thing)
      if (userid !== null && !(await presentAmong(db, actor, [userid])).has(userid)) throw notAMember(userid)
      const before = (await shown(actor, id)).owner
      if (before?.elsewhere) throw ownedElsewhere()
      const by = { at: clock.now(), cause: `account:${actor.accountId}` }
      const [done] = await db
        .transaction()
        .execute((tx) => ownCustomers(tx, actor.corpId, [{ customerId: id, userid }], by))
      if (done?.outcome === 'no_relation') throw notAContact(userid ?? '')
      noteAudit(c, {
        ...{ objectKind: 'customer', objectId: String(id) },
        ...{ before: { owner: before?.userid ?? null }, after: { owner: userid } },
      })
      return c.json(await shown(actor, id), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.assign', audit: 'customer.owners' },
      {
        method: 'post',
        path: '/api/customer-owners',
        tags,
        request: { body: jsonContent(ownersInput, 'Of whom who is to be the owner') },
        responses: {
          202: jsonContent(
            z.object({ operation_id: z.uuid() }).openapi('OwnersBegun'),
            'Its progress and result: /api/operations/{id}',
          ),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId, accountId: startedBy } = wholeCorp(c.get('actor'), ownersForWholeCorp)
      const input = c.req.valid('json')
      const { who } = input
      const userids = 'list' in who ? who.list.map((one) => one.userid) : [who.userid]
      const named = userids.filter((one) => one !== null)
      const present = await presentAmong(db, c.get('actor'), named)
      const unknown = named.find((userid) => !present.has(userid))
      if (unknown !== undefined) throw notAMember(unknown)
      if ('audience' in who && (await findAudience(db, corpId, who.audience)) === undefined)
        throw notFound({ zh: '分群', en: 'audience' })
      const id = await operations.begin({ kind: ownersKind, corpId, input, startedBy })
      noteAudit(c, {
        objectKind: 'operation',
        objectId: id,
        after: 'list' in who ? { list: who.list.length, preview: input.preview } : { ...who, preview: input.preview },
      })
      return c.json({ operation_id: id }, 202)
    },
  )
  return api
}
