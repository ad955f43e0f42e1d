import type { Tx } from '../../../infra/db/database.ts'
import { type Alarm, raiseAlarm } from '../../insights/index.ts'
import type { Campaign } from '../campaigns/campaign.ts'

type Of = Pick<Campaign, 'id' | 'corpId' | 'name'>

const about = ({ id, corpId }: Of, kind: string): Pick<Alarm, 'corpId' | 'kind' | 'key' | 'severity' | 'subject'> => ({
  ...{ corpId, kind, key: `${kind}:${id}`, severity: 'amber' },
  subject: { type: 'campaign', id, path: `/engagement/campaigns/${id}` },
})
const submitAgain = { zh: '请重新预演并提交审批。', en: 'Rehearse it again and submit it for approval.' }

/** A run would reach more than those who agreed may agree to. */
export async function raiseOutgrown(
  tx: Tx,
  campaign: Of,
  { recipients, approved }: { readonly recipients: number; readonly approved: number },
  at: Date,
): Promise<void> {
  await raiseAlarm(
    tx,
    {
      ...about(campaign, 'campaign.outgrew'),
      title: {
        zh: `「${campaign.name}」没有发出：审批时预演 ${approved} 人，现在会发给 ${recipients} 人，需要更多人审批`,
        en: `«${campaign.name}» did not go out: approved for ${approved}, it would reach ${recipients} now, for which more must agree`,
      },
      advice: submitAgain,
    },
    at,
  )
}

/** What a campaign names is no more what those who agreed saw. */
export async function raiseVoided(tx: Tx, campaign: Of, changed: 'audience' | 'sender_set', at: Date): Promise<void> {
  const what = { audience: { zh: '分群', en: 'an audience' }, sender_set: { zh: '账号组', en: 'the sender set' } }[
    changed
  ]
  await raiseAlarm(
    tx,
    {
      ...about(campaign, 'campaign.voided'),
      title: {
        zh: `「${campaign.name}」没有发出：审批后它引用的${what.zh}被修改，审批已失效`,
        en: `«${campaign.name}» did not go out: ${what.en} that it names was changed after it was approved`,
      },
      advice: submitAgain,
    },
    at,
  )
}
