import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { notFound } from '../../../infra/errors.ts'
import {
  type Api,
  createApi,
  cursorMoment,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
} from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { checked } from '../campaigns/campaign.check.ts'
import { may } from '../campaigns/campaign.ts'
import {
  campaignThing,
  changedMeanwhile,
  copyInstead,
  forWholeCorp,
  lookAgain,
  notInState,
} from '../campaigns/campaign.words.ts'
import { saved } from '../campaigns/campaigns.schema.ts'
import { accountNames, findCampaign, holdCampaign, listCampaigns, turnCampaign } from '../campaigns/campaigns.store.ts'
import { presentCampaign, presentSubmission } from '../campaigns/campaigns.view.ts'
import { changedSinceRehearsed, counted } from '../campaigns/changed.words.ts'
import { changedSince, type SeenThen, seenAt } from '../campaigns/facts.store.ts'
import { restsOn } from '../campaigns/rests-on.store.ts'
import { startDue } from '../campaigns/start.jobs.ts'
import { tellWaiting } from '../campaigns/waiting.alarms.ts'
import { clearNotSent } from './approval.alarms.ts'
import { giveVerdict } from './approval.judge.ts'
import { submitInput, verdictInput, waitingPage, waitingQuery } from './approval.schema.ts'
import { approvalsNeeded } from './approval.ts'
import { notRehearsed, refusalSaysWhy, refusedAsItIs, stopped } from './approval.words.ts'
import { askApprovers } from './approval-cards.ts'
import { noteSubmitted, reachOf, submissionOf } from './approvals.store.ts'

const tags = ['campaigns']
const params = z.object({ id: z.uuid() })
const answer = (what: string) => ({ 200: jsonContent(saved, what), ...errorResponses })

/** 审批: submitted, agreed to or refused, always of one version. */
export function approvalRoutes(
  services: Pick<Services, 'db' | 'clock' | 'due' | 'config' | 'platform' | 'vault' | 'operations'>,
): Api {
  const { db, clock } = services
  const api = createApi()

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaign-approvals',
        tags,
        request: { query: waitingQuery },
        responses: {
          200: jsonContent(waitingPage, 'What waits for approval, the last submitted first'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId, accountId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { limit, cursor: token } = c.req.valid('query')
      const rows = await listCampaigns(db, {
        ...{ corpId, startDue, template: false, limit: limit + 1, state: 'waiting', kind: undefined, q: undefined },
        after: decodeCursor(z.tuple([cursorMoment, z.uuid()]), token),
      })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.changedAt, last.id])
      const items = []
      for (const one of shown) {
        const submission = await submissionOf(db, one.id, one.version)
        if (submission === undefined) continue
        const names = await accountNames(db, [submission.submittedBy])
        items.push({ ...presentCampaign(one), submission: presentSubmission(submission, names, accountId) })
      }
      return c.json({ items, next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'campaign.submit' },
      {
        method: 'post',
        path: '/api/campaigns/{id}/submit',
        tags,
        request: { params, body: jsonContent(submitInput, 'The version to be judged') },
        responses: answer('It waits for approval'),
      },
    ),
    async (c) => {
      const actor = wholeCorp(c.get('actor'), forWholeCorp)
      const { id } = c.req.valid('param')
      const { version } = c.req.valid('json')
      const campaign = await findCampaign(db, actor.corpId, id)
      if (campaign === undefined) throw notFound(campaignThing)
      const stops = (await checked(services, db, actor.corpId, campaign.spec)).faults.filter((fault) => fault.stops)
      if (stops.length > 0) throw stopped(stops)
      const reach = await reachOf(db, campaign, clock.now())
      if (reach === undefined) throw notRehearsed()
      const since = (then: SeenThen) =>
        changedSince(db, services.config, actor.corpId, campaign.spec, then, clock.now())
      const other = counted(await since(reach.rehearsed))
      if (other.length > 0) throw changedSinceRehearsed(other)
      const needed = approvalsNeeded(reach, reach.settings)
      await db.transaction().execute(async (tx) => {
        const held = await holdCampaign(tx, actor.corpId, id)
        if (held === undefined) throw notFound(campaignThing)
        // what was looked at above is what is submitted
        if (held.version !== version || campaign.version !== version) throw changedMeanwhile()
        if (!may('submit', held)) throw notInState(held.state, held.template ? copyInstead : lookAgain)
        const before = await submissionOf(tx, id, version)
        const refused = before?.verdicts.some((one) => one.verdict === 'refuse') ? before : undefined
        // what was refused may come again as it is only where it has become another all the same
        if (refused && (await since(seenAt(refused))).length === 0) throw refusedAsItIs()
        const { recipients, settings } = reach
        const { audiences: _, ...rests } = await restsOn(tx, services.config, actor.corpId, held.spec, clock.now())
        const given = { by: actor.accountId, at: clock.now(), recipients, needed, brand: settings.brand }
        await noteSubmitted(tx, held, { ...given, restsOn: rests })
        await turnCampaign(tx, id, 'waiting', clock.now())
        await clearNotSent(tx, held, clock.now())
        await tellWaiting(tx, held, { recipients, needed }, clock.now())
        await askApprovers(services, tx, held)
      })
      noteAudit(c, { after: { version, recipients: reach.recipients, approvals_needed: needed } })
      return c.json({ id, version, state: 'waiting' as const }, 200)
    },
  )

  const verdict = (actor: Actor, given: Parameters<typeof giveVerdict>[2]) => {
    const { corpId, accountId } = wholeCorp(actor, forWholeCorp)
    return giveVerdict(services, { corpId, accountId, through: 'console' }, given)
  }

  api.openapi(
    route(
      { gate: 'campaigns.approve', audit: 'campaign.approve' },
      {
        method: 'post',
        path: '/api/campaigns/{id}/approve',
        tags,
        request: { params, body: jsonContent(verdictInput, 'Of this very version') },
        responses: answer('approved, or still waiting for the second person'),
      },
    ),
    async (c) => {
      const { id } = c.req.valid('param')
      const given = c.req.valid('json')
      const state = await verdict(c.get('actor'), { id, ...given, verdict: 'agree' })
      noteAudit(c, { after: { version: given.version, state, through: 'console' }, reason: given.words })
      return c.json({ id, version: given.version, state }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.approve', audit: 'campaign.refuse' },
      {
        method: 'post',
        path: '/api/campaigns/{id}/refuse',
        tags,
        request: { params, body: jsonContent(verdictInput, 'Of this very version, with the reason') },
        responses: answer('A draft again'),
      },
    ),
    async (c) => {
      const { id } = c.req.valid('param')
      const given = c.req.valid('json')
      if (given.words.length < 2) throw refusalSaysWhy()
      const state = await verdict(c.get('actor'), { id, ...given, verdict: 'refuse' })
      noteAudit(c, { after: { version: given.version, state, through: 'console' }, reason: given.words })
      return c.json({ id, version: given.version, state }, 200)
    },
  )
  return api
}
