import type { Actor } from '../../../infra/auth/actor.ts'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { AppError } from '../../../infra/errors.ts'
import type { Rule } from '../rules/rule.schema.ts'
import { circleOf, ruleFaults, type Ties } from '../rules/rule.ts'
import { circleWords } from './audience.ts'

/** Audiences are counted over the whole corp: who sees a part of it is refused rather than told a number that is not his. */
export const seesAll = (actor: Actor): Actor =>
  wholeCorp(actor, {
    zh: '分群按整个企业计算，你的数据范围只是其中一部分。',
    en: 'Audiences are counted over the whole corp; you see a part of it.',
  })

export function checkedRule(rule: Rule): void {
  const faults = ruleFaults(rule)
  const [first] = faults
  if (first) throw new AppError('rule', first.said, { details: faults })
}

/** An audience may read others, but never one that reads it. */
export function withoutCircle(
  id: string,
  rule: Rule,
  others: readonly { readonly id: string; readonly name: string; readonly rule: Rule }[],
  name: string,
  ties?: Ties,
): void {
  const circle = circleOf(id, rule, new Map(others.map((one) => [one.id, one.rule])), ties)
  if (!circle) return
  const called = new Map([...others.map((one): [string, string] => [one.id, one.name]), [id, name]])
  throw new AppError('rule', circleWords(circle.map((one) => called.get(one) ?? one)), {
    hint: {
      zh: '去掉其中一个「在分群中」条件，或读取规则标签、生命周期的条件。',
      en: 'Take away one of the conditions “is in audience”, or one that reads a tag or stage that rests on it.',
    },
    details: circle.map((one) => ({ id: one, name: called.get(one) ?? one })),
  })
}

export function unknownAudiences(wanted: readonly string[], known: ReadonlySet<string>): void {
  const missing = wanted.filter((id) => !known.has(id))
  if (missing.length === 0) return
  throw new AppError(
    'rule',
    { zh: '条件里引用的分群不存在或已删除。', en: 'A condition names an audience that does not exist any more.' },
    { hint: { zh: '请重新选择分群。', en: 'Choose another audience.' }, details: missing },
  )
}

export function changedMeanwhile(): AppError {
  return new AppError(
    'conflict',
    { zh: '别人刚刚改了这个分群。', en: 'Somebody changed this audience meanwhile.' },
    { hint: { zh: '请刷新页面，在最新版本上修改。', en: 'Reload the page and edit the latest version.' } },
  )
}

export function nameTaken(name: string): AppError {
  return new AppError(
    'conflict',
    { zh: `已有名为「${name}」的分群。`, en: `There is an audience named “${name}” already.` },
    { hint: { zh: '请换一个名称。', en: 'Choose another name.' } },
  )
}

export function stillFollowed(tags: readonly string[]): AppError {
  return new AppError(
    'rule',
    { zh: `还有规则标签跟随它：${tags.join('、')}。`, en: `Tags follow it: ${tags.join(', ')}.` },
    { hint: { zh: '请先在标签管理里停用这些规则。', en: 'End their rules on the page of tags first.' }, details: tags },
  )
}

export function stillGoverned(policies: readonly string[]): AppError {
  return new AppError(
    'rule',
    {
      zh: `还有触达策略是为它定的：${policies.join('、')}。删除后，这些客户会按其他策略接收营销消息。`,
      en: `Touch policies are made for it: ${policies.join(', ')}. Without it its customers would fall under others.`,
    },
    {
      hint: { zh: '请先在触达治理里修改或停用这些策略。', en: 'Change or end these policies first.' },
      details: policies,
    },
  )
}

export function stillRead(names: readonly string[]): AppError {
  return new AppError(
    'rule',
    {
      zh: `还有分群用到它：${names.join('、')}。`,
      en: `Other audiences read it: ${names.join(', ')}.`,
    },
    { hint: { zh: '请先改掉这些分群的条件。', en: 'Change their conditions first.' }, details: names },
  )
}
