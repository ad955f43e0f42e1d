import { useLanguage } from './useLanguage.ts'

/** What the server says in both languages, because it alone knows the thing: a reason, a rule, a definition. */
export interface Said {
  readonly zh: string
  readonly en: string
}

/** Takes of what is said in both languages the reader's. */
export type InLanguage = (said: Said) => string

export function useSaid(): InLanguage {
  const language = useLanguage()
  return (said) => (language === 'en' ? said.en : said.zh)
}
