import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import { dropPartition } from '../../../infra/retention/partitions.store.ts'
import type { Services } from '../../../infra/services.ts'
import { partitionOf } from '../plan/draft.store.ts'
import { cancelRun, mayAct } from '../run/run-acts.ts'
import { holdRun } from '../run/runs.store.ts'
import type { CheckNeeds } from './campaign.check.ts'
import { showCampaign } from './campaign.show.ts'
import { type Campaign, may } from './campaign.ts'
import {
  beingRehearsed,
  campaignThing,
  changedMeanwhile,
  copyInstead,
  forWholeCorp,
  lookAgain,
  notInState,
  runsOpen,
} from './campaign.words.ts'
import { campaignChange, campaignDetail, campaignInput, copyInput, saved } from './campaigns.schema.ts'
import {
  addCampaign,
  addCampaignVersion,
  deleteCampaign,
  findCampaign,
  holdCampaign,
  openRunIds,
  openRuns,
  runsOf,
  turnCampaign,
} from './campaigns.store.ts'
import { startDue } from './start.jobs.ts'
import { clearWaiting } from './waiting.alarms.ts'

const tags = ['campaigns']
const params = z.object({ id: z.uuid() })
const detailAnswer = { 200: jsonContent(campaignDetail, 'As it stands now'), ...errorResponses }

type Parts = CheckNeeds & Pick<Services, 'db' | 'due'>

/** Campaigns are made, changed and copied: each change is a version of its own, and what was agreed of the last is void. */
export function campaignWritingRoutes(services: Parts): Api {
  const { db, clock, due } = services
  const api = createApi()
  const by = (actor: Actor) => ({ account: actor.accountId, at: clock.now() })

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'campaign.create' },
      {
        method: 'post',
        path: '/api/campaigns',
        tags,
        request: { body: jsonContent(campaignInput, 'A draft; it may be unfinished') },
        responses: { 201: jsonContent(saved, 'The draft'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = wholeCorp(c.get('actor'), forWholeCorp)
      const input = c.req.valid('json')
      const id = await db.transaction().execute((tx) => addCampaign(tx, { corpId: actor.corpId, ...input }, by(actor)))
      noteAudit(c, { objectId: id, after: { name: input.name, template: input.template, kind: input.spec.kind } })
      return c.json({ id, version: 1, state: 'draft' as const }, 201)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'campaign.update' },
      {
        method: 'put',
        path: '/api/campaigns/{id}',
        tags,
        request: { params, body: jsonContent(campaignChange, 'A new version, which nobody has agreed to yet') },
        responses: detailAnswer,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const { after, ...given } = c.req.valid('json')
      await change(services, actor, id, async (tx, before) => {
        if (before.version !== after) throw changedMeanwhile()
        if (!may('edit', before)) throw notInState(before.state, copyInstead)
        await addCampaignVersion(tx, before, given, by(actor))
        await due.unschedule(tx, startDue, [id])
        await clearWaiting(tx, before, clock.now())
        const voided = before.state !== 'draft'
        noteAudit(c, {
          before: { name: before.name, version: before.version, state: before.state },
          after: { name: given.name, version: before.version + 1, state: 'draft', approval_voided: voided },
        })
      })
      return c.json(await showCampaign(services, actor, id), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'campaign.copy' },
      {
        method: 'post',
        path: '/api/campaigns/{id}/copy',
        tags,
        request: { params, body: jsonContent(copyInput, 'A copy, a template of it, or a campaign of a template') },
        responses: { 201: jsonContent(saved, 'The copy: a draft'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = wholeCorp(c.get('actor'), forWholeCorp)
      const { id } = c.req.valid('param')
      const { name, template } = c.req.valid('json')
      const from = await findCampaign(db, actor.corpId, id)
      if (from === undefined) throw notFound(campaignThing)
      const copy = await db
        .transaction()
        .execute((tx) =>
          addCampaign(tx, { corpId: actor.corpId, name, template, spec: from.spec, copiedFrom: id }, by(actor)),
        )
      noteAudit(c, { objectId: copy, after: { name, template, copied_from: id, version: from.version } })
      return c.json({ id: copy, version: 1, state: 'draft' as const }, 201)
    },
  )

  return api
}

/** Campaigns are cancelled with what is under way, and drafts deleted. */
export function campaignEndRoutes(services: Parts): Api {
  const { db, clock, due } = services
  const api = createApi()

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'campaign.cancel' },
      { method: 'post', path: '/api/campaigns/{id}/cancel', tags, request: { params }, responses: detailAnswer },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      wholeCorp(actor, forWholeCorp)
      if ((await findCampaign(db, actor.corpId, id)) === undefined) throw notFound(campaignThing)
      await db.transaction().execute(async (tx) => {
        // runs are held before their campaign, as whoever begins one does
        const stopped = []
        for (const runId of await openRunIds(tx, id)) {
          const run = await holdRun(tx, runId)
          if (run === undefined || !mayAct('cancel', run)) continue
          await cancelRun(services, tx, run, actor.accountId)
          stopped.push(runId)
        }
        const before = await holdCampaign(tx, actor.corpId, id)
        if (before === undefined) throw notFound(campaignThing)
        if (!may('cancel', before)) throw notInState(before.state, lookAgain)
        const open = await openRuns(tx, id)
        if (open > 0) throw runsOpen(open)
        await turnCampaign(tx, id, 'cancelled', clock.now())
        await clearWaiting(tx, before, clock.now())
        await due.unschedule(tx, startDue, [id])
        noteAudit(c, {
          before: { name: before.name, state: before.state, version: before.version },
          after: { runs_stopped: stopped },
        })
      })
      return c.json(await showCampaign(services, actor, id), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'campaign.delete' },
      {
        method: 'delete',
        path: '/api/campaigns/{id}',
        tags,
        request: { params },
        responses: { 204: { description: 'The draft is gone' }, ...errorResponses },
      },
    ),
    async (c) => {
      const { id } = c.req.valid('param')
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const draft = await findCampaign(db, corpId, id)
      if (draft === undefined) throw notFound(campaignThing)
      const runs = await runsOf(db, id)
      const deletable = (one: Campaign) => may('delete', one) && runs.every((run) => run.rehearsal)
      if (!deletable(draft)) throw notInState(draft.state, copyInstead)
      if (runs.some((run) => run.state === 'planning')) throw beingRehearsed()
      // whom a rehearsal named goes first: a rehearsal without its people is still one, people without it are nobody's
      for (const run of runs) await dropPartition(db, partitionOf(run.id))
      await change(services, c.get('actor'), id, async (tx, before) => {
        if (before.version !== draft.version || !deletable(before)) throw changedMeanwhile()
        await deleteCampaign(tx, id)
        noteAudit(c, { before: { name: before.name, version: before.version } })
      })
      return c.body(null, 204)
    },
  )
  return api
}

/** Changes one campaign while nobody else does. */
async function change(
  { db }: Pick<Services, 'db'>,
  actor: Actor,
  id: string,
  work: (tx: Tx, campaign: Campaign) => Promise<void>,
): Promise<void> {
  wholeCorp(actor, forWholeCorp)
  await db.transaction().execute(async (tx) => {
    const campaign = await holdCampaign(tx, actor.corpId, id)
    if (campaign === undefined) throw notFound(campaignThing)
    await work(tx, campaign)
  })
}
