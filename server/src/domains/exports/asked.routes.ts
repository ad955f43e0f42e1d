import { z } from '@hono/zod-openapi'
import { seesPersonalData } from '../../infra/auth/actor.ts'
import { zoneOfCorp } from '../../infra/corp-zone.store.ts'
import { notFound } from '../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { dayMs } from '../../infra/zone.ts'
import { type Exports, exportThing } from './exports.jobs.ts'
import { askedView } from './exports.schema.ts'
import { actorOf, findExport } from './exports.store.ts'
import { mayNoLonger, unknownTable } from './refusals.ts'
import { answerDays } from './waiting.ts'

/** What an export that waits would hold, for whoever has to agree to it. */
export function askedRoutes({ db }: Pick<Services, 'db'>, exports: Exports): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'customers.export_any' },
      {
        method: 'get',
        path: '/api/exports/{id}/asked',
        tags: ['exports'],
        request: { params: z.object({ id: z.uuid() }) },
        responses: { 200: jsonContent(askedView, 'Of what, which columns, and how they are seen'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      const found = await findExport(db, corpId, c.req.valid('param').id)
      if (found === undefined) throw notFound(exportThing)
      const source = exports.sources.find(({ kind }) => kind === found.kind)
      if (source === undefined) throw unknownTable(found.kind)
      // as it would be written: for who asked, by what he may see now
      const asker = await actorOf(db, corpId, found.requestedBy)
      if (asker === undefined) throw mayNoLonger()
      const { header } = await source.read(asker, found.filters, await zoneOfCorp(db, corpId))
      const until = new Date(found.requestedAt.getTime() + answerDays * dayMs)
      return c.json(
        {
          about: (await source.about(asker, found.filters)) ?? null,
          columns: [...header],
          masked: source.personal && !seesPersonalData(asker),
          until: found.state === 'waiting' ? until.toISOString() : null,
        },
        200,
      )
    },
  )
  return api
}
