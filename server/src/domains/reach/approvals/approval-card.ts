import { cutTo, type MessageCard } from '../app-messages/card.ts'
import type { Campaign } from '../campaigns/campaign.ts'
import { kindWords } from '../run/run.words.ts'
import type { Verdict } from './approval.ts'

/** The keys of a card’s buttons. */
export const cardKeys = { agree: 'agree', refuse: 'refuse' } as const

/**
 * The task id of the card by which one account is asked about one submission: the platform takes each once, so a card whose
 * answer was lost is sent again without a second one appearing (42014).
 */
export function taskIdOf(campaignId: string, version: number, accountId: string, submittedAt: Date): string {
  return `campaign@${campaignId}@${version}@${accountId}@${secondOf(submittedAt)}`
}

/** By which a submission is told from an earlier one of the same version. */
export const secondOf = (at: Date): number => Math.floor(at.getTime() / 1_000)

export interface CardTap {
  readonly campaignId: string
  readonly version: number
  /** Of the account that was asked by this card. */
  readonly accountId: string
  readonly submittedSecond: number
  readonly verdict: Verdict['verdict']
}

/** What a tapped card was about; undefined: it is not one of these. */
export function readTap(taskId: string, key: string): CardTap | undefined {
  const [, campaignId, version, accountId, second] =
    /^campaign@([0-9a-f-]{36})@(\d{1,9})@([0-9a-f-]{36})@(\d{1,12})$/.exec(taskId) ?? []
  if (campaignId === undefined || accountId === undefined) return undefined
  if (key !== cardKeys.agree && key !== cardKeys.refuse) return undefined
  return { campaignId, version: Number(version), accountId, submittedSecond: Number(second), verdict: key }
}

/** The card by which somebody is asked: what, of whom, to how many, how it begins, and two buttons. */
export function approvalCard(
  campaign: Pick<Campaign, 'spec'>,
  asked: { readonly author: string; readonly recipients: number; readonly needed: number },
  { taskId, url, title }: { readonly taskId: string; readonly url: string; readonly title: string },
): MessageCard {
  const [first] = campaign.spec.variants
  return {
    card_type: 'button_interaction' as const,
    task_id: taskId,
    main_title: {
      title: cutTo(title, 36),
      desc: `${cutTo(asked.author, 20)} 提交的${kindWords(campaign.spec.kind).name.zh}`,
    },
    sub_title_text: cutTo(first?.content.text ?? '', 110),
    horizontal_content_list: [
      { keyname: '收件人', value: `${asked.recipients} 人` },
      // what is called a service message goes round caps and refusals, so whoever agrees by the card alone reads it there
      { keyname: '性质', value: campaign.spec.marketing ? '营销消息' : '服务通知：不看频次和拒收' },
      { keyname: '审批', value: asked.needed === 1 ? '一人同意即可' : `需 ${asked.needed} 人同意` },
      { keyname: '变体', value: `${campaign.spec.variants.length} 个` },
    ],
    card_action: { type: 1 as const, url },
    button_list: [
      { text: '同意', style: 1, key: cardKeys.agree },
      { text: '驳回', style: 2, key: cardKeys.refuse },
    ],
  }
}

/** What stands in place of the buttons after a tap. */
export const cardOutcomes = {
  agree: '已同意',
  refuse: '已驳回',
  void: '已失效，请到后台查看',
} as const
