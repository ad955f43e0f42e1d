import { nameFor } from '../../../infra/auth/mask.ts'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { localTime } from '../../../infra/zone.ts'
import { numbersOf } from '../kept/marks.store.ts'
import { namesFor } from '../rules/names.store.ts'
import { previewAnswer, previewInput, wordsAnswer, wordsInput } from '../rules/rule.schema.ts'
import { ruleClass } from '../rules/rule.ts'
import { words } from '../rules/words.ts'
import { checkedRule, seesAll } from '../saved/audience.refusals.ts'
import { peopleOf } from '../saved/member.store.ts'
import { members } from './counts.store.ts'
import { leafCounts, previewCount } from './preview.store.ts'

const sampled = 20

/** 分群: what a rule would hold, while it is being edited. */
export function audiencePreviewRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
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
      const { rule, leaves, estimate } = c.req.valid('json')
      checkedRule(rule)
      const actor = seesAll(c.get('actor'))
      const { corpId } = actor
      const { dayNumber } = localTime(clock.now(), await zoneOfCorp(db, corpId))
      const began = performance.now()
      const counted = await previewCount(db, corpId, rule, dayNumber, estimate)
      const took = Math.round((performance.now() - began) * 10) / 10
      const names = await namesFor(db, corpId, [rule])
      // whom it holds is as much work as how many: an estimate leaves it to the exact answer
      const sample = counted.exact ? await members(db, corpId, rule, dayNumber, sampled) : []
      const people = await peopleOf(db, corpId, [...(await numbersOf(db, corpId, sample)).values()])
      return c.json(
        {
          ...counted,
          ...{ took_ms: took, class: ruleClass(rule), words: words(rule, names), sample: [...sample] },
          people: people.map((one) => ({
            ...{ customer_id: one.id, name: nameFor(actor, one.name ?? ''), has_page: one.hasPage },
          })),
          leaves: leaves ? await leafCounts(db, corpId, rule, { today: dayNumber, names, estimate }) : [],
        },
        200,
      )
    },
  )
  api.openapi(
    route(
      { gate: 'customers.read', audit: { none: 'reading rules changes nothing' } },
      {
        method: 'post',
        path: '/api/audiences/words',
        tags: ['audiences'],
        request: { body: jsonContent(wordsInput, 'Rules as something else keeps them, such as a mass send') },
        responses: { 200: jsonContent(wordsAnswer, 'What each says; nobody is counted'), ...errorResponses },
      },
    ),
    async (c) => {
      const { rules } = c.req.valid('json')
      for (const rule of rules) checkedRule(rule)
      const names = await namesFor(db, c.get('actor').corpId, rules)
      return c.json({ words: rules.map((rule) => words(rule, names)) }, 200)
    },
  )
  return api
}
