import { defineWords } from '#shared/i18n/words.ts'

/** Whose word a tag of a person is, in their order. */
export const tagSources = ['manual', 'wecom', 'import', 'rule', 'event', 'inferred'] as const

export const sourceWords = defineWords(
  'tagSources',
  { manual: '手动', wecom: '企业微信', import: '导入', rule: '规则', event: '事件', inferred: '推断' },
  { manual: 'by hand', wecom: 'WeCom', import: 'import', rule: 'rule', event: 'event', inferred: 'inferred' },
)
