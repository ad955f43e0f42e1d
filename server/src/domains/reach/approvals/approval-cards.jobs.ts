import { AgentId, type Client, UserId, WecomError } from '@nuanyu/wecom'
import type { Services } from '../../../infra/services.ts'
import { speakingAgent } from '../app-messages/app-messages.store.ts'
import { accountNames, findCampaign } from '../campaigns/campaigns.store.ts'
import { approvalCard, taskIdOf } from './approval-card.ts'
import { approversOf, openCards, submissionOf } from './approvals.store.ts'

export const cardsKind = 'campaign.cards'

interface Request {
  readonly campaignId: string
  readonly version: number
}

/** The card of this task id stands already: the answer to the first call was lost. */
const cardExists = 42014

/** Asks everybody who may judge a version, and is bound to a member, by a card; in the ledger, each once. */
export function defineApprovalCards(
  services: Pick<Services, 'db' | 'clock' | 'platform' | 'effects' | 'operations' | 'config'>,
): void {
  const { db, clock, platform, effects, operations, config } = services
  operations.define<Request>(cardsKind, async (run) => {
    const { corpId, input } = run
    const { campaignId, version } = input
    const campaign = await findCampaign(db, corpId, campaignId)
    const submission = await submissionOf(db, campaignId, version)
    if (campaign?.state !== 'waiting' || campaign.version !== version || submission === undefined) return { asked: 0 }
    const [client, agent] = [await platform.forCorp(corpId), await speakingAgent(db, corpId)]
    if (client === undefined || agent === null) return { asked: 0 }
    const approvers = await approversOf(db, corpId, submission.authors)
    const by = (accountId: string) => `approval_card:${campaignId}:${version}:${accountId}`
    await effects.claim(
      db,
      approvers.map(({ accountId, userid }) => ({
        ...{ key: by(accountId), corpId, kind: 'approval.card', subject: userid },
      })),
      clock.now(),
    )
    // whatever an earlier attempt claimed and did not settle is sent again: the task id makes that the same card
    const open = await openCards(
      db,
      approvers.map(({ accountId }) => by(accountId)),
    )
    const author = (await accountNames(db, [submission.submittedBy])).get(submission.submittedBy ?? '') ?? ''
    let asked = 0
    for (const { accountId, userid } of approvers.filter((one) => open.has(by(one.accountId)))) {
      const taskId = taskIdOf(campaignId, version, accountId)
      const url = `${config.publicUrl}/engagement/campaigns/${campaignId}`
      const card = approvalCard(campaign, { author, ...submission }, { taskId, url })
      const outcome = await sendCard(client, agent, userid, card)
      await effects.settle(db, [{ key: by(accountId), ...outcome }], clock.now())
      if (outcome.state === 'done') asked += 1
      await run.progress({ done: asked, total: approvers.length })
    }
    return { asked }
  })
}

async function sendCard(
  client: Client,
  agent: number,
  userid: string,
  card: ReturnType<typeof approvalCard>,
): Promise<{ readonly state: 'done' | 'refused'; readonly errcode?: number }> {
  try {
    await client.messages.send({
      ...{ touser: UserId.parse(userid), agentid: AgentId.parse(agent) },
      ...{ msgtype: 'template_card', template_card: card },
    })
    return { state: 'done' }
  } catch (error) {
    if (!(error instanceof WecomError)) throw error
    return error.errcode === cardExists ? { state: 'done' } : { state: 'refused', errcode: error.errcode }
  }
}
