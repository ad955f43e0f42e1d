import { AppError, type Said } from '../../../infra/errors.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { type Fate, fates, type SenderReason, senderReasons } from '../campaigns/recipient.ts'
import { reasonWords } from '../governor/governor.words.ts'
import { reasons } from '../governor/touch.ts'
import { groupReasonWords } from './group.words.ts'
import type { PlanView, ShownPlan } from './plan.schema.ts'

const fateSaid: Readonly<Record<Fate, Said>> = {
  sent_to: { zh: '发送', en: 'Sent to' },
  held: { zh: '暂缓', en: 'Held' },
  dropped: { zh: '不发送', en: 'Dropped' },
  excluded: { zh: '排除', en: 'Excluded' },
  holdout: { zh: '本次活动的对照组：不发送，用来比较效果', en: 'Held out of this campaign, to compare with' },
  global_holdout: { zh: '全局对照组：本季度不接收任何营销', en: 'Held out of all marketing for this quarter' },
  no_sender: { zh: '没有可发送的员工', en: 'Nobody can send to them' },
  elsewhere: { zh: '由系统随机分给其他渠道：这次不发送', en: 'Drawn for another channel: not sent to here' },
}

const senderSaid: Readonly<Record<SenderReason, Said>> = {
  no_relation: { zh: '没有员工是他的好友', en: 'No member has them as a contact' },
  sender_gone: {
    zh: '好友员工已离职、停用或没有客户联系权限',
    en: 'The member left, is disabled or may not contact customers',
  },
  sender_away: { zh: '好友员工休假中', en: 'The member is on leave' },
  not_in_set: { zh: '好友员工不在选定的发送账号组里', en: 'The member is not in the chosen set of senders' },
  sender_full: { zh: '好友员工的人数已到上限', en: 'The member has as many customers as the campaign allows' },
  no_variant: { zh: '没有适用于他的内容变体', en: 'No variant of the content is for them' },
  not_given: { zh: '平台不允许好友员工触达他', en: 'The platform lets none of their members reach them' },
  not_marked: {
    zh: '贴不上这条朋友圈的标签：他已不是好友，或平台不接受',
    en: 'Could not be given the tag of the Moment: no contact any more, or refused by the platform',
  },
  same_person: {
    zh: '计划之后发现他和另一位收件人是同一个人，只发一次',
    en: 'Found since to be the same person as another recipient, who gets it',
  },
  no_owner: { zh: '群主不在通讯录里', en: 'Its owner is nobody whom we know' },
}

export function fateWords(fate: Fate): Said {
  return fateSaid[fate]
}

/** The key of a reason, by what it is the reason of. */
export function reasonKey(fate: Fate, reason: number | null): string | null {
  if (reason === null) return null
  if (fate === 'held' || fate === 'dropped') return reasons[reason] ?? null
  if (fate === 'no_sender') return senderReasons[reason] ?? null
  return fate === 'excluded' ? String(reason) : null
}

/** Its number again, of what a list is asked by; undefined: there is no such reason. */
export function reasonNumber(fate: Fate, key: string): number | undefined {
  const names: readonly string[] = fate === 'no_sender' ? senderReasons : reasons
  const place = fate === 'excluded' ? Number(key) : names.indexOf(key)
  return Number.isInteger(place) && place >= 0 ? place : undefined
}

/** Everything that stood in the way of somebody, in words; the one that counted first. */
export function reasonsSaid(
  row: { readonly fate: number; readonly reason: number | null; readonly hits: number },
  exclusions: readonly string[],
): readonly Said[] {
  const fate = fates[row.fate] ?? 'sent_to'
  const excluded = exclusions.flatMap((name, place) =>
    (row.hits >> place) & 1 ? [{ place, said: { zh: `符合排除条件「${name}」`, en: `Excluded by “${name}”` } }] : [],
  )
  const governed = reasons.flatMap((name, place) =>
    (row.hits >> (16 + place)) & 1 ? [{ place, said: reasonWords(name) }] : [],
  )
  const first = <T extends { place: number }>(list: readonly T[]) =>
    list.toSorted((a, b) => Number(b.place === row.reason) - Number(a.place === row.reason))
  switch (fate) {
    case 'excluded':
      return first(excluded).map(({ said }) => said)
    case 'held':
    case 'dropped':
      return first(governed).map(({ said }) => said)
    case 'no_sender': {
      const name = senderReasons[row.reason ?? -1]
      return name === undefined ? [] : [senderSaid[name]]
    }
    default:
      return fate === 'sent_to' ? [] : [fateSaid[fate]]
  }
}

/** A plan with each reason in words; of a send to groups the rules of the day exclude, of others what the campaign names. */
export function planSaid(plan: PlanView, kind: CampaignSpec['kind']): ShownPlan {
  const groups = kind === 'group_send'
  const words = (reason: string) => (groups ? groupReasonWords(reason, null) : manySaid(reason))
  const because = <T extends { reason: string }>(list: readonly T[]) =>
    list.map((one) => ({ ...one, words: words(one.reason) }))
  return {
    ...plan,
    exclusions: plan.exclusions.map((one) => ({
      ...one,
      words: groups ? groupReasonWords(one.name, null) : { zh: one.name, en: one.name },
    })),
    ...{ held: because(plan.held), dropped: because(plan.dropped), no_sender: because(plan.no_sender) },
  }
}

/** A reason where many share it. */
function manySaid(key: string): Said {
  const governed = reasons.find((one) => one === key)
  if (governed !== undefined) return reasonWords(governed)
  const sender = senderReasons.find((one) => one === key)
  return sender === undefined ? { zh: key, en: key } : senderSaid[sender]
}

export function senderWords(reason: SenderReason): Said {
  return senderSaid[reason]
}

export const runThing: Said = { zh: '发送批次', en: 'run' }
export const notNamed: Said = { zh: '不在这个群发活动的人群里', en: 'Not in the audience of this campaign' }
export const notKept: Said = {
  zh: '这次发送的名单已超过保存期限，只保留汇总数据',
  en: 'Who was in this run is no longer kept, only its figures are',
}
export const notPlanned: Said = {
  zh: '这个群发活动还没有预演或发送过',
  en: 'This campaign was neither rehearsed nor sent yet',
}

export function unfinished(): AppError {
  return new AppError(
    'rule',
    { zh: '还没有选择人群，不能预演。', en: 'No audience is chosen yet: there is nothing to rehearse.' },
    { hint: { zh: '请先选择分群或填写规则。', en: 'Choose an audience or write a rule first.' } },
  )
}
