import { z } from '@hono/zod-openapi'
import { nameFor } from '../../../infra/auth/mask.ts'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { valueKinds, valuesOf } from '../rules/names.store.ts'
import { seesAll, unknownAudiences } from './audience.refusals.ts'
import { audienceThing } from './audience.routes.ts'
import { audienceRun, differenceAnswer, overlapAnswer, overlapInput, settingsShape } from './audience.schema.ts'
import { presentRun } from './audience.view.ts'
import { overlapsOf, peopleOf } from './member.store.ts'
import { differenceOf, runsOf } from './run.store.ts'
import { audiencesOf, findAudience, settingsOf, writeSettings } from './saved.store.ts'

const idParam = z.object({ id: z.uuid() })
const sampled = 20
const runsShown = 120
const runId = z.coerce.number().int().positive()

/** How audiences moved and meet each other, what conditions may name, and the settings of all. */
export function audienceCompareRoutes({ db }: Pick<Services, 'db'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/audiences/{id}/runs',
        tags: ['audiences'],
        request: { params: idParam },
        responses: {
          200: jsonContent(z.object({ items: z.array(audienceRun) }), 'Its computations, the latest first'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId } = seesAll(c.get('actor'))
      const { id } = c.req.valid('param')
      if (!(await findAudience(db, corpId, id))) throw notFound(audienceThing)
      return c.json({ items: (await runsOf(db, id, runsShown)).map(presentRun) }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/audiences/{id}/difference',
        tags: ['audiences'],
        request: { params: idParam, query: z.object({ from: runId, to: runId }) },
        responses: {
          200: jsonContent(differenceAnswer, 'Who came and went between two computations'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = seesAll(c.get('actor'))
      const { id } = c.req.valid('param')
      const asked = c.req.valid('query')
      if (!(await findAudience(db, actor.corpId, id))) throw notFound(audienceThing)
      const runs = await runsOf(db, id, runsShown)
      const [from, to] = [asked.from, asked.to].map((run) => runs.find((one) => one.id === run && one.kept))
      if (!from || !to) throw notComparable()
      const { joined, gone, samples } = await differenceOf(db, id, { from: from.id, to: to.id }, sampled)
      const people = async (numbers: readonly number[]) =>
        (await peopleOf(db, actor.corpId, numbers)).map((one) => ({
          ...{ customer_id: one.id, name: nameFor(actor, one.name ?? ''), has_page: one.hasPage },
        }))
      return c.json(
        {
          ...{ from: presentRun(from), to: presentRun(to), joined, gone },
          joined_sample: await people(samples.joined),
          gone_sample: await people(samples.gone),
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read', audit: { none: 'counting changes nothing' } },
      {
        method: 'post',
        path: '/api/audiences/overlap',
        tags: ['audiences'],
        request: { body: jsonContent(overlapInput, 'Two to six audiences') },
        responses: { 200: jsonContent(overlapAnswer, 'How many are in each, and in each two'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = seesAll(c.get('actor'))
      const ids = [...new Set(c.req.valid('json').ids)]
      unknownAudiences(ids, new Set((await audiencesOf(db, corpId)).map((one) => one.id)))
      const pairs = await overlapsOf(db, corpId, ids)
      return c.json(
        {
          sizes: ids.map((id) => ({ id, size: pairs.find((one) => one.a === id && one.b === id)?.both ?? 0 })),
          pairs: pairs.filter((one) => one.a !== one.b),
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
        path: '/api/audience-values',
        tags: ['audiences'],
        request: {
          query: z.object({
            kind: z.enum(valueKinds),
            q: z.string().trim().max(40).default(''),
            about: z.string().max(100).optional().openapi({ description: 'Of choices: the field' }),
            ids: z
              .union([z.string().max(100), z.array(z.string().max(100)).max(200)])
              .default([])
              .openapi({ description: 'Answered whatever they are called' }),
          }),
        },
        responses: {
          200: jsonContent(
            z.object({ items: z.array(z.object({ id: z.string(), name: z.string(), about: z.string() })) }),
            'What a condition may name',
          ),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId } = seesAll(c.get('actor'))
      const { kind, q, about, ids } = c.req.valid('query')
      return c.json({ items: [...(await valuesOf(db, corpId, { kind, q, about, ids: [ids].flat() }))] }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/audience-settings',
        tags: ['audiences'],
        responses: { 200: jsonContent(settingsShape, 'What holds for all audiences'), ...errorResponses },
      },
    ),
    async (c) => {
      const { exportMost, driftPercent } = await settingsOf(db, c.get('actor').corpId)
      return c.json({ export_most: exportMost, drift_percent: driftPercent }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.export_any', audit: 'audience.settings' },
      {
        method: 'put',
        path: '/api/audience-settings',
        tags: ['audiences'],
        request: { body: jsonContent(settingsShape, 'As they are to be') },
        responses: { 200: jsonContent(settingsShape, 'As they are now'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      const body = c.req.valid('json')
      const before = await settingsOf(db, corpId)
      await writeSettings(db, corpId, { exportMost: body.export_most, driftPercent: body.drift_percent })
      noteAudit(c, { objectId: 'settings', before: { ...before }, after: body })
      return c.json(body, 200)
    },
  )
  return api
}

function notComparable(): AppError {
  return new AppError(
    'rule',
    { zh: '这次计算的成员名单已不再保留。', en: 'Who was in it at that computation is not kept any more.' },
    { hint: { zh: '只能比较最近 14 次计算。', en: 'The latest 14 computations can be compared.' } },
  )
}
