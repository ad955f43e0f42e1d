import { z } from '@hono/zod-openapi'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { notFound } from '../../../infra/errors.ts'
import {
  type Api,
  createApi,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageQuery,
} from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { campaignThing, forWholeCorp } from '../campaigns/campaign.words.ts'
import { findCampaign } from '../campaigns/campaigns.store.ts'
import { liftOf } from '../report/compare.ts'
import { figuresShape } from '../report/report.schema.ts'
import { approvedView, experimentPage, rehearsalPage } from './overview.schema.ts'
import { approvedBefore, type ExperimentRow, experiments, type RehearsalRow, rehearsals } from './overview.store.ts'

const tags = ['campaigns']
const cursorShape = z.tuple([z.int()])

/** 预演中心, 对照组与实验: rehearsals and experiments of all campaigns; and what was approved of one before. */
export function overviewRoutes({ db }: Pick<Services, 'db'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaign-rehearsals',
        tags,
        request: { query: pageQuery },
        responses: { 200: jsonContent(rehearsalPage, 'The latest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { limit, cursor } = c.req.valid('query')
      const before = decodeCursor(cursorShape, cursor)?.[0]
      const { shown, next_cursor } = page(await rehearsals(db, { corpId, before, limit: limit + 1 }), limit, (last) => [
        last.run,
      ])
      return c.json({ items: shown.map(presentRehearsal), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/experiments',
        tags,
        request: { query: pageQuery },
        responses: {
          200: jsonContent(experimentPage, 'The latest first, by the report as it is kept'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { limit, cursor } = c.req.valid('query')
      const before = decodeCursor(cursorShape, cursor)?.[0]
      const { shown, next_cursor } = page(
        await experiments(db, { corpId, before, limit: limit + 1 }),
        limit,
        (last) => [last.run],
      )
      return c.json({ items: shown.map(presentExperiment), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns/{id}/approved',
        tags,
        request: { params: z.object({ id: z.uuid() }) },
        responses: { 200: jsonContent(approvedView, 'The version approved last before this one'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const campaign = await findCampaign(db, corpId, c.req.valid('param').id)
      if (campaign === undefined) throw notFound(campaignThing)
      return c.json({ approved: (await approvedBefore(db, campaign.id, campaign.version)) ?? null }, 200)
    },
  )
  return api
}

const campaignOf = ({ campaignId, name, current }: RehearsalRow | ExperimentRow) => ({
  ...{ id: campaignId, name, version: current },
})

function presentRehearsal(row: RehearsalRow) {
  const { run, version, madeAt, plannedFor, plan } = row
  return {
    ...{ run, version, campaign: { ...campaignOf(row), kind: row.kind } },
    ...{ made_at: madeAt.toISOString(), planned_for: plannedFor.toISOString() },
    by_plan:
      plan === null
        ? null
        : {
            ...{ candidates: plan.candidates, sent_to: plan.fates.sent_to ?? 0, senders: plan.senders },
            ...{ overloaded: plan.overloaded.members, delivered: plan.forecast.delivered },
          },
  }
}

function presentExperiment(row: ExperimentRow) {
  const { run, spec, startedAt, asOf, closesAt } = row
  const figures = row.figures === null ? undefined : figuresShape.parse(row.figures)
  const lift = figures === undefined ? null : liftOf(figures, row)
  const drawn = spec.variants.filter((one) => one.for === null)
  return {
    ...{ run, campaign: campaignOf(row), goal: spec.goal, started_at: startedAt.toISOString() },
    ...{ as_of: asOf?.toISOString() ?? null, closes_at: closesAt?.toISOString() ?? null },
    variants: drawn.length > 1 ? drawn.map((one) => one.name) : [],
    planned: figures?.sides.treated.persons ?? 0,
    held_out: figures?.sides.holdout.persons ?? 0,
    random: lift?.random ?? true,
    ...{ lift: lift?.itt ?? null, gmv: lift?.gmv ?? null, deletes: lift?.deletes ?? null },
  }
}
