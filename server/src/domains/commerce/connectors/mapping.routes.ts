import { eventInput, memberInput, orderInput, productInput } from '@nuanyu/client/shapes'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import { faultOf } from '../faults.ts'
import { mappingTried, mappingTry } from './connectors.schema.ts'
import { mapFacts } from './mapped.ts'
import { parsedSample, rowsOfSample } from './sample.ts'

const shapes = { orders: orderInput, products: productInput, members: memberInput, events: eventInput } as const
const shownFacts = 20

/** What a mapping makes of a sample, before any of it is kept. */
export function mappingRoutes(): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'connectors.read', audit: { none: 'Tries a mapping on a sample; nothing is kept.' } },
      {
        method: 'post',
        path: '/api/connectors/try',
        tags: ['connectors'],
        request: { body: { content: { 'application/json': { schema: mappingTry } }, required: true } },
        responses: { 200: jsonContent(mappingTried, 'What the sample would be read as'), ...errorResponses },
      },
    ),
    (c) => {
      const { mapping, sample, format } = c.req.valid('json')
      const language = c.get('language')
      const facts =
        format === 'csv'
          ? rowsOfSample(sample).flatMap((row) => mapFacts({ ...mapping, items: '' }, row))
          : mapFacts(mapping, parsedSample(sample))
      return c.json(
        {
          facts: facts.slice(0, shownFacts).map((fact) => {
            const [issue] = shapes[mapping.kind].safeParse(fact).error?.issues ?? []
            const fault = issue === undefined ? undefined : faultOf(issue)
            return {
              fact,
              field: fault?.field ?? null,
              reason: fault?.said[language] ?? null,
              hint: fault?.hint[language] ?? null,
            }
          }),
        },
        200,
      )
    },
  )
  return api
}
