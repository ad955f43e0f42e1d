import { useWords } from '#shared/i18n/words.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { words } from './words.ts'

export function Forbidden({ permission }: { permission: string }) {
  const t = useWords(words)
  return <EmptyState title={t('forbidden.title')} text={t('forbidden.text', { permission })} />
}
