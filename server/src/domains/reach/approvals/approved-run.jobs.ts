import type { Tx } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { raiseAlarm } from '../../insights/index.ts'
import { holdCampaign, turnCampaign } from '../campaigns/campaigns.store.ts'
import { startDue } from '../campaigns/start.jobs.ts'
import { cancelRun } from '../run/run-acts.ts'
import { changeRun, holdRun, type Run, sumTasks } from '../run/runs.store.ts'
import { beginRun } from '../run/steer.ts'
import { reachSettings } from '../settings/settings.store.ts'
import { approvalsNeeded } from './approval.ts'
import { submissionOf } from './approvals.store.ts'

/**
 * A planned run begins if the persons who agreed are enough for how many it reaches now: an audience may have grown since
 * the rehearsal. One that outgrew its approval is cancelled before anybody is asked, and its campaign is a draft again.
 */
export async function beginApproved(services: Pick<Services, 'clock' | 'due'>, tx: Tx, runId: number): Promise<void> {
  const run = await holdRun(tx, runId)
  if (run === undefined || run.rehearsal) return
  const submission = await submissionOf(tx, run.campaignId, run.version)
  const recipients = (await sumTasks(tx, runId)).reduce((sum, one) => sum + one.recipients, 0)
  const needed = approvalsNeeded({ recipients, tiers: false }, await reachSettings(tx, run.corpId))
  if (submission !== undefined && submission.needed >= needed) {
    await beginRun(services, tx, runId)
    return
  }
  await cancelRun(services, tx, run, null)
  await changeRun(tx, runId, { why: 'outgrew_approval' })
  const campaign = await holdCampaign(tx, run.corpId, run.campaignId)
  if (campaign?.version === run.version) await turnCampaign(tx, campaign.id, 'draft', services.clock.now())
  await services.due.unschedule(tx, startDue, [run.campaignId])
  await raiseOutgrown(tx, run, { recipients, approved: submission?.recipients ?? 0 }, services.clock.now())
}

async function raiseOutgrown(
  tx: Tx,
  run: Run,
  { recipients, approved }: { readonly recipients: number; readonly approved: number },
  at: Date,
): Promise<void> {
  await raiseAlarm(
    tx,
    {
      ...{ corpId: run.corpId, kind: 'campaign.outgrew', key: `campaign.outgrew:${run.id}`, severity: 'amber' },
      title: {
        zh: `「${run.campaign}」没有发出：审批时预演 ${approved} 人，现在会发给 ${recipients} 人，需要更多人审批`,
        en: `«${run.campaign}» did not go out: approved for ${approved}, it would reach ${recipients} now, for which more must agree`,
      },
      advice: { zh: '请重新预演并提交审批。', en: 'Rehearse it again and submit it for approval.' },
      subject: { type: 'campaign', id: run.campaignId, path: `/engagement/campaigns/${run.campaignId}` },
    },
    at,
  )
}
