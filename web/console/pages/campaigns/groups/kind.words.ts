import { words as detail } from '../detail.words.ts'
import { words as fate } from '../fate.words.ts'
import { defineKindWords } from '../kind.ts'
import { words as plan } from '../plan.words.ts'
import { words as run } from '../run.words.ts'
import { words as tasks } from '../tasks.words.ts'
import { words as wizard } from '../wizard.words.ts'
import { words as list } from '../words.ts'

/** Where a send to groups says something else than one to customers: it counts groups, and its senders are their owners. */

defineKindWords(
  'group_send',
  list,
  {
    title: '客户群群发',
    purpose: '把一条消息发到很多客户群：先看发到哪些群、群主要点几次，再审批、执行；发完看每个群的点击和唤醒的订单。',
    new: '新建客户群群发',
    empty: '还没有客户群群发',
    'empty.how':
      '选好客户群、写好内容，预演一遍看哪些群会收到、群主要确认几次，再提交审批。由群主在企业微信里确认发送。不想从头写，就选「只看模板」复制一个。',
  },
  {
    title: 'Group sends',
    purpose:
      'One message to many groups: which groups, how many taps their owners make, approval, running; then the clicks and woken orders of each group.',
    new: 'New group send',
    empty: 'No group sends yet',
    'empty.how':
      'Choose the groups, write the message, rehearse which will get it and how often their owners must confirm, then submit. Owners confirm in WeCom. Or choose “Templates only” and copy one.',
  },
)

defineKindWords(
  'group_send',
  detail,
  {
    purpose: '这次要发到哪些客户群、发什么、群主要点几次，以及现在到了哪一步。',
    'tab.people': '收到与没收到的群',
    'act.cancel': '取消这次客户群群发',
    'fact.senders': '哪些群主',
    'approval.of': '第 {{version}} 版由 {{by}} 于 {{time}} 提交，预演会发到的群里有 {{recipients}} 位客户',
    'value.attribution': '打开链接后 {{click}}',
    'content.title': '群里看到的',
  },
  {
    purpose: 'Which groups it is for, what it says, how many taps it costs their owners, and how far it is.',
    'tab.people': 'Groups',
    'act.cancel': 'Cancel this group send',
    'fact.senders': 'Owners',
    'approval.of':
      'Version {{version}} submitted by {{by}} at {{time}}; by the rehearsal the groups hold {{recipients}} customers',
    'value.attribution': '{{click}} after a click',
    'content.title': 'What the group sees',
  },
)

defineKindWords(
  'group_send',
  wizard,
  {
    'title.new': '新建客户群群发',
    'step.whom': '目标与客户群',
    'step.sending': '时间与群主',
    'field.name.hint': '给同事看的，群里看不到。',
    'marketing.hint': '营销消息必须写明品牌并给出少打扰的入口；群里的人要么都看到，要么都看不到，没有对照组。',
    'senders.any.how': '每个群由它的群主发，不能换人。',
    'governed.capped': '群到了上限时',
    'capped.drop': '这次不发到这个群',
    'capped.hold': '等到可以发的那天再发',
    'schedule.minute.hint': '可以一天几个时段；一个群一天收到几次由下面的上限定，多出的时段每个群按天轮换。',
    'window.on': '只在这个时段请群主确认',
    'field.reminders': '最多提醒群主几次',
    'goal.window': '发到群里后多久以内',
    'attribution.hint': '审批后不能再改；每笔订单只算给一次群发，最后点开的链接优先，所以不会和私聊群发重复计算。',
  },
  {
    'title.new': 'New group send',
    'step.whom': 'Goal & groups',
    'step.sending': 'Time & owners',
    'field.name.hint': 'For colleagues; nobody in a group sees it.',
    'marketing.hint':
      'Marketing names the brand and offers a way to receive less; everybody in a group sees it or nobody does, so there is no holdout.',
    'senders.any.how': 'The owner of each group sends there, and nobody else can.',
    'governed.capped': 'When a group has no room',
    'capped.drop': 'Leave it out this time',
    'capped.hold': 'Wait for the day with room',
    'schedule.minute.hint':
      'Several times a day are possible; with more times than a group may have sends, groups take turns day by day.',
    'window.on': 'Ask owners within these hours only',
    'field.reminders': 'Reminders to an owner at most',
    'goal.window': 'Within, after it is in the group',
    'attribution.hint':
      'Fixed once approved; every order is credited once, to the link opened last, so never to a private send as well.',
  },
)

defineKindWords(
  'group_send',
  run,
  {
    'live.planned': '计划发到',
    'live.planned.what': '要发到的客户群数，不含还在等的、到了上限的和群主发不了的。',
    'live.asked': '已请群主确认',
    'live.asked.what': '任务已经下发到群主企业微信里的客户群数。',
    'live.confirmed': '群主已确认',
    'live.confirmed.what': '群主点了发送的任务数（就是点了几次），占已下发任务的比例。',
    'live.sent': '已发到群',
    'live.sent.what': '平台报告已发送的客户群数。',
    'live.done': '{{done}} / {{all}} 个群已有结果',
    'live.failed': '没发出',
    'live.failed.what': '平台报告群已到接收上限（status 3）而没有发出的客户群数。',
    'act.pause.sure':
      '已确认的 {{confirmed}} 个任务、已发到的 {{sent}} 个群不能撤回。撤回的任务在继续时重新下发；全部撤回约需 {{minutes}} 分钟。',
    'act.cancel.sure':
      '停止后不能再继续。已确认的 {{confirmed}} 个任务、已发到的 {{sent}} 个群不能撤回；全部撤回约需 {{minutes}} 分钟。',
    stood:
      '停止前群主已确认 {{confirmed}} 个任务，{{sent}} 个群已收到，不能撤回；已从企业微信撤回 {{back}} 个任务（{{backPeople}} 个群）；{{not}} 个任务（{{notPeople}} 个群）没有下发。',
  },
  {
    'live.planned': 'Planned',
    'live.planned.what':
      'Groups that it goes to, without those that wait for room, have none, or whose owner cannot send.',
    'live.asked': 'Asked',
    'live.asked.what': 'Groups of tasks that stand in their owners’ WeCom.',
    'live.confirmed': 'Confirmed',
    'live.confirmed.what': 'Tasks that owners confirmed, one tap each, of those they were asked.',
    'live.sent': 'In the groups',
    'live.sent.what': 'Groups that the platform reports as sent to.',
    'live.done': '{{done}} of {{all}} groups have a result',
    'live.failed': 'Not sent',
    'live.failed.what': 'Groups that the platform reports as over their cap (status 3).',
    'act.pause.sure':
      '{{confirmed}} tasks are confirmed and {{sent}} groups have it: that stays. What is taken back is asked again when you go on; taking back takes some {{minutes}} min.',
    'act.cancel.sure':
      'It cannot go on afterwards. {{confirmed}} tasks are confirmed and {{sent}} groups have it: that stays; taking back takes some {{minutes}} min.',
    stood:
      'Before, owners had confirmed {{confirmed}} tasks and {{sent}} groups have it: that stays; {{back}} tasks ({{backPeople}} groups) were taken back from WeCom; {{not}} tasks ({{notPeople}} groups) were never asked.',
  },
)

defineKindWords(
  'group_send',
  plan,
  {
    'plan.how': '按当前的客户群、群主和额度，把每一个群判断一遍，不会发出任何消息。',
    'plan.candidates': '选中的客户群',
    'plan.sent': '会发到',
    'plan.senders': '群主',
    'plan.tasks': '群主一共要点几次',
    'plan.largest': '一次确认最多发到',
    'plan.persons': '{{count}} 个群',
    'plan.who': '哪些群会收到，哪些不会，为什么',
    'plan.quota.spent': '{{spent}} 个群按平台上限（{{most}} 次）已没有额度',
    'plan.quota.free': '没有群超出平台上限（{{most}} 次）',
    'plan.overloaded': '任务太多的群主',
    'plan.overloaded.some': '{{members}} 位群主同时会有超过 {{most}} 个任务',
    'forecast.confirmed': '群主确认（群数）',
    'forecast.curve': '预计确认曲线（群数）',
    'loaded.title': '要点最多次的群主',
    'loaded.member': '群主',
    'loaded.persons': '客户群',
    'loaded.tasks': '点几次',
    'column.persons': '群数',
    'column.share': '占选中的群',
  },
  {
    'plan.how': 'Every group is judged by its owner and what it has left, as things stand. Nothing is sent.',
    'plan.candidates': 'Groups chosen',
    'plan.sent': 'Sent to',
    'plan.senders': 'Owners',
    'plan.tasks': 'Taps of all owners',
    'plan.largest': 'Groups in one confirmation at most',
    'plan.persons': '{{count}} groups',
    'plan.who': 'Which groups get it, which not, and why',
    'plan.quota.spent': '{{spent}} groups have nothing left of the platform’s {{most}}',
    'plan.quota.free': 'No group is over the platform’s cap of {{most}}',
    'plan.overloaded': 'Overloaded owners',
    'plan.overloaded.some': '{{members}} owners would have more than {{most}} tasks at once',
    'forecast.confirmed': 'Confirmed by owners (groups)',
    'forecast.curve': 'Confirmations expected (groups)',
    'loaded.title': 'Owners with most taps',
    'loaded.member': 'Owner',
    'loaded.persons': 'Groups',
    'loaded.tasks': 'Taps',
    'column.persons': 'Groups',
    'column.share': 'Of those chosen',
  },
)

defineKindWords(
  'group_send',
  fate,
  {
    'fate.sent_to': '发到群里',
    'fate.excluded': '这次不发',
    'fate.held': '等到可以发时再发',
    'fate.dropped': '到了上限，不发',
    'fate.no_sender': '群主发不了',
  },
  {
    'fate.sent_to': 'Sent to',
    'fate.excluded': 'Left out',
    'fate.held': 'Waits for room',
    'fate.dropped': 'No room, dropped',
    'fate.no_sender': 'Owner cannot send',
  },
)

defineKindWords(
  'group_send',
  tasks,
  {
    'tasks.none.how': '没有群需要收到，或计划还没做完。',
    'tasks.sender': '群主',
    'tasks.recipients': '客户群',
    'tasks.sent': '已发到',
    'tasks.failed': '没发出',
    'ending.absent': '群主离职、停用或没有客户联系权限，已撤回',
  },
  {
    'tasks.none.how': 'No group is to get it, or the plan is not done yet.',
    'tasks.sender': 'Owner',
    'tasks.recipients': 'Groups',
    'tasks.sent': 'Sent',
    'tasks.failed': 'Not sent',
    'ending.absent': 'Owner left, is off, or may not serve customers: taken back',
  },
)
