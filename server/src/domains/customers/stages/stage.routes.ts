import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { dayMs, localTime } from '../../../infra/zone.ts'
import {
  countMembers,
  inMemory,
  personFacts,
  type Reason,
  reasonWords,
  ruleWords,
  withoutCircles,
} from '../../audiences/index.ts'
import { findCustomer } from '../list/customer-detail.store.ts'
import { homesOf } from '../persons/person-homes.store.ts'
import { lifeCycleKind } from './stage.jobs.ts'
import {
  customerStageView,
  lifeCycleAsk,
  lifeCycleFigures,
  lifeCycleInput,
  lifeCyclePreview,
  lifeCycleVersion,
  lifeCycleView,
  type Stage,
} from './stage.schema.ts'
import { addVersion, currentLifeCycle, ensureLifeCycle, knownStages, lifeCycles } from './stage.store.ts'
import { defaultStages, movingRules, nextRules, stageFaults, stageWords } from './stage.ts'
import { stageFigures } from './stage-figures.store.ts'
import { staysOf } from './stage-stays.store.ts'

const thing = { zh: '客户', en: 'customer' }
const figuresQuery = z.object({ days: z.coerce.number().int().min(7).max(730).default(90) })

const seesAll = (actor: Actor) =>
  wholeCorp(actor, {
    zh: '生命周期按整个企业统计，你的数据范围只是其中一部分。',
    en: 'The life-cycle is counted over the whole corp; you see a part of it.',
  })

/** 生命周期: the stages with what happens in them, their rules and versions, and the stage of one customer. */
export function stageRoutes({ db, clock, operations }: Pick<Services, 'db' | 'clock' | 'operations'>): Api {
  const api = createApi()
  const todayOf = async (corpId: number) => localTime(clock.now(), await zoneOfCorp(db, corpId)).dayNumber
  const allowed = (stages: readonly Stage[]) => {
    const faults = stageFaults(stages)
    const [first] = faults
    if (first) throw new AppError('rule', first, { details: faults })
  }

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/life-cycle',
        tags: ['life-cycle'],
        responses: { 200: jsonContent(lifeCycleView, 'The stages with their rules'), ...errorResponses },
      },
    ),
    async (c) => {
      const current = await currentLifeCycle(db, c.get('actor').corpId)
      return c.json(
        {
          version: current?.version ?? 0,
          stages: [...(current?.stages ?? defaultStages)],
          computed_at: current?.computedAt?.toISOString() ?? null,
          note: current?.note ?? '',
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/life-cycle/figures',
        tags: ['life-cycle'],
        request: { query: figuresQuery },
        responses: {
          200: jsonContent(lifeCycleFigures, 'How many stand where, and how they got on'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId } = seesAll(c.get('actor'))
      const { days } = c.req.valid('query')
      const current = await currentLifeCycle(db, corpId)
      const since = new Date(clock.now().getTime() - days * dayMs)
      const figures = new Map((await stageFigures(db, corpId, since)).map((one) => [one.stage, one]))
      const today = await todayOf(corpId)
      let persons = 0
      const stages = []
      for (const stage of current?.stages ?? defaultStages) {
        const counted = await countMembers(db, corpId, { is: 'stage', any: [stage.id] }, today)
        const found = figures.get(stage.id)
        persons = counted.of
        stages.push({
          ...stageWords(stage),
          ...{ persons: counted.count, entered: found?.entered ?? 0, left: found?.left ?? 0 },
          ...{ median_dwell_days: found?.medianDwellDays ?? null, next: [...(found?.next ?? [])] },
        })
      }
      const computedAt = current?.computedAt?.toISOString() ?? null
      return c.json({ version: current?.version ?? 0, computed_at: computedAt, days, persons, stages }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.define', audit: { none: 'a look ahead that changes nothing' } },
      {
        method: 'post',
        path: '/api/life-cycle/preview',
        tags: ['life-cycle'],
        request: { body: jsonContent(lifeCycleAsk, 'The stages as they stand in the editor') },
        responses: { 200: jsonContent(lifeCyclePreview, 'Who would stand where'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = seesAll(c.get('actor'))
      const { stages } = c.req.valid('json')
      allowed(stages)
      const today = await todayOf(corpId)
      const counted = []
      for (const [at, { rule }] of nextRules(stages).entries()) {
        const stage = stages[at]
        if (stage) counted.push({ ...stageWords(stage), persons: (await countMembers(db, corpId, rule, today)).count })
      }
      const moving = movingRules(stages, await knownStages(db, corpId)).map(({ rule }) => rule)
      return c.json({ moving: (await countMembers(db, corpId, { any: moving }, today)).count, stages: counted }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.define', audit: 'life_cycle.define' },
      {
        method: 'put',
        path: '/api/life-cycle',
        tags: ['life-cycle'],
        request: { body: jsonContent(lifeCycleInput, 'A new version; the old one stays in the history') },
        responses: {
          200: jsonContent(z.object({ version: z.int(), operation_id: z.uuid() }), 'Everybody is computed anew'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId, accountId } = seesAll(c.get('actor'))
      const { version, stages, note } = c.req.valid('json')
      allowed(stages)
      const answer = await db.transaction().execute(async (tx) => {
        await ensureLifeCycle(tx, corpId, clock.now())
        const by = { account: accountId, at: clock.now() }
        const added = await addVersion(tx, corpId, Math.max(version, 1), { stages, note }, by)
        if (added === undefined) throw changedMeanwhile()
        await withoutCircles(tx, corpId)
        const input = { cause: 'version' }
        const id = await operations.begin({ kind: lifeCycleKind, corpId, input, startedBy: accountId }, tx)
        return { version: added, operation_id: id }
      })
      noteAudit(c, {
        ...{ objectKind: 'life_cycle', objectId: String(answer.version) },
        after: { stages: stages.map(({ id, name }) => ({ id, name })), note },
      })
      return c.json(answer, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/life-cycle/versions',
        tags: ['life-cycle'],
        responses: {
          200: jsonContent(z.object({ items: z.array(lifeCycleVersion) }), 'The latest first'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const items = (await lifeCycles(db, c.get('actor').corpId)).map((one) => ({
        ...{ version: one.version, note: one.note, by: one.by, created_at: one.createdAt.toISOString() },
        ...{ started_at: one.startedAt?.toISOString() ?? null, stages: one.stages.map(stageWords) },
      }))
      return c.json({ items }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customers/{id}/life-cycle',
        tags: ['life-cycle'],
        request: { params: z.object({ id: z.coerce.number().int().positive() }) },
        responses: { 200: jsonContent(customerStageView, 'The stage, since when and why'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const head = await findCustomer(db, actor, c.req.valid('param').id)
      if (head === undefined) throw notFound(thing)
      const versions = new Map((await lifeCycles(db, actor.corpId)).map((one) => [one.version, one]))
      const stays = await staysOf(db, await homesOf(db, actor.corpId, head.id))
      const named = (version: number, id: string) => versions.get(version)?.stages.find((one) => one.id === id)
      const open = stays.find((stay) => stay.leftAt === null)
      const stage = open && named(open.version, open.stage)
      const today = await todayOf(actor.corpId)
      const facts = stage && (await personFacts(db, actor.corpId, [stage.entry], [head.id])).get(head.id)
      return c.json(
        {
          current: open
            ? {
                ...{ id: open.stage, name: stage?.name ?? open.stage, since: open.enteredAt.toISOString() },
                ...{ version: open.version, cause: open.cause },
                rule: stage ? ruleWords(stage.entry) : { zh: '', en: '' },
                reasons:
                  stage && facts
                    ? leavesOfReason(inMemory(stage.entry, facts, today)).map((one) => reasonWords(one))
                    : [],
              }
            : null,
          history: stays.map((stay) => ({
            ...{ id: stay.stage, name: named(stay.version, stay.stage)?.name ?? stay.stage },
            ...{ version: stay.version, cause: stay.cause, entered_at: stay.enteredAt.toISOString() },
            left_at: stay.leftAt?.toISOString() ?? null,
          })),
        },
        200,
      )
    },
  )
  return api
}

function leavesOfReason(reason: Reason): readonly Reason[] {
  return reason.parts.length === 0 ? [reason] : reason.parts.flatMap(leavesOfReason)
}

function changedMeanwhile(): AppError {
  return new AppError(
    'conflict',
    { zh: '别人刚刚保存了另一个版本。', en: 'Somebody saved another version meanwhile.' },
    { hint: { zh: '请刷新页面，在最新版本上修改。', en: 'Reload the page and edit the latest version.' } },
  )
}
