import type { Tx } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { ownTemplates, tellStaff } from '../app-messages/app-messages.store.ts'
import { filled, kindOf } from '../app-messages/words.ts'
import { type Campaign, pageOf } from '../campaigns/campaign.ts'
import { accountNames } from '../campaigns/campaigns.store.ts'
import { approvalCard, secondOf, taskIdOf } from './approval-card.ts'
import { approversOf, submissionOf } from './approvals.store.ts'

const kind = 'campaign.approval'

/**
 * Asks everybody who may judge a submission, and is bound to a member, by a card, each once: like all that members are told it
 * waits on their desks for its turn.
 */
export async function askApprovers(
  { clock, config }: Pick<Services, 'clock' | 'config'>,
  tx: Tx,
  campaign: Pick<Campaign, 'id' | 'corpId' | 'version' | 'name' | 'spec'>,
): Promise<void> {
  const { id, corpId, version, name } = campaign
  const submission = await submissionOf(tx, id, version)
  if (submission === undefined) return
  const approvers = await approversOf(tx, corpId, submission.authors)
  const author = (await accountNames(tx, [submission.submittedBy])).get(submission.submittedBy ?? '') ?? ''
  const values = { 活动: name, 提交人: author, 收件人: String(submission.recipients) }
  const words = (await ownTemplates(tx, [corpId])).get(corpId)?.get(kind)?.words ?? kindOf(kind).words
  const url = `${config.publicUrl}${pageOf(campaign.spec.kind, id)}`
  await tellStaff(
    tx,
    approvers.map(({ accountId, userid }) => {
      const look = {
        taskId: taskIdOf(id, version, accountId, submission.submittedAt),
        url,
        title: filled(words, values),
      }
      const card = approvalCard(campaign, { author, ...submission }, look)
      return {
        corpId,
        userid,
        kind,
        key: `${id}:${version}:${secondOf(submission.submittedAt)}:${accountId}`,
        values,
        card,
      } as const
    }),
    clock.now(),
  )
}
