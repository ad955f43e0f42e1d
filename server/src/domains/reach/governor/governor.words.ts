import { AppError, type Said } from '../../../infra/errors.ts'
import type { Hit } from './decide.ts'
import { daySeconds, type Limit } from './policy.ts'
import type { QuotaWindow } from './quota.ts'
import type { Channel, Reason } from './touch.ts'

const channelWords: Readonly<Record<Channel, Said>> = {
  welcome: { zh: '欢迎语', en: 'Welcomes' },
  customer_send: { zh: '客户群发', en: 'Mass sends' },
  group_send: { zh: '客户群群发', en: 'Group sends' },
  moments: { zh: '朋友圈', en: 'Moments' },
  official_account: { zh: '公众号消息', en: 'Official Account messages' },
  subscribe_message: { zh: '小程序订阅消息', en: 'Mini-program messages' },
  by_hand: { zh: '员工手动发送', en: 'Messages by hand' },
}

const every: Readonly<Record<Limit['per'], Said>> = {
  day: { zh: '每个自然日', en: 'a calendar day' },
  week: { zh: '7×24 小时内', en: '7 × 24 hours' },
  month: { zh: '30×24 小时内', en: '30 × 24 hours' },
}

const plain: Readonly<Record<Reason, Said>> = {
  opted_out: { zh: '客户要求不再接收营销消息', en: 'The customer asked for no marketing messages' },
  no_marketing: { zh: '所属策略不对这些客户做营销', en: 'The policy sends these customers no marketing' },
  wished_less: {
    zh: '客户要求少收消息，本周额度已用完',
    en: 'The customer asked for less, and this week’s share is used',
  },
  month_cap: { zh: '30 天内的次数已到上限', en: 'The cap of 30 days is reached' },
  week_cap: { zh: '7 天内的次数已到上限', en: 'The cap of 7 days is reached' },
  day_cap: { zh: '当天的次数已到上限', en: 'The cap of the day is reached' },
  fatigue: { zh: '触达疲劳指数已到上限', en: 'The fatigue index is at its limit' },
  gap: { zh: '距离上一次触达太近', en: 'Too soon after the latest touch' },
  quiet: { zh: '正处于静默时段', en: 'It is within quiet hours' },
  quota: {
    zh: '本期能发给这位客户的次数已用完',
    en: 'Nothing is left of what may be sent to this customer in this period',
  },
}

/** A reason where many share it. */
export function reasonWords(reason: Reason): Said {
  return plain[reason]
}

/** A reason of one person, with the cap or quota that it comes from. */
export function hitWords({ reason, limit, window }: Pick<Hit, 'reason' | 'limit' | 'window'>): Said {
  const said = plain[reason]
  if (window !== undefined) {
    const { zh, en } = everyOf(window)
    const whose = window.channels.includes('moments')
      ? { zh: '企业设定的朋友圈上限', en: 'the corp’s own limit of Moments' }
      : { zh: '企业微信群发规则', en: 'WeCom’s rule of mass sends' }
    return {
      zh: `${said.zh}（${whose.zh}：${zh}最多 ${window.most} 次）`,
      en: `${said.en} (${whose.en}: at most ${window.most} ${en})`,
    }
  }
  if (limit === undefined) return said
  const where = limit.channel === null ? { zh: '全部渠道合计', en: 'All channels' } : channelWords[limit.channel]
  const { zh, en } = every[limit.per]
  return {
    zh: `${said.zh}（${where.zh}，${zh}最多 ${limit.most} 次）`,
    en: `${said.en} (${where.en}: at most ${limit.most} in ${en})`,
  }
}

function everyOf({ renewed, since }: QuotaWindow): Said {
  if (renewed === null) return { zh: '任意 7 天内', en: 'in any 7 days' }
  return renewed - since <= daySeconds ? { zh: '每天', en: 'a day' } : { zh: '每个自然月', en: 'a calendar month' }
}

/** Why somebody who sees a part of the corp may not set or preview policies. */
export const forWholeCorp: Said = {
  zh: '触达策略作用于整个企业的客户，你的数据范围只是其中一部分。',
  en: 'Touch policies hold for the customers of the whole corp; you see a part of it.',
}

export function changedMeanwhile(): AppError {
  return new AppError(
    'conflict',
    { zh: '别人刚刚保存了这条策略的另一个版本。', en: 'Somebody saved another version of this policy meanwhile.' },
    { hint: { zh: '请刷新页面，在最新版本上修改。', en: 'Reload the page and edit the latest version.' } },
  )
}

export function everybodyTaken(name: string): AppError {
  return new AppError(
    'rule',
    { zh: `已有面向全部客户的策略「${name}」。`, en: `The policy “${name}” is for everybody already.` },
    {
      hint: { zh: '请修改它，或为这条策略选择层级或分群。', en: 'Edit that one, or choose tiers or an audience here.' },
    },
  )
}

export function nameTaken(name: string): AppError {
  return new AppError(
    'conflict',
    { zh: `已有名为「${name}」的策略。`, en: `A policy is called “${name}” already.` },
    { hint: { zh: '请换一个名称。', en: 'Choose another name.' } },
  )
}

export function unknownAudience(): AppError {
  return new AppError(
    'rule',
    { zh: '策略引用的分群不存在或已删除。', en: 'The policy names an audience that does not exist any more.' },
    { hint: { zh: '请重新选择分群。', en: 'Choose another audience.' } },
  )
}
