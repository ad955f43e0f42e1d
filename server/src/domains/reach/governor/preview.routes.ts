import { z } from '@hono/zod-openapi'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { forWholeCorp, reasonWords } from './governor.words.ts'
import { previewAnswer, previewInput, previewOutcome } from './policy.schema.ts'
import { previewKind } from './preview.jobs.ts'

const tags = ['governor']
const sent = { zh: '可以触达', en: 'Would get it' }

/** 预估: how many of everybody would get a message now, as a long operation. */
export function previewRoutes({ operations }: Pick<Services, 'operations'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'governor.read', audit: { none: 'It counts, and changes nothing.' } },
      {
        method: 'post',
        path: '/api/governor/previews',
        tags,
        request: { body: jsonContent(previewInput, 'What would be sent') },
        responses: { 202: jsonContent(z.object({ operation_id: z.uuid() }), 'Begun'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { wait_hours: waitHours, ...input } = c.req.valid('json')
      const id = await operations.begin({
        ...{ kind: previewKind, corpId, startedBy: accountId },
        input: { ...input, waitHours },
      })
      return c.json({ operation_id: id }, 202)
    },
  )

  api.openapi(
    route(
      { gate: 'governor.read' },
      {
        method: 'get',
        path: '/api/governor/previews/{id}',
        tags,
        request: { params: z.object({ id: z.uuid() }) },
        responses: {
          200: jsonContent(previewAnswer, 'How many would get a message, and why others would not'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const operation = await operations.find(corpId, c.req.valid('param').id)
      if (operation?.kind !== previewKind || operation.state !== 'done')
        throw notFound({ zh: '预估结果', en: 'result of the estimate' })
      const { at, groups } = previewOutcome.parse(operation.result)
      const shown = groups.map(({ reason, ...group }) => ({
        ...{ ...group, reason: reason ?? null },
        words: reason === undefined ? sent : reasonWords(reason),
      }))
      const persons = groups.reduce((sum, one) => sum + one.persons, 0)
      return c.json({ at, persons, groups: shown }, 200)
    },
  )
  return api
}
