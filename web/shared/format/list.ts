import { currentLanguage } from '../i18n/i18n.ts'

/** Names one after the other, as the reader's language parts them: 甲、乙 or A, B. */
export function listed(names: readonly string[]): string {
  return names.join(currentLanguage() === 'zh-CN' ? '、' : ', ')
}
