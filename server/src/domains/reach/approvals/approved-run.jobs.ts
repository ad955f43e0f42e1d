import type { Tx } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { holdCampaign, turnCampaign } from '../campaigns/campaigns.store.ts'
import { startDue } from '../campaigns/start.jobs.ts'
import { cancelRun } from '../run/run-acts.ts'
import { changeRun, holdRun } from '../run/runs.store.ts'
import { beginRun } from '../run/steer.ts'
import { reachSettings } from '../settings/settings.store.ts'
import { raiseOutgrown } from './approval.alarms.ts'
import { outgrown } from './approval.ts'
import { plannedReach, reachesTiers, submissionOf } from './approvals.store.ts'

/**
 * A planned run begins if those who agreed saw what it reaches now: an audience may have grown since the rehearsal, or people
 * of another tier come into it. One that outgrew its approval is cancelled before anybody is asked, and its campaign is a draft again.
 */
export async function beginApproved(services: Pick<Services, 'clock' | 'due'>, tx: Tx, runId: number): Promise<void> {
  const run = await holdRun(tx, runId)
  if (run === undefined || run.rehearsal) return
  const submission = await submissionOf(tx, run.campaignId, run.version)
  const recipients = await plannedReach(tx, runId)
  const settings = await reachSettings(tx, run.corpId)
  const tiers = await reachesTiers(tx, run.corpId, run.spec, settings, services.clock.now())
  const how = submission === undefined ? 'people' : outgrown(submission, { recipients, tiers }, settings)
  if (how === undefined) {
    await beginRun(services, tx, runId)
    return
  }
  await cancelRun(services, tx, run, null)
  await changeRun(tx, runId, { why: 'outgrew_approval' })
  const campaign = await holdCampaign(tx, run.corpId, run.campaignId)
  if (campaign?.version === run.version) await turnCampaign(tx, campaign.id, 'draft', services.clock.now())
  await services.due.unschedule(tx, startDue, [run.campaignId])
  const { campaignId: id, corpId, campaign: name, spec } = run
  await raiseOutgrown(
    tx,
    { id, corpId, name, spec },
    { recipients, approved: submission?.recipients ?? 0, outgrown: how },
    services.clock.now(),
  )
}
