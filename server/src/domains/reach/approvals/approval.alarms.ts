import type { Tx } from '../../../infra/db/database.ts'
import type { Said } from '../../../infra/errors.ts'
import { writeAudit } from '../../compliance/index.ts'
import { type Alarm, clearAlarms, raiseAlarm } from '../../insights/index.ts'
import { type Campaign, pageOf } from '../campaigns/campaign.ts'
import { allChanged, type Changed } from '../campaigns/changed.words.ts'
import type { Outgrown } from './approval.ts'

type Of = Pick<Campaign, 'id' | 'corpId' | 'name' | 'spec'>

const [outgrew, voided] = ['campaign.outgrew', 'campaign.voided'] as const

const about = (
  { id, corpId, spec }: Of,
  kind: string,
): Pick<Alarm, 'corpId' | 'kind' | 'key' | 'severity' | 'subject'> => ({
  ...{ corpId, kind, key: `${kind}:${id}`, severity: 'amber' },
  subject: { type: 'campaign', id, path: pageOf(spec.kind, id) },
})
const submitAgain = { zh: '请重新预演并提交审批。', en: 'Rehearse it again and submit it for approval.' }

/** The audit log holds every step of an approval, its end too, though nobody did it. */
async function noteVoided(tx: Tx, { id, corpId }: Of, after: Readonly<Record<string, unknown>>): Promise<void> {
  await writeAudit(tx, {
    ...{ corpId, actor: undefined, action: 'campaign.void', outcome: 'done', objectKind: 'campaign', objectId: id },
    ...{ after: { state: 'draft', approval_voided: true, ...after }, ip: '', userAgent: '', requestId: '' },
  })
}

/** A run would reach more, or others, than those who agreed saw. */
export async function raiseOutgrown(
  tx: Tx,
  campaign: Of,
  {
    recipients,
    approved,
    outgrown,
  }: { readonly recipients: number; readonly approved: number; readonly outgrown: Outgrown },
  at: Date,
): Promise<void> {
  await noteVoided(tx, campaign, { why: outgrown, recipients, approved })
  await raiseAlarm(
    tx,
    {
      ...about(campaign, outgrew),
      title: {
        zh: `「${campaign.name}」没有发出：审批时预演 ${approved} 人，现在会发给 ${recipients} 人，${outgrownWords[outgrown].zh}`,
        en: `«${campaign.name}» did not go out: approved for ${approved}, it would reach ${recipients} now, ${outgrownWords[outgrown].en}`,
      },
      advice: submitAgain,
    },
    at,
  )
}

const outgrownWords: Readonly<Record<Outgrown, Said>> = {
  people: { zh: '需要更多人审批', en: 'for which more must agree' },
  tiers: { zh: '其中有需要两人审批的价值层级', en: 'people among them of a tier for which two must agree' },
  growth: { zh: '比审批时多出一半以上', en: 'more than half again as many' },
}

/** What a campaign names, or is checked against, is no more what those who agreed saw. */
export async function raiseVoided(tx: Tx, campaign: Of, changed: readonly Changed[], at: Date): Promise<void> {
  const what = allChanged(changed)
  await noteVoided(tx, campaign, { why: changed })
  await raiseAlarm(
    tx,
    {
      ...about(campaign, voided),
      title: {
        zh: `「${campaign.name}」没有发出：审批后${what.zh}，审批已失效`,
        en: `«${campaign.name}» did not go out: after it was approved ${what.en}`,
      },
      advice: submitAgain,
    },
    at,
  )
}

/** It was submitted anew. */
export async function clearNotSent(tx: Tx, { id, corpId }: Pick<Of, 'id' | 'corpId'>, at: Date): Promise<void> {
  await clearAlarms(
    tx,
    corpId,
    [outgrew, voided].map((kind) => `${kind}:${id}`),
    at,
  )
}
