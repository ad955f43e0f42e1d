import { AgentId, UserId, type WecomEvent } from '@nuanyu/wecom'
import { isDatabaseAway } from '../../../infra/db/away.ts'
import { AppError } from '../../../infra/errors.ts'
import type { Services } from '../../../infra/services.ts'
import { writeAudit } from '../../compliance/index.ts'
import { giveVerdict, type JudgeNeeds } from './approval.judge.ts'
import { cardOutcomes, readTap } from './approval-card.ts'
import { approverBehind } from './approvals.store.ts'

type Tap = Extract<WecomEvent, { readonly kind: 'app.card_clicked' }>
type Needs = JudgeNeeds & Pick<Services, 'log'>

/** A member tapped a card: his account's word about the version that the card was about. Anybody else's tap says nothing. */
export async function handleApprovalTaps(
  services: Needs,
  heard: readonly { readonly corpId: number; readonly event: WecomEvent }[],
): Promise<void> {
  for (const { corpId, event } of heard) {
    if (event.kind !== 'app.card_clicked') continue
    const tap = readTap(event.taskId, event.eventKey)
    if (tap === undefined) continue
    const became = await judgeByCard(services, corpId, event, tap)
    await replaceButtons(services, corpId, event, became).catch((error: unknown) => {
      services.log.warn({ err: error, corpId }, 'a tapped card keeps its buttons')
    })
  }
}

async function judgeByCard(
  services: Needs,
  corpId: number,
  { userId }: Tap,
  { campaignId, version, verdict }: NonNullable<ReturnType<typeof readTap>>,
): Promise<keyof typeof cardOutcomes> {
  const account = await approverBehind(services.db, corpId, userId)
  if (account === undefined) return 'void'
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

async function replaceButtons(
  { platform }: Pick<Services, 'platform'>,
  corpId: number,
  { userId, agentId, responseCode }: Tap,
  became: keyof typeof cardOutcomes,
): Promise<void> {
  const client = await platform.forCorp(corpId)
  if (client === undefined || responseCode === undefined) return
  await client.messages.updateCard({
    ...{ userids: [UserId.parse(userId)], agentid: AgentId.parse(agentId), response_code: responseCode },
    button: { replace_name: cardOutcomes[became] },
  })
}
