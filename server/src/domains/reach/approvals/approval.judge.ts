import type { Tx } from '../../../infra/db/database.ts'
import { notFound } from '../../../infra/errors.ts'
import type { Services } from '../../../infra/services.ts'
import type { CampaignState } from '../campaigns/campaign.ts'
import { campaignThing, changedMeanwhile, lookAgain, notInState } from '../campaigns/campaign.words.ts'
import { holdCampaign, turnCampaign } from '../campaigns/campaigns.store.ts'
import { scheduleStart } from '../campaigns/start.jobs.ts'
import { isApproved, type Verdict } from './approval.ts'
import { authorsJudgeNot, spokenAlready } from './approval.words.ts'
import { noteVerdict, submissionOf } from './approvals.store.ts'

/** One person's word about one version, by console or card; answers how the campaign stands then. */
export async function judge(
  services: Pick<Services, 'clock' | 'due'>,
  tx: Tx,
  by: { readonly corpId: number; readonly accountId: string; readonly through: Verdict['through'] },
  given: {
    readonly id: string
    readonly version: number
    readonly verdict: Verdict['verdict']
    readonly words: string
  },
): Promise<CampaignState> {
  const { clock } = services
  const campaign = await holdCampaign(tx, by.corpId, given.id)
  if (campaign === undefined) throw notFound(campaignThing)
  if (campaign.version !== given.version) throw changedMeanwhile()
  if (campaign.state !== 'waiting') throw notInState(campaign.state, lookAgain)
  const before = await submissionOf(tx, campaign.id, campaign.version)
  if (before === undefined) throw changedMeanwhile()
  if (before.authors.includes(by.accountId)) throw authorsJudgeNot()
  const { verdict, words } = given
  const said = { accountId: by.accountId, verdict, words, through: by.through, at: clock.now() }
  if (!(await noteVerdict(tx, campaign, said))) throw spokenAlready()
  const after = { ...before, verdicts: [...before.verdicts, { ...said, name: null }] }
  const state = verdict === 'refuse' ? 'draft' : isApproved(after) ? 'approved' : 'waiting'
  await turnCampaign(tx, campaign.id, state, clock.now())
  if (state === 'approved') await scheduleStart(services, tx, campaign)
  return state
}
