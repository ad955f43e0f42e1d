import type { Said } from '../../../infra/errors.ts'
import type { Fate, SenderReason } from './recipient.ts'

/** What was decided of somebody, as people read it. */
export const fateWords: Readonly<Record<Fate, Said>> = {
  sent_to: { zh: '应发', en: 'To be sent to' },
  held: { zh: '压住', en: 'Held' },
  dropped: { zh: '拦下', en: 'Dropped' },
  excluded: { zh: '排除', en: 'Excluded' },
  holdout: { zh: '本次对照组', en: 'Held out of this campaign' },
  global_holdout: { zh: '全局对照组', en: 'Held out of all campaigns' },
  no_sender: { zh: '没有可发成员', en: 'Nobody can send it' },
}

/** Why nobody can send to somebody. */
export const senderReasonWords: Readonly<Record<SenderReason, Said>> = {
  no_relation: { zh: '没有成员和他是好友', en: 'No member has him as a friend' },
  sender_gone: { zh: '好友成员已离职或不能联系客户', en: 'The member who has him left or may not serve customers' },
  sender_away: { zh: '好友成员不在', en: 'The member who has him is away' },
  not_in_set: { zh: '好友成员不在发送账号组里', en: 'The member who has him is not in the set of senders' },
  sender_full: { zh: '好友成员的人数已到上限', en: 'The member who has him has as many as he may' },
  no_variant: { zh: '没有给他的内容版本', en: 'No content is for him' },
  not_given: { zh: '平台没有把他交给任何成员发送', en: 'The platform gave him to no member' },
}
