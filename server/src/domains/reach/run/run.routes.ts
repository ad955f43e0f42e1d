import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { notFound } from '../../../infra/errors.ts'
import {
  type Api,
  createApi,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  rowNumber,
} from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { forWholeCorp } from '../campaigns/campaign.words.ts'
import { momentsOfRun } from '../moments/moments-view.store.ts'
import { pauseInput, runTasksPage, runView, tasksQuery } from './run.schema.ts'
import { presentRun, presentTask } from './run.view.ts'
import { cannot, runThing } from './run.words.ts'
import { acknowledgeRun, cancelRun, mayAct, pauseRun, type RunAct, resumeRun } from './run-acts.ts'
import { listTasks } from './run-view.store.ts'
import { findRuns, holdRun, type Run, sumTasks } from './runs.store.ts'

const tags = ['campaigns']
const params = z.object({ id: z.uuid(), run: rowNumber })
const runAnswer = { 200: jsonContent(runView, 'How the run stands'), ...errorResponses }

/** A run under way: its figures, its tasks, and what a person may do about it. */
export function runRoutes(services: Pick<Services, 'db' | 'clock' | 'due' | 'platform'>): Api {
  const { db, platform } = services
  const api = createApi()

  const find = async (actor: Actor, campaignId: string, id: number): Promise<Run> => {
    const [run] = await findRuns(db, [id])
    if (run === undefined || run.corpId !== actor.corpId || run.campaignId !== campaignId) throw notFound(runThing)
    return run
  }
  const shown = async (actor: Actor, campaignId: string, id: number) =>
    presentRun(
      await find(actor, campaignId, id),
      await sumTasks(db, id, services.clock.now()),
      await momentsOfRun(db, id),
      await platform.limits(actor.corpId),
    )

  const act = async (
    actor: Actor,
    { id, run: runId }: z.output<typeof params>,
    what: RunAct,
    work: (tx: Tx, run: Run) => Promise<void>,
  ): Promise<Run> => {
    wholeCorp(actor, forWholeCorp)
    await find(actor, id, runId)
    return db.transaction().execute(async (tx) => {
      const run = await holdRun(tx, runId)
      if (run === undefined) throw notFound(runThing)
      if (!mayAct(what, run)) throw cannot(what, run.state)
      await work(tx, run)
      return run
    })
  }

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      { method: 'get', path: '/api/campaigns/{id}/runs/{run}', tags, request: { params }, responses: runAnswer },
    ),
    async (c) => {
      const { id, run } = c.req.valid('param')
      return c.json(await shown(wholeCorp(c.get('actor'), forWholeCorp), id, run), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns/{id}/runs/{run}/tasks',
        tags,
        request: { params, query: tasksQuery },
        responses: { 200: jsonContent(runTasksPage, 'By number'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = wholeCorp(c.get('actor'), forWholeCorp)
      const { id, run: runId } = c.req.valid('param')
      const { cursor, limit, state, sender } = c.req.valid('query')
      await find(actor, id, runId)
      const [after = -1] = decodeCursor(z.tuple([z.int()]), cursor) ?? []
      const rows = await listTasks(db, actor, runId, { state, sender, after, limit: limit + 1 })
      const { shown: items, next_cursor } = page(rows, limit, (last) => [last.number])
      return c.json({ items: items.map(presentTask), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'campaign_run.pause' },
      {
        method: 'post',
        path: '/api/campaigns/{id}/runs/{run}/pause',
        tags,
        request: { params, body: jsonContent(pauseInput, 'Whether what is open is taken back too') },
        responses: runAnswer,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const asked = c.req.valid('param')
      const { take_back } = c.req.valid('json')
      const run = await act(actor, asked, 'pause', (tx, held) =>
        pauseRun(services, tx, held, take_back, actor.accountId),
      )
      noteAudit(c, { objectId: String(run.id), before: { state: run.state }, after: { state: 'paused', take_back } })
      return c.json(await shown(actor, asked.id, asked.run), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'campaign_run.resume' },
      {
        method: 'post',
        path: '/api/campaigns/{id}/runs/{run}/resume',
        tags,
        request: { params },
        responses: runAnswer,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const asked = c.req.valid('param')
      const run = await act(actor, asked, 'resume', (tx, held) => resumeRun(services, tx, held))
      noteAudit(c, { objectId: String(run.id), before: { state: run.state, why: run.why } })
      return c.json(await shown(actor, asked.id, asked.run), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'campaign_run.cancel' },
      {
        method: 'post',
        path: '/api/campaigns/{id}/runs/{run}/cancel',
        tags,
        request: { params },
        responses: runAnswer,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const asked = c.req.valid('param')
      const run = await act(actor, asked, 'cancel', (tx, held) => cancelRun(services, tx, held, actor.accountId))
      noteAudit(c, { objectId: String(run.id), before: { state: run.state }, after: { state: 'cancelled' } })
      return c.json(await shown(actor, asked.id, asked.run), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'campaign_run.acknowledge' },
      {
        method: 'post',
        path: '/api/campaigns/{id}/runs/{run}/acknowledge',
        tags,
        request: { params },
        responses: runAnswer,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const asked = c.req.valid('param')
      const run = await act(actor, asked, 'acknowledge', (tx, held) =>
        acknowledgeRun(services, tx, held, actor.accountId),
      )
      noteAudit(c, { objectId: String(run.id), before: { state: run.state, why: run.why } })
      return c.json(await shown(actor, asked.id, asked.run), 200)
    },
  )
  return api
}
