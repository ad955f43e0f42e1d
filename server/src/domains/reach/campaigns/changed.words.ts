import { AppError, type Said } from '../../../infra/errors.ts'

/** What of that on which a campaign rests may be changed beside it. `stopped`: something else that would stop an approval now. */
export const changes = [
  ...(['audience', 'archived', 'sender_set', 'brand', 'links'] as const),
  ...(['tag_rule', 'stages', 'tiers', 'policies', 'holdout', 'stopped'] as const),
] as const
export type Changed = (typeof changes)[number]

export const changedWords: Readonly<Record<Changed, Said>> = {
  audience: { zh: '它引用的分群被修改', en: 'an audience that it names was changed' },
  archived: { zh: '它引用的分群已归档', en: 'an audience that it names was put away' },
  sender_set: { zh: '它引用的账号组的成员被修改', en: 'the members of its sender set were changed' },
  brand: { zh: '品牌名称被修改', en: 'the name of the brand, which it says, was changed' },
  links: { zh: '短链域名被更换', en: 'the domain of its links was changed' },
  tag_rule: { zh: '它引用的标签的规则被修改', en: 'the rule of a tag that it names was changed' },
  stages: {
    zh: '它引用的生命周期阶段的规则被修改',
    en: 'the rules of the stages of life that it names were changed',
  },
  tiers: { zh: '它引用的价值层级的定义被修改', en: 'the value tiers that it names were defined anew' },
  policies: { zh: '触达策略被修改', en: 'the governor’s policies were changed' },
  holdout: { zh: '全局对照组的比例被修改', en: 'the share of the global holdout was changed' },
  stopped: { zh: '有了不能通过检查之处', en: 'something came to stop it, as its page shows' },
}

export const allChanged = (changed: readonly Changed[]): Said => ({
  zh: changed.map((one) => changedWords[one].zh).join('，'),
  en: changed.map((one) => changedWords[one].en).join(', '),
})

/** Of what a rehearsal counted: neither the brand's name nor the domain of links is. */
export const counted = (changed: readonly Changed[]): readonly Changed[] =>
  changed.filter((one) => one !== 'brand' && one !== 'links')

export function changedSinceSubmitted(changed: readonly Changed[]): AppError {
  const { zh, en } = allChanged(changed)
  return new AppError(
    'rule',
    {
      zh: `送审后${zh}，这次送审看到的已经不是会发出的。`,
      en: `After it was submitted ${en}: what was submitted is not what would go out.`,
    },
    {
      hint: {
        zh: '请退回；作者重新预演后可以原样再次送审。',
        en: 'Return it: its author may rehearse it again and submit it as it is.',
      },
    },
  )
}

export function changedSinceRehearsed(changed: readonly Changed[]): AppError {
  const { zh, en } = allChanged(changed)
  return new AppError(
    'rule',
    { zh: `预演之后${zh}，预演的结果已不作数。`, en: `After it was rehearsed ${en}: the rehearsal counts no more.` },
    { hint: { zh: '请重新预演，再提交审批。', en: 'Rehearse it again, then submit it.' } },
  )
}
