import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

export type Language = 'zh-CN' | 'en'

export const i18n = i18next.createInstance()

const storageKey = 'nuanyu.language'

/** Keys are flat (`column.name`), so separators are off; a word that is missing shows its key, it never borrows Chinese. */
void i18n.use(initReactI18next).init({
  lng: storedLanguage(),
  fallbackLng: false,
  resources: {},
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  returnNull: false,
  interpolation: { escapeValue: false },
  react: { useSuspense: false },
})

export function isLanguage(value: unknown): value is Language {
  return value === 'zh-CN' || value === 'en'
}

function storedLanguage(): Language {
  if (typeof localStorage === 'undefined') return 'zh-CN'
  const stored = localStorage.getItem(storageKey)
  return isLanguage(stored) ? stored : 'zh-CN'
}

/** Has this person, on this machine, ever chosen a language himself? */
export function choseLanguage(): boolean {
  return typeof localStorage !== 'undefined' && isLanguage(localStorage.getItem(storageKey))
}

export function currentLanguage(): Language {
  return isLanguage(i18n.language) ? i18n.language : 'zh-CN'
}

export async function changeLanguage(language: Language): Promise<void> {
  if (typeof localStorage !== 'undefined') localStorage.setItem(storageKey, language)
  if (typeof document !== 'undefined') document.documentElement.lang = language
  await i18n.changeLanguage(language)
}
