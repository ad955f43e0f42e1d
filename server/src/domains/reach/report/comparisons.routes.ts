import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent, rowNumber } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { audienceNames } from '../../audiences/index.ts'
import { forWholeCorp } from '../campaigns/campaign.words.ts'
import { runThing } from '../run/run.words.ts'
import { comparisonInput, comparisonList, comparisonsMost } from './comparison.schema.ts'
import { addComparison, type Comparison, comparisonsOf, removeComparison } from './comparisons.store.ts'
import { type ReportedRun, runById } from './runs.store.ts'
import { presentWork } from './work.view.ts'
import { wishReport } from './works.jobs.ts'
import { type WorkOf, workOf } from './works.store.ts'

const tags = ['campaign reports']
const params = z.object({ id: z.uuid(), run: rowNumber })
const path = '/api/campaigns/{id}/runs/{run}/comparisons'
const longestMs = 90 * 86_400_000

/**
 * Whom other channels reached, named beside a run: its report holds them against those who got it. Naming and removing answer
 * at once; the report follows by an operation.
 */
export function comparisonRoutes(services: Pick<Services, 'db' | 'clock' | 'operations'>): Api {
  const { db, clock } = services
  const api = createApi()
  const found = async (actor: Actor, campaign: string, run: number) => {
    const { corpId, accountId } = wholeCorp(actor, forWholeCorp)
    const one = await runById(db, corpId, run)
    if (one === undefined || one.campaignId !== campaign) throw notFound(runThing)
    return { corpId, accountId, run: one }
  }
  const reportOf = (run: ReportedRun): WorkOf => ({ campaignId: run.campaignId, runId: run.id })
  const listed = async (run: ReportedRun) => ({
    items: (await comparisonsOf(db, run.id)).map(present),
    work: presentWork(await workOf(db, reportOf(run))),
  })

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        ...{ method: 'get', path, tags, request: { params } },
        responses: { 200: jsonContent(comparisonList, 'In the order in which they were named'), ...errorResponses },
      },
    ),
    async (c) => {
      const { id, run: number } = c.req.valid('param')
      return c.json(await listed((await found(c.get('actor'), id, number)).run), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'run_comparison.create' },
      {
        ...{ method: 'post', path, tags },
        request: { params, body: jsonContent(comparisonInput, 'Who was reached elsewhere, when, and at what cost') },
        responses: {
          201: jsonContent(comparisonList, 'All that are named, and the work on the report that holds them'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { id, run: number } = c.req.valid('param')
      const { corpId, accountId, run } = await found(c.get('actor'), id, number)
      const given = c.req.valid('json')
      if ('event' in given.who) checkTimes(given.who)
      else await checkAudience(corpId, given.who.audience)
      const by = { account: accountId, at: clock.now() }
      await db.transaction().execute(async (tx) => {
        if (!(await addComparison(tx, corpId, run.id, given, by))) throw nameTaken()
        await wishReport(services, tx, corpId, reportOf(run), accountId)
      })
      noteAudit(c, { objectId: String(run.id), after: given })
      return c.json(await listed(run), 201)
    },
  )
  const checkAudience = async (corpId: number, audience: string) => {
    if (!(await audienceNames(db, corpId)).some((one) => one.id === audience))
      throw notFound({ zh: '分群', en: 'audience' })
  }

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'run_comparison.delete' },
      {
        ...{ method: 'delete', path: `${path}/{comparison}`, tags },
        request: { params: params.extend({ comparison: z.uuid() }) },
        responses: {
          200: jsonContent(comparisonList, 'Those that are left, and the work on the report'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { id, run: number, comparison } = c.req.valid('param')
      const { corpId, accountId, run } = await found(c.get('actor'), id, number)
      const name = await db.transaction().execute(async (tx) => {
        const removed = await removeComparison(tx, run.id, comparison)
        if (removed === undefined) throw notFound({ zh: '对比渠道', en: 'channel to compare with' })
        await wishReport(services, tx, corpId, reportOf(run), accountId)
        return removed
      })
      noteAudit(c, { objectId: String(run.id), before: { name } })
      return c.json(await listed(run), 200)
    },
  )
  return api
}

function checkTimes({ from, until }: { readonly from: string; readonly until: string }): void {
  const length = Date.parse(until) - Date.parse(from)
  if (length > 0 && length <= longestMs) return
  throw new AppError(
    'rule',
    {
      zh: '触达时间的起止不对：要先后有序，最长 90 天。',
      en: 'Its times are wrong: in order, and at most 90 days apart.',
    },
    { hint: { zh: '请填写其他渠道开始和结束触达的时间。', en: 'Give when the other channel began and ended.' } },
  )
}

function nameTaken(): AppError {
  return new AppError(
    'conflict',
    {
      zh: `这次发送已有同名的对比渠道，或已有 ${comparisonsMost} 个。`,
      en: `A channel of this name, or ${comparisonsMost} of them, stand beside this run already.`,
    },
    { hint: { zh: '换一个名称，或先移除一个。', en: 'Choose another name, or remove one first.' } },
  )
}

function present({ id, name, who, cost, createdAt }: Comparison) {
  return { id, name, who, cost, created_at: createdAt.toISOString() }
}
