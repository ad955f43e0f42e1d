import { z } from '@hono/zod-openapi'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { noteAudit } from '../../infra/http/audited.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { circleOfTag, findAudience } from '../audiences/index.ts'
import { beginRule } from './rule-tags.jobs.ts'
import { removeTagRule, tagRules, writeTagRule } from './rule-tags.store.ts'
import { moveCost } from './tag-marks.ts'
import { begun, ruleAsk, ruleCostView } from './tags.schema.ts'
import { findTag } from './tags.store.ts'
import { noSuchAudience, noSuchTag, ruleInCircle, staticAudience, wholeCorpScope } from './tags.words.ts'

const params = z.object({ id: z.string().min(1).max(128) })

/** Tags that follow an audience. */
export function ruleTagRoutes(services: Pick<Services, 'db' | 'clock' | 'platform' | 'operations'>): Api {
  const { db, clock, platform } = services
  const api = createApi()

  const load = async (corpId: number, tagId: string, audienceId: string) => {
    const tag = await findTag(db, corpId, tagId)
    if (tag === undefined) throw noSuchTag()
    const audience = await findAudience(db, corpId, audienceId)
    if (audience === undefined) throw noSuchAudience()
    return { tag, audience }
  }

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/tags/{id}/rule-cost',
        tags: ['tags'],
        request: { params, query: z.object({ audience_id: z.uuid() }) },
        responses: { 200: jsonContent(ruleCostView, 'What putting it on an audience takes'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorpScope(c.get('actor'))
      const { tag, audience } = await load(corpId, c.req.valid('param').id, c.req.valid('query').audience_id)
      const persons = audience.size ?? 0
      if (tag.platformId === null) return c.json({ persons, calls: 0, minutes: 0 }, 200)
      const limits = await platform.limits(corpId)
      const pace = { perMinute: limits.value('api.corp_per_minute'), perHour: limits.value('api.corp_per_hour') }
      const { minutes } = moveCost(persons, pace)
      return c.json({ persons, calls: persons, minutes: persons === 0 ? 0 : minutes }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'tags.write', audit: 'tag.rule' },
      {
        method: 'put',
        path: '/api/tags/{id}/rule',
        tags: ['tags'],
        request: { params, body: jsonContent(ruleAsk, 'The audience that it is to follow') },
        responses: { 202: jsonContent(begun, 'The operation that puts it on'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = wholeCorpScope(c.get('actor'))
      const { id } = c.req.valid('param')
      const { audience_id: audienceId, keep_days: keepDays } = c.req.valid('json')
      const { tag, audience } = await load(corpId, id, audienceId)
      if (audience.kind === 'static') throw staticAudience()
      const circle = await circleOfTag(db, corpId, id, audience)
      if (circle !== undefined) throw ruleInCircle(tag.name, circle)
      const operation = await db.transaction().execute(async (tx) => {
        const before = (await tagRules(tx, corpId)).find((one) => one.tagId === id)
        await writeTagRule(tx, corpId, { tagId: id, audienceId, keepDays }, { account: accountId, at: clock.now() })
        if (before !== undefined && before.audienceId !== audienceId)
          await beginRule(services, tx, corpId, { tagId: id, audienceId: before.audienceId, work: 'end' }, accountId)
        noteAudit(c, {
          ...{ objectKind: 'tag', objectId: id, before: { audience: before?.audience ?? null } },
          ...{ after: { tag: tag.name, audience: audience.name, keep_days: keepDays }, count: audience.size ?? 0 },
        })
        return beginRule(services, tx, corpId, { tagId: id, audienceId, work: 'follow' }, accountId)
      })
      return c.json({ operation_id: operation }, 202)
    },
  )

  api.openapi(
    route(
      { gate: 'tags.write', audit: 'tag.rule_end' },
      {
        method: 'delete',
        path: '/api/tags/{id}/rule',
        tags: ['tags'],
        request: { params },
        responses: {
          202: jsonContent(begun, 'The operation that takes it off whoever has it by this rule alone'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId, accountId } = wholeCorpScope(c.get('actor'))
      const { id } = c.req.valid('param')
      const operation = await db.transaction().execute(async (tx) => {
        const rule = (await tagRules(tx, corpId)).find((one) => one.tagId === id)
        if (rule === undefined) throw noSuchTag()
        await removeTagRule(tx, corpId, id)
        noteAudit(c, { objectKind: 'tag', objectId: id, before: { audience: rule.audience } })
        return beginRule(services, tx, corpId, { tagId: id, audienceId: rule.audienceId, work: 'end' }, accountId)
      })
      return c.json({ operation_id: operation }, 202)
    },
  )
  return api
}
