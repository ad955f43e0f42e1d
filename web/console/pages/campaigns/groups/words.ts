import { defineWords } from '#shared/i18n/words.ts'

/** 客户群群发: which groups, how many taps, and what came of it group by group. */
export const words = defineWords(
  'campaign-groups',
  {
    choose: '发到哪些客户群',
    'choose.hint': '几个条件同时成立的群才发；都不填就是全部客户群。解散的群不发。',
    'choose.owners': '群主',
    'choose.owners.add': '选择群主',
    'choose.stores': '群主所在门店',
    'choose.stores.any': '全部门店',
    'choose.name': '群名包含',
    'choose.name.any': '例如：社区群',
    'choose.joined': '最近有客户进群',
    'choose.joined.any': '不限',
    'choose.joined.days': '近 {{count}} 天',
    tasks: '群主怎么确认',
    'tasks.hint': '一个群一个任务时，每个群的链接各不相同，能看出哪个群带来了点击和订单；代价是群主每个群都要点一次。',
    'tasks.owner': '每位群主确认一次',
    'tasks.group': '每个群确认一次，一群一链接',
    day: '同一天',
    'day.hint': '同一天里几次群发要发到同一个群时，优先级高的先占用这个群当天的次数。',
    'day.most': '一个群一天最多收到几次群发',
    'day.priority': '优先级（1–9，9 最高）',
  },
  {
    choose: 'Which groups',
    'choose.hint': 'Groups for which all of it holds; with nothing given, all groups. Dismissed groups get nothing.',
    'choose.owners': 'Owners',
    'choose.owners.add': 'Choose owners',
    'choose.stores': 'Stores of their owners',
    'choose.stores.any': 'All stores',
    'choose.name': 'Name contains',
    'choose.name.any': 'For instance: community',
    'choose.joined': 'Customers joined lately',
    'choose.joined.any': 'Any',
    'choose.joined.days': 'Within {{count}} days',
    'choose.joined.days_one': 'Within {{count}} day',
    tasks: 'How owners confirm',
    'tasks.hint':
      'With a task for each group every group has a link of its own, so clicks and orders show by group; its owner then taps once for each.',
    'tasks.owner': 'Once an owner',
    'tasks.group': 'Once a group, each with its own link',
    day: 'On one day',
    'day.hint': 'Where several sends of a day are for the same group, the one of higher priority takes its place.',
    'day.most': 'Sends a group gets a day at most',
    'day.priority': 'Priority (1–9, 9 the highest)',
  },
)

export type GroupSendWords = keyof typeof words.zh
