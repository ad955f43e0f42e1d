import { defineWords } from '#shared/i18n/words.ts'

/** What becomes of each of those that an audience names. */
export const words = defineWords(
  'campaign-fate',
  {
    fate: '结果',
    why: '原因',
    'fate.sent_to': '发送',
    'fate.held': '等到可以发时再发',
    'fate.dropped': '被触达治理拦下',
    'fate.excluded': '被排除',
    'fate.holdout': '本次对照组',
    'fate.global_holdout': '全局对照组',
    'fate.no_sender': '找不到发送人',
    'fate.elsewhere': '随机分给其他渠道',
  },
  {
    fate: 'Result',
    why: 'Why',
    'fate.sent_to': 'Send',
    'fate.held': 'Held until it may go',
    'fate.dropped': 'Dropped by governance',
    'fate.excluded': 'Excluded',
    'fate.holdout': 'Holdout of this send',
    'fate.global_holdout': 'Global holdout',
    'fate.no_sender': 'Nobody can send',
    'fate.elsewhere': 'Drawn for another channel',
  },
)

export type FateWords = keyof typeof words.zh
