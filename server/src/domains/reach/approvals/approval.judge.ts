import type { Tx } from '../../../infra/db/database.ts'
import { notFound } from '../../../infra/errors.ts'
import type { Services } from '../../../infra/services.ts'
import { type CheckNeeds, checked } from '../campaigns/campaign.check.ts'
import type { Campaign, CampaignState } from '../campaigns/campaign.ts'
import { campaignThing, changedMeanwhile, lookAgain, notInState } from '../campaigns/campaign.words.ts'
import { findCampaign, holdCampaign, turnCampaign } from '../campaigns/campaigns.store.ts'
import { changedSinceSubmitted } from '../campaigns/changed.words.ts'
import { changedSince, seenAt } from '../campaigns/facts.store.ts'
import { scheduleStart } from '../campaigns/start.jobs.ts'
import { clearWaiting } from '../campaigns/waiting.alarms.ts'
import { isApproved, type Verdict } from './approval.ts'
import { authorsJudgeNot, spokenAlready, stopped } from './approval.words.ts'
import { noteVerdict, submissionOf } from './approvals.store.ts'

export type JudgeNeeds = CheckNeeds & Pick<Services, 'db' | 'due'>

interface By {
  readonly corpId: number
  readonly accountId: string
  readonly through: Verdict['through']
}

interface Given {
  readonly id: string
  readonly version: number
  readonly verdict: Verdict['verdict']
  readonly words: string
}

/**
 * One person's word about one version, by console or card; answers how the campaign stands then. Days may have passed since
 * it was submitted: what stops a campaign now (a word that was forbidden, an audience put away) stops an agreement, and so does
 * what makes it another than the one that was submitted.
 */
export async function giveVerdict(
  services: JudgeNeeds,
  by: By,
  given: Given,
  note: (tx: Tx, state: CampaignState) => Promise<void> = async () => undefined,
): Promise<CampaignState> {
  const { db } = services
  if (given.verdict === 'agree') {
    const campaign = await findCampaign(db, by.corpId, given.id)
    if (campaign === undefined) throw notFound(campaignThing)
    const stops = (await checked(services, db, by.corpId, campaign.spec)).faults.filter((fault) => fault.stops)
    if (stops.length > 0) throw stopped(stops)
    await stillAsSubmitted(services, campaign)
  }
  return db.transaction().execute(async (tx) => {
    const state = await judge(services, tx, by, given)
    await note(tx, state)
    return state
  })
}

async function stillAsSubmitted({ db, config, clock }: JudgeNeeds, campaign: Campaign): Promise<void> {
  if (campaign.state !== 'waiting') return
  const submission = await submissionOf(db, campaign.id, campaign.version)
  if (submission === undefined) return
  const changed = await changedSince(db, config, campaign.corpId, campaign.spec, seenAt(submission), clock.now())
  if (changed.length > 0) throw changedSinceSubmitted(changed)
}

async function judge(services: Pick<Services, 'clock' | 'due'>, tx: Tx, by: By, given: Given): Promise<CampaignState> {
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
  if (state !== 'waiting') await clearWaiting(tx, campaign, clock.now())
  if (state === 'approved') await scheduleStart(services, tx, campaign)
  return state
}
