import type { Said } from '../../../infra/errors.ts'
import type { GroupReason } from './group.ts'

const said: Readonly<Record<GroupReason | 'not_given', Said>> = {
  dismissed: { zh: '群已解散', en: 'The group is dismissed' },
  had_today: { zh: '今天已经收到过群发，或有任务等群主确认', en: 'It had a send today, or one waits for its owner' },
  other_time: { zh: '今天轮到别的时段', en: 'Another time of this day is its turn' },
  gave_way: { zh: '让给了今天优先级更高的群发', en: 'It gave way to a send of higher priority today' },
  quota: { zh: '平台的接收次数已用完', en: 'Nothing is left of the platform’s quota' },
  members_over: {
    zh: '群里太多客户到了频次上限，或不愿再收到，超过这次允许的比例',
    en: 'More of its customers than this send allows are over a cap, or wish for no more',
  },
  no_owner: { zh: '群主不在通讯录里', en: 'Its owner is nobody whom we know' },
  sender_gone: {
    zh: '群主已离职、停用或没有客户联系权限',
    en: 'Its owner left, is disabled or may not serve customers',
  },
  sender_away: { zh: '群主休假中', en: 'Its owner is on leave' },
  not_in_set: { zh: '群主不在选定的发送账号组里', en: 'Its owner is not in the chosen set of senders' },
  not_given: { zh: '平台不接受这个群主发到这个群', en: 'The platform does not let its owner send there' },
}

/** Of a group that waits: until when, as the corp's clocks show it. */
export function heldWords(why: Said, until: string): Said {
  return { zh: `等到 ${until} 再发：${why.zh}`, en: `Waits until ${until}: ${why.en}` }
}

/** Why a group does not get it; `to`: the campaign that it gave way to. */
export function groupReasonWords(reason: string, to: string | null): Said {
  if (reason === 'gave_way' && to !== null)
    return {
      zh: `「${to}」优先级更高，今天这个群发它`,
      en: `“${to}” has the higher priority and takes this group’s day`,
    }
  const known = Object.entries(said).find(([key]) => key === reason)?.[1]
  return known ?? { zh: reason, en: reason }
}
