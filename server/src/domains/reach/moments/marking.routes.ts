import { z } from '@hono/zod-openapi'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { marksPace } from '../../tags/index.ts'

const query = z.object({ marks: z.coerce.number().int().min(0).max(50_000_000) })
const markingView = z
  .object({
    marks: z.int(),
    per_minute: z.int(),
    minutes: z.int().openapi({ description: 'By the platform’s limits and our share of them' }),
  })
  .openapi('MarkingCost')

/** What making a Moment seen by an audience takes, before anything is planned: a mark for each person. */
export function markingRoutes({ platform }: Pick<Services, 'platform'>): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/reach/marking',
        tags: ['campaigns'],
        request: { query },
        responses: { 200: jsonContent(markingView, 'What so many marks take'), ...errorResponses },
      },
    ),
    async (c) => {
      const { marks } = c.req.valid('query')
      const { perMinute, minutes } = marksPace(marks, await platform.limits(c.get('actor').corpId))
      return c.json({ marks, per_minute: perMinute, minutes }, 200)
    },
  )
  return api
}
