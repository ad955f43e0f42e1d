import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { nameFor } from '../../../infra/auth/mask.ts'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import { notFound } from '../../../infra/errors.ts'
import {
  type Api,
  createApi,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
  rowNumber,
} from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { firstSyncedAt, homesOf } from '../../customers/index.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { campaignThing, forWholeCorp } from '../campaigns/campaign.words.ts'
import { findCampaign, specOf } from '../campaigns/campaigns.store.ts'
import { tagsOf } from '../campaigns/moment.checks.ts'
import { fateNumber, fates } from '../campaigns/recipient.ts'
import { restsOn } from '../campaigns/rests-on.store.ts'
import { firstStart } from '../campaigns/schedule.ts'
import { planKind } from '../campaigns/start.jobs.ts'
import { whyOfGroups } from './group-why.words.ts'
import { groupsOfPerson } from './groups-of-person.store.ts'
import { heldInVain, isOver, outcomeSaid } from './outcome.words.ts'
import { planAnswer, recipientsQuery, recipientView, rehearsalBegun, whyAnswer, whyQuery } from './plan.schema.ts'
import {
  fateWords,
  notKept,
  notNamed,
  notPlanned,
  planSaid,
  reasonKey,
  reasonNumber,
  reasonsSaid,
  runThing,
  unfinished,
} from './reason.words.ts'
import { keepsPeople, type RecipientRow, recipientOf, recipientsOf } from './recipients.store.ts'
import { addRehearsal, findRun, latestRun, type PlannedRun } from './runs.store.ts'

const tags = ['campaigns']
const params = z.object({ id: z.uuid() })
const runParams = params.extend({ run: rowNumber })
const customerThing = { zh: '客户', en: 'customer' }

/** 预演: what a campaign would do; and of every run who gets it, who does not, and why. */
export function planRoutes({
  db,
  clock,
  operations,
  config,
}: Pick<Services, 'db' | 'clock' | 'operations' | 'config'>): Api {
  const api = createApi()

  const runOf = async (actor: Actor, { id, run }: z.output<typeof runParams>): Promise<PlannedRun> => {
    const found = await findRun(db, wholeCorp(actor, forWholeCorp).corpId, run)
    if (found === undefined || found.campaignId !== id) throw notFound(runThing)
    return found
  }

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'campaign.rehearse' },
      {
        method: 'post',
        path: '/api/campaigns/{id}/rehearse',
        tags,
        request: { params },
        responses: { 202: jsonContent(rehearsalBegun, 'It is being worked out; earlier ones go'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = wholeCorp(c.get('actor'), forWholeCorp)
      const { corpId } = actor
      const campaign = await findCampaign(db, corpId, c.req.valid('param').id)
      if (campaign === undefined) throw notFound(campaignThing)
      const { id, version, spec } = campaign
      if (spec.whom === null && spec.groups === undefined && tagsOf(spec).length === 0) throw unfinished()
      const now = clock.now()
      const plannedFor = firstStart(spec, now, await zoneOfCorp(db, corpId)) ?? now
      const begun = await db.transaction().execute(async (tx) => {
        const { audiences: _, ...rests } = await restsOn(tx, config, corpId, spec, now)
        const runId = await addRehearsal(tx, { corpId, campaignId: id, version, plannedFor, at: now, restsOn: rests })
        const startedBy = actor.accountId
        return { runId, operation: await operations.begin({ kind: planKind, corpId, input: { runId }, startedBy }, tx) }
      })
      noteAudit(c, { objectId: id, after: { version, run: begun.runId } })
      const audience_known = isKnown(now, await firstSyncedAt(db, corpId))
      return c.json({ run_id: begun.runId, operation_id: begun.operation, audience_known }, 202)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns/{id}/runs/{run}/plan',
        tags,
        request: { params: runParams },
        responses: { 200: jsonContent(planAnswer, 'What the plan says; null while it is made'), ...errorResponses },
      },
    ),
    async (c) => {
      const run = await runOf(c.get('actor'), c.req.valid('param'))
      const kind = (await specOf(db, run.campaignId, run.version))?.kind ?? 'customer_send'
      return c.json(
        {
          ...{ run_id: run.id, rehearsal: run.rehearsal, state: run.state, version: run.version },
          ...{ planned_for: run.plannedFor.toISOString(), plan: run.plan === null ? null : planSaid(run.plan, kind) },
          audience_known: isKnown(run.createdAt, await firstSyncedAt(db, run.corpId)),
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns/{id}/runs/{run}/recipients',
        tags,
        request: { params: runParams, query: recipientsQuery },
        responses: {
          200: jsonContent(pageOf(recipientView), 'Whom the audience named, in the order in which they were met'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const run = await runOf(actor, c.req.valid('param'))
      const { limit, cursor, fate, reason, ...asked } = c.req.valid('query')
      const after = decodeCursor(z.tuple([z.int()]), cursor)?.[0] ?? 0
      const rows = await recipientsOf(db, {
        ...{ ...asked, runId: run.id, after, limit: limit + 1 },
        fate: fate === undefined ? undefined : fateNumber(fate),
        reason: fate === undefined || reason === undefined ? undefined : (reasonNumber(fate, reason) ?? -1),
      })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.customerId])
      const ofRun = toldBy(run, await specOf(db, run.campaignId, run.version))
      return c.json({ items: shown.map((row) => present(actor, row, ofRun)), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns/{id}/why',
        tags,
        request: { params, query: whyQuery },
        responses: {
          200: jsonContent(whyAnswer, 'What was decided of this person in the latest run, or the one asked for'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = wholeCorp(c.get('actor'), forWholeCorp)
      const { id } = c.req.valid('param')
      const { customer_id: customer, run: asked } = c.req.valid('query')
      if ((await findCampaign(db, actor.corpId, id)) === undefined) throw notFound(campaignThing)
      const homes = await homesOf(db, actor.corpId, customer)
      if (homes.length === 0) throw notFound(customerThing)
      const run = asked === undefined ? await latestRun(db, actor.corpId, id) : await runOf(actor, { id, run: asked })
      if (run?.plan == null) return c.json({ run: null, recipient: null, policy: null, words: [notPlanned] }, 200)
      const told = { id: run.id, rehearsal: run.rehearsal, state: run.state, at: run.plan.at }
      const ofRun = await specOf(db, run.campaignId, run.version)
      if (ofRun?.kind === 'group_send') {
        const groups = await groupsOfPerson(db, run.id, homes)
        const words = whyOfGroups(groups, run.state, await zoneOfCorp(db, actor.corpId))
        return c.json({ run: told, recipient: null, policy: null, words: [...words] }, 200)
      }
      const row = await recipientOf(db, run.id, homes)
      if (row === undefined) {
        const words = [(await keepsPeople(db, run.id)) ? notNamed : notKept]
        return c.json({ run: told, recipient: null, policy: null, words }, 200)
      }
      const recipient = present(actor, row, toldBy(run, ofRun))
      return c.json(
        {
          ...{ run: told, recipient },
          policy: row.policy === null ? null : (run.plan.policies[row.policy] ?? null),
          words: recipient.words.length === 0 ? [fateWords(recipient.fate)] : recipient.words,
        },
        200,
      )
    },
  )
  return api
}

/** Before the corp's people were read whole, nobody or only some of whom an audience names were there. */
function isKnown(plannedAt: Date, syncedAt: Date | null): boolean {
  return syncedAt !== null && syncedAt <= plannedAt
}

interface OfRun {
  readonly state: string
  readonly kind: CampaignSpec['kind']
  /** The names of its exclusions. */
  readonly exclusions: readonly string[]
}

const toldBy = ({ state }: Pick<PlannedRun, 'state'>, spec: CampaignSpec | undefined): OfRun => ({
  ...{ state, kind: spec?.kind ?? 'customer_send', exclusions: spec?.exclusions.map(({ name }) => name) ?? [] },
})

function present(actor: Actor, row: RecipientRow, run: OfRun): z.output<typeof recipientView> {
  const fate = fates[row.fate] ?? 'no_sender'
  const vain = fate === 'held' ? heldInVain(run.state) : undefined
  const outcome = fate === 'sent_to' ? outcomeSaid(row, run.kind, run.state) : vain
  return {
    ...{ customer_id: row.customerId, name: nameFor(actor, row.name ?? ''), fate, reason: reasonKey(fate, row.reason) },
    words: [...(outcome === undefined ? [] : [outcome]), ...reasonsSaid(row, run.exclusions)],
    held_until: vain === undefined ? (row.heldUntil?.toISOString() ?? null) : null,
    ...{ variant: row.variant, sender: row.sender, sender_name: row.senderName, task: row.task, status: row.status },
    ...{
      confirmed: row.taskState === 'confirmed',
      over: vain !== undefined || isOver(row),
      sent_at: row.sentAt?.toISOString() ?? null,
    },
  }
}
