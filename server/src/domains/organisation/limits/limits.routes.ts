import {
  defaultLimitProfile,
  isLimitName,
  type LimitOverrides,
  limitProfile,
  sourceNameZh,
  sourceUrl,
} from '@nuanyu/wecom'
import type { z } from 'zod'
import type { Said } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import { readOverrides } from '../../../infra/platform/limits.ts'
import type { Services } from '../../../infra/services.ts'
import { limitsChange, limitsView, limitUses } from './limits.schema.ts'
import { lockLimits, saveLimits, storedLimits } from './limits.store.ts'
import { changedOverrides } from './limits.ts'

/** 平台限额档案: every number of the platform with its source, what this corp has differently, and how far it is used. */
export function limitsRoutes({ db, platform }: Pick<Services, 'db' | 'platform'>): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'limits.read' },
      {
        method: 'get',
        path: '/api/limits',
        responses: { 200: jsonContent(limitsView, 'Every limit of the platform'), ...errorResponses },
      },
    ),
    async (c) => c.json(present(readOverrides(await storedLimits(db, c.get('actor').corpId)), c.get('language')), 200),
  )
  api.openapi(
    route(
      { gate: 'limits.write', audit: 'limits.update' },
      {
        method: 'patch',
        path: '/api/limits',
        request: { body: { required: true, content: { 'application/json': { schema: limitsChange } } } },
        responses: { 200: jsonContent(limitsView, 'Every limit, as it is now'), ...errorResponses },
      },
    ),
    async (c) => {
      const { overrides: changes } = c.req.valid('json')
      const corpId = c.get('actor').corpId
      const after = await db.transaction().execute(async (tx) => {
        const before = readOverrides(await lockLimits(tx, corpId))
        const changed = changedOverrides(before, changes, defaultLimitProfile)
        await saveLimits(tx, corpId, changed)
        const names = Object.keys(changes)
        noteAudit(c, { objectId: 'limits', before: only(before, names), after: only(changed, names) })
        return changed
      })
      return c.json(present(after, c.get('language')), 200)
    },
  )
  api.openapi(
    route(
      { gate: 'limits.read' },
      {
        method: 'get',
        path: '/api/limits/use',
        responses: { 200: jsonContent(limitUses, 'How far each API’s budget is used'), ...errorResponses },
      },
    ),
    async (c) => {
      const uses = await platform.use(c.get('actor').corpId)
      return c.json(
        {
          items: uses.map((use) => ({
            path: use.path,
            used_minute: use.usedMinute,
            limit_minute: use.limitMinute,
            used_hour: use.usedHour,
            limit_hour: use.limitHour,
            per_minute_now: use.perMinuteNow,
            exhausted_at: iso(use.exhaustedAt),
            blocked_until: iso(use.blockedUntil),
          })),
        },
        200,
      )
    },
  )
  return api
}

const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())

function present(overrides: LimitOverrides, language: keyof Said): z.input<typeof limitsView> {
  const own = limitProfile(overrides)
  return {
    items: defaultLimitProfile.entries().map(({ name, value, unit, source, date, grade, note }) => ({
      name,
      value,
      override: own.entry(name).overridden ? own.value(name) : null,
      unit,
      source: (language === 'zh' ? sourceNameZh(source) : undefined) ?? source,
      url: sourceUrl(source) ?? null,
      date,
      grade,
      note: note[language],
    })),
  }
}

function only(overrides: LimitOverrides, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, (isLimitName(name) ? overrides[name] : undefined) ?? null]))
}
