import { z } from '@hono/zod-openapi'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { listAlarms } from './alarms.store.ts'

const severities = ['red', 'amber', 'info'] as const

const alarmSchema = z
  .object({
    id: z.string(),
    kind: z.string(),
    severity: z.enum(severities),
    title: z.string(),
    advice: z.string(),
    subject: z.object({ type: z.string(), id: z.string(), path: z.string().nullable() }),
    raised_at: z.string(),
    cleared_at: z.string().nullable(),
  })
  .openapi('Alarm')

const query = z.object({
  cleared: z.enum(['yes', 'no']).default('no').openapi({ description: 'yes: those that are over too' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** What a person should look at: what happened, why, what to do. */
export function alarmRoutes({ db }: Pick<Services, 'db'>): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'today.read' },
      {
        method: 'get',
        path: '/api/alarms',
        tags: ['alarms'],
        request: { query },
        responses: {
          200: jsonContent(z.object({ items: z.array(alarmSchema) }), 'The gravest first'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { cleared, limit } = c.req.valid('query')
      const language = c.get('language')
      const actor = c.get('actor')
      // alarms speak of members and of the corp as a whole: they are for those who see all of it
      const alarms =
        actor.scope.kind === 'corp' ? await listAlarms(db, actor.corpId, { limit, cleared: cleared === 'yes' }) : []
      return c.json(
        {
          items: alarms.map(({ id, kind, severity, title, advice, subject, raisedAt, clearedAt }) => ({
            id,
            kind,
            severity: severities.find((one) => one === severity) ?? 'info',
            title: title[language],
            advice: advice[language],
            subject: { type: subject.type, id: subject.id, path: subject.path ?? null },
            raised_at: raisedAt.toISOString(),
            cleared_at: clearedAt?.toISOString() ?? null,
          })),
        },
        200,
      )
    },
  )
  return api
}
