import { useTranslation } from 'react-i18next'
import { currentLanguage, i18n, type Language } from './i18n.ts'

/** The reader's language; the component draws again when it changes. */
export function useLanguage(): Language {
  useTranslation(undefined, { i18n })
  return currentLanguage()
}
