import { useWords } from '#shared/i18n/words.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { words as accountWords } from '../pages/accounts/words.ts'
import { words } from './words.ts'

type AccountWord = keyof typeof accountWords.zh

/** Loaded when it is needed: the names of the permissions belong to the page of roles. */
export function Forbidden({ permission }: { permission: string }) {
  const t = useWords(words)
  const nameOf = useWords(accountWords)
  const key = `permission.${permission}`
  const name = isWord(key) ? nameOf(key) : permission
  return <EmptyState title={t('forbidden.title')} text={t('forbidden.text', { permission: name })} />
}

function isWord(key: string): key is AccountWord {
  return Object.hasOwn(accountWords.zh, key)
}
