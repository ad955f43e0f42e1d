import { defineWords } from '#shared/i18n/words.ts'

/** WeCom's own cap of mass sends, beside what a brand allows itself. */
export const quotaWords = defineWords(
  'quota',
  {
    title: '企业微信群发额度',
    card: '触达额度',
    'card.more': '触达记录与原因',
    'left.monthly_days': '本月还可收到 {{left}} 条群发',
    'left.weekly_7': '7 天内还可收到 {{left}} 条群发',
    'left.daily_1': '今天还可收到 {{left}} 条群发',
    'left.legacy_4_per_month': '本月还可收到 {{left}} 条企业群发',
    renewed: '，{{time}} 重新计算',
    used: '上限 {{most}} 条：已知收到 {{known}} 条，进行中的任务占用 {{reserved}} 条',
    unknown: '，另有约 {{unknown}} 条是从企业微信的拒收结果推算的（其他应用或员工自己发的）',
    'rule.monthly_days':
      '企业微信规则：每位客户、每个客户群每个自然月最多 {{most}} 条群发（当月天数），企业与员工自己发的合并计算。',
    'rule.weekly_7': '企业微信规则：每位客户、每个客户群 7 天内最多 {{most}} 条群发，企业与员工自己发的合并计算。',
    'rule.daily_1': '企业微信规则：每位客户、每个客户群每天最多 {{most}} 条群发，企业与员工自己发的合并计算。',
    'rule.legacy_4_per_month':
      '企业微信规则（旧）：每位客户、每个客户群每月最多 {{most}} 条企业群发，员工自己发的另计。',
  },
  {
    title: 'WeCom’s own cap',
    card: 'Sends left',
    'card.more': 'Touches, and why not',
    'left.monthly_days': '{{left}} mass sends left this month',
    'left.weekly_7': '{{left}} mass sends left within 7 days',
    'left.daily_1': '{{left}} mass sends left today',
    'left.legacy_4_per_month': '{{left}} of the corp’s mass sends left this month',
    renewed: '; counted anew from {{time}}',
    used: 'Cap {{most}}: {{known}} known, {{reserved}} taken by open tasks',
    unknown: ', and about {{unknown}} that WeCom’s refusals tell of (other apps’, or sent by staff themselves)',
    'rule.monthly_days':
      'WeCom’s rule: at most {{most}} mass sends a calendar month to each customer and each group (the days of the month), the corp’s and the staff’s own together.',
    'rule.weekly_7':
      'WeCom’s rule: at most {{most}} mass sends in 7 days to each customer and each group, the corp’s and the staff’s own together.',
    'rule.daily_1':
      'WeCom’s rule: at most {{most}} mass send a day to each customer and each group, the corp’s and the staff’s own together.',
    'rule.legacy_4_per_month':
      'WeCom’s rule (old): at most {{most}} of the corp’s mass sends a month to each customer and each group; the staff’s own count apart.',
  },
)

export type QuotaWords = keyof typeof quotaWords.zh
