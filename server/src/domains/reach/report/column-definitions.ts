import type { Said } from '../../../infra/errors.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import type { Fate } from '../campaigns/recipient.ts'
import type { Reason } from '../governor/touch.ts'
import { afterHours, type Definition, definitions } from './definitions.ts'
import { definitionOf } from './moment-definitions.ts'

const made = (id: string, name: Said, zh: string, en: string): Definition => ({ id, name, words: { zh, en } })

const fromWhen: Said = {
  zh: '收到的人从送达算起，没有收到的人和对照组从「本应收到」的时刻算起',
  en: 'who got it counts from the delivery, everybody else from when he would have got it',
}

/** The columns of both sides of a lift, each of all its people, reached or not. */
export const sideDefinitions = {
  persons: made(
    'side.persons',
    { zh: '人数', en: 'Persons' },
    '计划发送：应发的人，不论是否确认、送达，也包括后来才发现没有员工可发的。对照组：同样过了排除和触达治理、有可发员工、只因随机留出而没有发送的人。',
    'Planned: all to whom it was to be sent, confirmed or not, also those for whom there was then no member after all. Holdout: who passed exclusions and the governor, had a sender and was kept out by the lot alone.',
  ),
  delivered: definitions.delivered,
  converted: made(
    'side.converted',
    { zh: '转化', en: 'Converted' },
    `目标窗口内完成目标的人数，收到与否都算：${fromWhen.zh}。`,
    `Persons who reached the goal within its window, reached or not: ${fromWhen.en}.`,
  ),
  rate: made(
    'side.rate',
    { zh: '转化率', en: 'Conversion' },
    '转化 ÷ 人数（不是送达）。',
    'Converted / persons, not / delivered.',
  ),
  deleted: made(
    'side.deleted',
    { zh: '删除', en: 'Deleted' },
    `${afterHours} 小时内删除了员工的人数：${fromWhen.zh}。发送时才发现早已不是好友的不算。`,
    `Persons who deleted a member within ${afterHours} hours: ${fromWhen.en}. Who turned out at the send to be no friend any more does not count.`,
  ),
  gmv: made(
    'side.gmv',
    { zh: 'GMV', en: 'GMV' },
    `目标窗口内全部类目的实付减退款，不论是否归因到本次：${fromWhen.zh}。`,
    `All that they paid within the goal’s window, less refunds, of all categories, credited to the run or not: ${fromWhen.en}.`,
  ),
} as const satisfies Readonly<Record<string, Definition>>

/** All that a lift is made of. */
export const liftDefinitions = {
  ...{ itt: definitions.lift, delivered: definitions.lift_delivered, gmv: definitions.lift_gmv },
  gmv_person: made(
    'M36',
    { zh: '增量 GMV（人均）', en: 'Incremental GMV a person' },
    '应发人均 GMV − 对照人均 GMV；乘以应发人数就是增量 GMV。95% 区间用自助法（bootstrap，种子固定）。',
    'GMV a planned person − GMV a person held out; times the planned persons it is the incremental GMV. 95 % interval by a bootstrap with a fixed seed.',
  ),
  deletes: definitions.excess_deletes,
  deletes_delivered: made(
    'M31',
    { zh: '额外流失（每位送达）', en: 'Excess deletes (per delivered)' },
    '全部应发的额外流失 ÷ 送达率：对真正收到的人，每千人多出几位删除。对照组无人收到，区间同除。',
    'The excess deletes of all planned / the delivery rate: how many more of a thousand who got it deleted a member. Nobody of the holdout got it; the interval is divided too.',
  ),
  sides: sideDefinitions,
} as const

/** The columns of a report in parts: its steps, and what the run is credited with. */
export function partDefinitions(kind: CampaignSpec['kind']) {
  const step = (key: 'asked' | 'confirmed' | 'delivered' | 'opened' | 'converted') => definitionOf(key, kind)
  return {
    planned: definitions.to_send,
    ...{ asked: step('asked'), confirmed: step('confirmed'), delivered: step('delivered') },
    ...{ opened: step('opened'), converted: step('converted') },
    deleted: made(
      'part.deleted',
      { zh: '删除', en: 'Deleted' },
      `送达后 ${afterHours} 小时内删除员工的送达人数（M31 的分子）。`,
      `Delivered persons who deleted a member within ${afterHours} hours (of M31 the numerator).`,
    ),
    orders: made(
      'part.orders',
      { zh: '归因订单', en: 'Credited orders' },
      '归因到本次发送的订单数；每笔订单只归一次。按门店、发送人、变体、时段看时，记在收到消息的客户那一行；下单人不在本次收件人里的，记在「（没有）」。按业绩归属看时，记给赚得业绩的员工或门店。',
      'Orders credited to this run, each once. By store, sender, variant and hour they stand with the customer who got it; those of nobody who did, with “(none)”. By who earned them, with that member or store.',
    ),
    credited: definitions.credited_gmv,
  }
}

const fateDefinitions: Readonly<Record<Exclude<Fate, 'sent_to'>, Said>> = {
  held: {
    zh: '按触达治理现在不能发、活动允许等待的人：等到可以的时刻再判断一次。这里是还在等的人',
    en: 'May not be sent to yet by the governor, and the campaign lets them wait: they are looked at again when they may. These still wait',
  },
  dropped: {
    zh: '按触达治理不能发、活动不等待（或等不到）的人',
    en: 'May not be sent to by the governor, and the campaign does not wait (or not so long)',
  },
  excluded: { zh: '符合活动所写排除条件的人', en: 'An exclusion of the campaign is true of them' },
  holdout: {
    zh: '系统按固定哈希随机留作本次活动对照组的人；其中同样可以发送的才进入增量的比较',
    en: 'Drawn by a stable hash to be held out of this campaign; those who could have been sent to are compared in the lift',
  },
  global_holdout: {
    zh: '系统按固定哈希随机留作全局对照组的人，这一季度不接收任何营销',
    en: 'Drawn by a stable hash to be held out of all marketing for this quarter',
  },
  no_sender: { zh: '没有员工可以发送的人', en: 'No member can send to them' },
  elsewhere: {
    zh: '系统随机分给另一个渠道、所以这次不发送的人',
    en: 'Drawn by the system for another channel, so not sent to here',
  },
}

/** What a reason of the governor counts, where its words alone leave open how long or of what. */
const governed: { readonly [Key in Reason]?: Said } = {
  wished_less: {
    zh: '客户在「接收偏好」里选了少收，最近 7×24 小时的份额已用完',
    en: 'chose to receive less, and the share of the last 7 × 24 hours is used',
  },
  month_cap: {
    zh: '最近 30×24 小时内的触达次数达到策略上限',
    en: 'touches of the last 30 × 24 hours are at the policy’s cap',
  },
  week_cap: {
    zh: '最近 7×24 小时内的触达次数达到策略上限',
    en: 'touches of the last 7 × 24 hours are at the policy’s cap',
  },
  day_cap: {
    zh: '企业时区的这个自然日内的触达次数达到策略上限',
    en: 'touches of the calendar day in the corp’s zone are at the policy’s cap',
  },
  fatigue: {
    zh: '疲劳指数（M43）：30 天内营销触达的权重，每 7 天减半后相加，达到策略上限',
    en: 'the fatigue index (M43), the weights of the marketing touches of 30 days, each halved every 7 days, is at the policy’s limit',
  },
  gap: { zh: '距离最近一次触达短于策略的最短间隔', en: 'the latest touch is less than the policy’s minimum gap ago' },
  quiet: { zh: '发送时刻落在策略的静默时段', en: 'the moment of the send lies within the policy’s quiet hours' },
  quota: {
    zh: '平台（或企业自己设定）的本期次数已用完，员工自己的群发也占用',
    en: 'the platform’s quota of the period (or the corp’s own) is used, also by what staff sent themselves',
  },
}

/** What a row of those not sent to counts: its fate, then why. */
export function leftOutDefinition(fate: Fate, reason: string | null, words: Said): Definition {
  const said = fate === 'sent_to' ? words : fateDefinitions[fate]
  const exact = Object.entries(governed).find(([key]) => key === reason)?.[1] ?? words
  const why = reason === null ? { zh: '', en: '' } : { zh: `；原因：${exact.zh}`, en: `; why: ${exact.en}` }
  return made(
    `left.${fate}`,
    words,
    `${said.zh}${why.zh}。每人只计在一行，各行相加等于计划人数减去应发人数。`,
    `${said.en}${why.en}. Everybody stands in one row; the rows add up to planned less to be sent to.`,
  )
}

export type FailureKey = 'no_friend' | 'over_cap' | 'not_confirmed' | 'other'
const failed: Readonly<Record<FailureKey, Said>> = {
  no_friend: {
    zh: '员工确认后，平台报告「客户不是好友」的人数（发送结果状态 2）。',
    en: 'Of whom the platform says, after the member confirmed: not a contact (status 2 of the result).',
  },
  over_cap: {
    zh: '员工确认后，平台报告「客户接收已达上限」的人数（发送结果状态 3）。',
    en: 'Of whom the platform says, after the member confirmed: received as much as they may (status 3 of the result).',
  },
  not_confirmed: {
    zh: '应发人数减去员工已确认覆盖：任务还没有下发、还没有确认，或到期、取消时仍未确认。',
    en: 'To be sent to, less confirmed: the task was not put yet, not confirmed yet, or not before it expired or was cancelled.',
  },
  other: {
    zh: '员工已确认覆盖减去送达、不是好友和达到上限：平台还没有给出这些人的结果。',
    en: 'Confirmed, less delivered, no friend and over the cap: the platform has not told of them yet.',
  },
}
const failedMoment: { readonly [Key in FailureKey]?: Said } = {
  not_confirmed: {
    zh: '应发人数减去员工已发表覆盖：任务还没有下发、还没有发表，或到期、取消时仍未发表。',
    en: 'To be sent to, less published: the task was not put yet, not published yet, or not before it expired or was cancelled.',
  },
  other: {
    zh: '员工已发表覆盖减去可见：不再是好友、当月朋友圈已满等，平台不说明是哪一种。',
    en: 'Published, less can see it: no friend any more, or full for the month; the platform does not say which.',
  },
}

export function failureDefinition(key: FailureKey, kind: CampaignSpec['kind'], name: Said): Definition {
  const { zh, en } = (kind === 'moment' ? failedMoment[key] : undefined) ?? failed[key]
  return made(`failure.${key}`, name, zh, en)
}

const groups: Readonly<Record<string, Said>> = {
  planned: sideDefinitions.persons.words,
  holdout: sideDefinitions.persons.words,
  global_holdout: {
    zh: '同样过了排除和触达治理、有可发员工、只因全局对照组而没有发送的人。',
    en: 'Who passed exclusions and the governor, had a sender and was kept out by the global holdout alone.',
  },
  delivered: definitions.delivered.words,
  undelivered: { zh: '应发的人减去送达的人。', en: 'All planned, less the delivered.' },
  variant: {
    zh: '应发的人里分到这个变体的人，不论是否送达。',
    en: 'All planned who were given this variant, delivered or not.',
  },
}
const part: Said = {
  zh: '送达的人里属于这家门店或这位员工的人。',
  en: 'Of the delivered, those of this store or this member.',
}

/** What stands side by side: who is on either side, and what is subtracted from what. */
export function comparedDefinition(a: { key: string; name: Said }, b: { key: string; name: Said }): Definition {
  const who = ({ key, name }: { key: string; name: Said }, language: 'zh' | 'en') =>
    `${name[language]}${language === 'zh' ? '：' : ': '}${(groups[key.split(':')[0] ?? ''] ?? part)[language]}`
  return made(
    'compare',
    { zh: '对比', en: 'Side by side' },
    `${who(a, 'zh')} ${who(b, 'zh')} 转化率 = 目标窗口内完成目标的人 ÷ 这一组的人数；流失 = ${afterHours} 小时内删除员工的人 ÷ 这一组的人数，以千人计。相差都是前者减后者，附 95% 区间（Newcombe）。`,
    `${who(a, 'en')} ${who(b, 'en')} Conversion = persons who reached the goal within its window / persons of the group; deletes = persons who deleted a member within ${afterHours} hours / persons of the group, per mille. Differences are the first less the second, with the 95 % interval of Newcombe.`,
  )
}
