import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { forWholeCorp } from '../campaigns/campaign.words.ts'
import { programmeView } from './programme.schema.ts'
import { programmeOf } from './programme.store.ts'
import { presentProgramme, programmeDefinitions, quarterOf } from './programme.ts'

/** What all marketing of this quarter changed, by those who were held out of every campaign. */
export function programmeRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/experiments/programme',
        tags: ['campaign reports'],
        responses: { 200: jsonContent(programmeView, 'Of this quarter, as last worked out'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { name } = quarterOf(clock.now(), await zoneOfCorp(db, corpId))
      const kept = await programmeOf(db, corpId, name)
      const programme = kept === undefined ? null : presentProgramme(kept.figures, kept.asOf)
      return c.json({ quarter: name, programme, definitions: programmeDefinitions }, 200)
    },
  )
  return api
}
