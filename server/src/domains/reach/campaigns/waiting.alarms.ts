import type { Tx } from '../../../infra/db/database.ts'
import { clearAlarm, raiseAlarm } from '../../insights/index.ts'
import { type Campaign, pageOf } from './campaign.ts'

const kind = 'campaign.waiting'
const keyOf = (campaignId: string) => `${kind}:${campaignId}`

/** What waits for somebody's word stands among what is to be done, as an export that waits does. */
export async function tellWaiting(
  tx: Tx,
  { id, corpId, name, spec }: Pick<Campaign, 'id' | 'corpId' | 'name' | 'spec'>,
  { recipients, needed }: { readonly recipients: number; readonly needed: number },
  at: Date,
): Promise<void> {
  const reached =
    spec.kind === 'group_send'
      ? { zh: `群里的 ${recipients} 位客户`, en: `${recipients} customers in groups` }
      : { zh: `${recipients} 人`, en: `${recipients} customers` }
  await raiseAlarm(
    tx,
    {
      ...{ corpId, kind, key: keyOf(id), severity: 'info' },
      title: {
        zh: `「${name}」等待审批：预演会发给 ${reached.zh}，需要 ${needed} 人同意`,
        en: `“${name}” waits for approval: ${reached.en} by the rehearsal, ${needed} must agree`,
      },
      advice: {
        zh: '看过手机上的样子、发给谁和预演结果后同意，或写明要改什么后退回。作者和提交人不能审批。',
        en: 'See how it looks, whom it reaches and its rehearsal, then agree, or return it with what to change. Who wrote or submitted it may not.',
      },
      subject: { type: 'campaign', id, path: pageOf(spec.kind, id) },
    },
    at,
  )
}

/** It was judged, written anew or cancelled. */
export async function clearWaiting(tx: Tx, { id, corpId }: Pick<Campaign, 'id' | 'corpId'>, at: Date): Promise<void> {
  await clearAlarm(tx, corpId, keyOf(id), at)
}
