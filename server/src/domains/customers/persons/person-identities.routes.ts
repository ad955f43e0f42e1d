import { z } from '@hono/zod-openapi'
import { notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { findCustomer, readingOf } from '../list/customer-detail.store.ts'
import { identityPart, personIdentities } from './person.schema.ts'
import { presentMerge, presentSide } from './person.view.ts'
import { lockEvidence } from './person-component.store.ts'
import { keepApart } from './person-decisions.store.ts'
import { homesOf } from './person-homes.store.ts'
import { listMerges, sidesOf } from './person-views.store.ts'

const thing = { zh: '客户', en: 'customer' }
const idParam = z.object({ id: z.coerce.number().int().positive() })
const done = { 204: { description: 'Done' }, ...errorResponses }

/** What one person is known by, and taking one of it off him. */
export function personIdentityRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customers/{id}/identities',
        tags: ['persons'],
        request: { params: idParam },
        responses: {
          200: jsonContent(personIdentities, 'What the person is known by, and why it is one person'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const head = await findCustomer(db, actor, c.req.valid('param').id)
      if (head === undefined) throw notFound(thing)
      const homes = await homesOf(db, actor.corpId, head.id)
      const merges = await listMerges(db, actor, { before: undefined, limit: 50, homes })
      const sides = await sidesOf(db, actor, [head.id, ...merges.flatMap(({ part, root }) => [part, root])])
      const reading = await readingOf(db, actor, head.id)
      const own = presentSide(actor, head.id, sides.get(head.id))
      return c.json(
        {
          person_id: head.id,
          identities: own.identities,
          merges: merges.map((row) => presentMerge(actor, row, sides)),
          reading:
            reading === undefined ? null : { since: reading.since?.toISOString() ?? null, reason: reading.reason },
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'customers.merge', audit: 'person.part' },
      {
        method: 'post',
        path: '/api/customers/{id}/identities/part',
        tags: ['persons'],
        request: { params: idParam, body: jsonContent(identityPart, 'Whose home leaves the person for good, and why') },
        responses: done,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { home_id, reason } = c.req.valid('json')
      const head = await findCustomer(db, actor, c.req.valid('param').id)
      if (head === undefined) throw notFound(thing)
      await db.transaction().execute(async (tx) => {
        await lockEvidence(tx, actor.corpId)
        const homes = await homesOf(tx, actor.corpId, head.id)
        if (!homes.includes(home_id) || homes.length < 2) throw notFound({ zh: '身份', en: 'identity' })
        const others = homes.filter((home) => home !== home_id)
        await keepApart(tx, actor.corpId, [home_id], others, { reason, by: actor.accountId, at: clock.now() })
      })
      noteAudit(c, { objectKind: 'customer', objectId: String(head.id), after: { parted: [home_id] }, reason })
      return c.body(null, 204)
    },
  )
  return api
}
