import { z } from '@hono/zod-openapi'
import { seesPersonalData } from '../../../infra/auth/actor.ts'
import { nameFor, phoneFor } from '../../../infra/auth/mask.ts'
import {
  type Api,
  createApi,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
} from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { rootsNamed } from '../identities/identity-search.store.ts'
import { presentIdentity } from '../persons/person.view.ts'
import { knownPerson, knownPersonsQuery } from './known-persons.schema.ts'
import { listKnownPersons } from './known-persons.store.ts'

/** Persons who bought, followed or were imported, and whom no member has added yet. */
export function knownPersonsRoutes({ db, vault }: Pick<Services, 'db' | 'vault'>): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/known-persons',
        tags: ['customers'],
        request: { query: knownPersonsQuery },
        responses: { 200: jsonContent(pageOf(knownPerson), 'The latest known first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { limit, cursor, q = '' } = c.req.valid('query')
      const words = q.trim()
      const roots = words === '' ? undefined : await rootsNamed(db, actor.corpId, vault, words)
      const before = decodeCursor(z.tuple([z.int()]), cursor)?.[0]
      const rows = await listKnownPersons(db, actor, { roots, before, limit: limit + 1 })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.id])
      const open = (sealed: Buffer | null) => (sealed === null ? '' : vault.open(sealed))
      return c.json(
        {
          items: shown.map((row) => ({
            id: row.id,
            name: nameFor(actor, open(row.name)),
            phone: phoneFor(actor, open(row.phone)),
            masked: !seesPersonalData(actor),
            identities: row.identities.map((one) => {
              const { kind, value } = presentIdentity(actor, one)
              return { kind, value }
            }),
            orders: row.orders,
            last_order_at: row.lastOrderAt?.toISOString() ?? null,
            known_since: row.knownSince.toISOString(),
          })),
          next_cursor,
        },
        200,
      )
    },
  )
  return api
}
