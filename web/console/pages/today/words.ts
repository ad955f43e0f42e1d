import { defineWords } from '#shared/i18n/words.ts'

export const words = defineWords(
  'today',
  {
    title: '今日工作台',
    purpose: '今天的新增、流失和欢迎语送达，以及需要你处理的事。',
  },
  {
    title: 'Today',
    purpose: 'Adds, losses and welcomes of today, and what needs you.',
  },
)
