import { z } from '@hono/zod-openapi'
import type { Actor } from '../../infra/auth/actor.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { noteAudit } from '../../infra/http/audited.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { findCustomer, homesOf } from '../customers/index.ts'
import { shownConsents, shownFacts, shownRelations, shownTags, waitingCalls } from './person-tags.store.ts'
import { presentPersonTags } from './person-tags.view.ts'
import { dropTodos, recordConsent, recordFacts } from './tag-facts.store.ts'
import { workOut } from './tag-work.ts'
import { consentPut, personTags, tagPut } from './tags.schema.ts'
import { findGroup, findTag } from './tags.store.ts'
import { noSuchCustomer, noSuchGroup, noSuchTag } from './tags.words.ts'

const params = z.object({ id: z.coerce.number().int().positive() })
const answer = { 200: jsonContent(personTags, 'His tags as they are now'), ...errorResponses }

/** A person's tags: whose word each is, putting and taking off by hand, and his consent to sensitive ones. */
export function personTagRoutes(services: Pick<Services, 'db' | 'clock' | 'due' | 'platform'>): Api {
  const { db, clock } = services
  const api = createApi()

  const seen = async (actor: Actor, id: number) => {
    const head = await findCustomer(db, actor, id)
    if (head === undefined) throw noSuchCustomer()
    return head.id
  }
  const present = async (actor: Actor, id: number) => {
    const homes = await homesOf(db, actor.corpId, id)
    const [facts, tags, relations, calls, consents] = await Promise.all([
      shownFacts(db, actor.corpId, homes),
      shownTags(db, actor.corpId),
      shownRelations(db, actor, homes),
      waitingCalls(db, actor.corpId, homes),
      shownConsents(db, actor.corpId, homes),
    ])
    return presentPersonTags({ facts, tags, relations, calls, consents }, clock.now())
  }

  api.openapi(
    route(
      { gate: 'customers.read' },
      { method: 'get', path: '/api/customers/{id}/tags', tags: ['tags'], request: { params }, responses: answer },
    ),
    async (c) => {
      const actor = c.get('actor')
      return c.json(await present(actor, await seen(actor, c.req.valid('param').id)), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.write', audit: 'customer.tag' },
      {
        method: 'post',
        path: '/api/customers/{id}/tags',
        tags: ['tags'],
        request: {
          params,
          body: jsonContent(tagPut, 'A tag put on or taken off by hand; it wins over everything automatic'),
        },
        responses: answer,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const id = await seen(actor, c.req.valid('param').id)
      const { tag_id: tagId, says, expires_at, reason } = c.req.valid('json')
      const tag = await findTag(db, actor.corpId, tagId)
      if (tag === undefined) throw noSuchTag()
      await db.transaction().execute(async (tx) => {
        await recordFacts(
          tx,
          actor.corpId,
          [
            {
              ...{ customerId: id, tagId, source: 'manual', reference: '', says, at: clock.now() },
              ...(expires_at === undefined || !says ? {} : { expiresAt: new Date(expires_at) }),
              evidence: { by: actor.accountId, ...(reason === undefined || reason === '' ? {} : { reason }) },
            },
          ],
          new Date(),
        )
        await workOut(services, tx, actor.corpId, await dropTodos(tx, [id]))
      })
      noteAudit(c, {
        ...{ objectKind: 'customer', objectId: String(id), after: { tag: tag.name, says } },
        ...(reason === undefined ? {} : { reason }),
      })
      return c.json(await present(actor, id), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.write', audit: 'customer.consent' },
      {
        method: 'post',
        path: '/api/customers/{id}/tag-consents',
        tags: ['tags'],
        request: { params, body: jsonContent(consentPut, 'Whether he agreed to be tagged by a sensitive group') },
        responses: answer,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const id = await seen(actor, c.req.valid('param').id)
      const { group_id: groupId, given, evidence } = c.req.valid('json')
      const group = await findGroup(db, actor.corpId, groupId)
      if (group === undefined) throw noSuchGroup()
      await db.transaction().execute(async (tx) => {
        const consent = { customerId: id, groupId, given, evidence, at: clock.now(), by: actor.accountId }
        await recordConsent(tx, actor.corpId, consent, new Date())
        await workOut(services, tx, actor.corpId, await dropTodos(tx, [id]))
      })
      noteAudit(c, { objectKind: 'customer', objectId: String(id), after: { group: group.name, given } })
      return c.json(await present(actor, id), 200)
    },
  )
  return api
}
