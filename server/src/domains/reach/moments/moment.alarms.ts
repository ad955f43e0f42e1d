import { explain } from '@nuanyu/wecom'
import type { Tx } from '../../../infra/db/database.ts'
import { clearAlarm, raiseAlarm } from '../../insights/index.ts'
import { pageOf } from '../campaigns/campaign.ts'
import type { Run } from '../run/runs.store.ts'
import type { MomentKey } from './moment.ts'

const kind = 'moment.tag_left'
const twice = 'moment.twice'
const keyOf = ({ runId, number }: MomentKey) => `${kind}:${runId}:${number}`

/** WeCom does not let the own tag of a Moment go: its people carry it on, and everybody in WeCom sees it. */
export async function tellTagLeft(
  tx: Tx,
  run: Pick<Run, 'corpId' | 'campaignId' | 'campaign'>,
  moment: MomentKey,
  { tag, errcode, why }: { readonly tag: string; readonly errcode: number | undefined; readonly why: string },
  at: Date,
): Promise<void> {
  const entry = errcode === undefined ? undefined : explain(errcode)
  await raiseAlarm(
    tx,
    {
      ...{ corpId: run.corpId, kind, key: keyOf(moment), severity: 'amber' as const },
      title: {
        zh: `「${run.campaign}」已结束，但临时标签「${tag}」没能从企业微信删除${errcode === undefined ? `：${why}` : `（${errcode}）：${entry?.meaningZh ?? why}`}`,
        en: `«${run.campaign}» is over, but its temporary tag «${tag}» could not be deleted in WeCom${errcode === undefined ? `: ${why}` : ` (${errcode}): ${entry?.meaning ?? why}`}`,
      },
      advice: {
        zh: `${entry?.remedyZh ?? ''}系统每十分钟再试一次；也可以在企业微信「客户联系 → 企业标签 → 触达临时标签」里手动删除。`,
        en: `${entry?.remedy ?? ''} It is tried again every ten minutes; it can also be deleted by hand among the corp tags of WeCom, in the group 触达临时标签.`,
      },
      subject: { type: 'campaign', id: run.campaignId, path: pageOf('moment', run.campaignId) },
    },
    at,
  )
}

/** It is gone. */
export async function clearTagLeft(tx: Tx, corpId: number, moment: MomentKey, at: Date): Promise<void> {
  await clearAlarm(tx, corpId, keyOf(moment), at)
}

/** A Moment was asked for anew, came up after all, and members published both: their people saw it twice. */
export async function tellTwice(
  tx: Tx,
  run: Pick<Run, 'corpId' | 'campaignId' | 'campaign'>,
  moment: MomentKey,
  { members, persons }: { readonly members: number; readonly persons: number },
  at: Date,
): Promise<void> {
  await raiseAlarm(
    tx,
    {
      ...{
        corpId: run.corpId,
        kind: twice,
        key: `${twice}:${moment.runId}:${moment.number}`,
        severity: 'amber' as const,
      },
      title: {
        zh: `「${run.campaign}」有 ${members} 位员工把同一条朋友圈发表了两次，${persons} 位客户看到两遍`,
        en: `${members} members published the same Moment of «${run.campaign}» twice; ${persons} customers see it twice`,
      },
      advice: {
        zh: '企业微信很久没有确认第一次下发，系统再次下发后，第一次的才出现；多出的一条已停止发表，看到两遍的客户已计入触达台账。请让这些员工在朋友圈里删除其中一条。',
        en: 'WeCom did not answer for the first, so it was asked for anew, and the first came up after that. Nobody else can publish it any more, and whoever sees both is in the ledger twice. Ask these members to delete one of the two.',
      },
      subject: { type: 'campaign', id: run.campaignId, path: pageOf('moment', run.campaignId) },
    },
    at,
  )
}
