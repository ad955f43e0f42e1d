import { AppError } from '../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { localTime } from '../../infra/zone.ts'
import { countMembers, members, zoneOfCorp } from './audiences.store.ts'
import { previewAnswer, previewInput } from './rule.schema.ts'
import { ruleClass, ruleFaults } from './rule.ts'
import { words } from './words.ts'

const sampled = 20

const wholeCorpOnly = () =>
  new AppError(
    'forbidden',
    {
      zh: '分群按整个企业计算,你的数据范围只是其中一部分。',
      en: 'Audiences are counted over the whole corp; you see a part of it.',
    },
    { hint: { zh: '请由能看全部客户的同事来建分群。', en: 'Ask somebody who sees all customers.' } },
  )

/** 分群: what a rule would hold, while it is being edited. */
export function audiencesRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'customers.read', audit: { none: 'a preview changes nothing' } },
      {
        method: 'post',
        path: '/api/audiences/preview',
        tags: ['audiences'],
        request: { body: jsonContent(previewInput, 'The rule as it stands in the editor') },
        responses: { 200: jsonContent(previewAnswer, 'How many, and who for example'), ...errorResponses },
      },
    ),
    async (c) => {
      const { rule } = c.req.valid('json')
      const faults = ruleFaults(rule)
      const [first] = faults
      if (first) throw new AppError('rule', first.said, { details: faults })
      const { corpId, scope } = c.get('actor')
      if (scope.kind !== 'corp') throw wholeCorpOnly()
      const { dayNumber } = localTime(clock.now(), await zoneOfCorp(db, corpId))
      const began = performance.now()
      const counted = await countMembers(db, corpId, rule, dayNumber)
      const took = Math.round((performance.now() - began) * 10) / 10
      const sample = await members(db, corpId, rule, dayNumber, sampled)
      return c.json({ ...counted, took_ms: took, class: ruleClass(rule), words: words(rule), sample: [...sample] }, 200)
    },
  )
  return api
}
