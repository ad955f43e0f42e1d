import { useLanguage } from './useLanguage.ts'

/** What the server says in both languages, because it alone knows the thing: a reason, a rule, a definition. */
export interface Said {
  readonly zh: string
  readonly en: string
}

export function useSaid(): (said: Said) => string {
  const language = useLanguage()
  return (said) => (language === 'en' ? said.en : said.zh)
}
