import { isDatabaseAway } from '../../../infra/db/away.ts'
import { AppError } from '../../../infra/errors.ts'
import type { Services } from '../../../infra/services.ts'
import { writeAudit } from '../../compliance/index.ts'
import type { Tap, TapAnswer } from '../app-messages/card-taps.reactions.ts'
import { giveVerdict, type JudgeNeeds } from './approval.judge.ts'
import { type CardTap, cardOutcomes, readTap, secondOf } from './approval-card.ts'
import { approverBehind, submissionOf } from './approvals.store.ts'

type Needs = JudgeNeeds & Pick<Services, 'log'>

/** What a tap on the card of an approval comes to: the word of the member's account about the version that it shows. */
export const approvalAnswer =
  (services: Needs): TapAnswer =>
  async (corpId, tap) => {
    const about = readTap(tap.taskId, tap.eventKey)
    return about === undefined ? undefined : cardOutcomes[await judgeByCard(services, corpId, tap, about)]
  }

async function judgeByCard(
  services: Needs,
  corpId: number,
  { userId }: Tap,
  { campaignId, version, accountId, submittedSecond, verdict }: CardTap,
): Promise<keyof typeof cardOutcomes> {
  const account = await approverBehind(services.db, corpId, userId)
  // a card is for whom it was sent to
  if (account === undefined || account.id !== accountId) return 'void'
  // the same version may have come back and been submitted anew, for more people than this card says
  const submission = await submissionOf(services.db, campaignId, version)
  if (submission === undefined || secondOf(submission.submittedAt) !== submittedSecond) return 'void'
  const words = verdict === 'refuse' ? '在企业微信卡片上驳回' : ''
  try {
    await giveVerdict(
      services,
      { corpId, accountId: account.id, through: 'card' },
      { id: campaignId, version, verdict, words },
      (tx, state) =>
        writeAudit(tx, {
          ...{ corpId, objectKind: 'campaign', objectId: campaignId, outcome: 'done', reason: words },
          action: verdict === 'agree' ? 'campaign.approve' : 'campaign.refuse',
          actor: { accountId: account.id, name: account.name, role: account.role },
          after: { version, state, through: 'card' },
          ...{ ip: '', userAgent: 'WeCom card', requestId: '' },
        }),
    )
    return verdict
  } catch (error) {
    if (isDatabaseAway(error) || !(error instanceof AppError)) throw error
    services.log.info(
      { corpId, campaign: campaignId, code: error.code },
      'a tap on a card of an approval counts nothing',
    )
    return 'void'
  }
}
