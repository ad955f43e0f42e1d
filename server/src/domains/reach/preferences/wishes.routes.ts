import { z } from '@hono/zod-openapi'
import { type Actor, may } from '../../../infra/auth/actor.ts'
import { notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { siteOfCorp } from '../../content/index.ts'
import { findCustomer, homesOf } from '../../customers/index.ts'
import { preferencesAddress } from './preference-token.ts'
import { countWishes, notePersonalisation, preferencesNow, wishesOf } from './preferences.store.ts'
import { personalisationInput, preferencesView, wishesView } from './wishes.schema.ts'

const thing = { zh: '客户', en: 'customer' }
const params = z.object({ id: z.coerce.number().int().positive() })
/** More than anybody changes his mind. */
const shown = 50

/** What a customer wished, as his colleagues see it: how much he wants to receive, and whether chosen for him. */
export function wishesRoutes({ db, clock, config, vault }: Pick<Services, 'db' | 'clock' | 'config' | 'vault'>): Api {
  const api = createApi()
  const view = async (actor: Actor, customerId: number): Promise<z.output<typeof wishesView>> => {
    const homes = await homesOf(db, actor.corpId, customerId)
    const site = await siteOfCorp(db, config, actor.corpId)
    const noted = await wishesOf(db, homes, shown)
    return {
      ...(await preferencesNow(db, homes)),
      // whoever holds it is taken for the customer, so who may only read does not
      address: may(actor, 'customers.write')
        ? preferencesAddress(site, vault, actor.corpId, { customerId, at: clock.now() })
        : null,
      noted: noted.map((one) => ({ ...one, at: one.at.toISOString() })),
    }
  }
  const answer = { 200: jsonContent(wishesView, 'His wishes, and what they were'), ...errorResponses }

  api.openapi(
    route(
      { gate: 'customers.read' },
      { method: 'get', path: '/api/customers/{id}/wishes', tags: ['governor'], request: { params }, responses: answer },
    ),
    async (c) => {
      const actor = c.get('actor')
      const head = await findCustomer(db, actor, c.req.valid('param').id)
      if (head === undefined) throw notFound(thing)
      return c.json(await view(actor, head.id), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.write', audit: 'customer.personalisation' },
      {
        method: 'put',
        path: '/api/customers/{id}/personalisation',
        tags: ['governor'],
        request: { params, body: jsonContent(personalisationInput, 'What he said, and where') },
        responses: answer,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const head = await findCustomer(db, actor, c.req.valid('param').id)
      if (head === undefined) throw notFound(thing)
      const given = c.req.valid('json')
      const by = { account: actor.accountId, at: clock.now() }
      await db.transaction().execute((tx) => notePersonalisation(tx, actor.corpId, head.id, given, by))
      noteAudit(c, { after: { personalised: given.personalised }, reason: given.reason })
      return c.json(await view(actor, head.id), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'governor.read' },
      {
        method: 'get',
        path: '/api/governor/preferences-page',
        tags: ['governor'],
        responses: {
          200: jsonContent(preferencesView, 'The page for everybody, as a mass send carries it, and what people said'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      const address = preferencesAddress(await siteOfCorp(db, config, corpId), vault, corpId)
      return c.json({ address, ...(await countWishes(db, corpId)) }, 200)
    },
  )
  return api
}
