import { useWords } from '#shared/i18n/words.ts'
import { PageShape } from '../../components/PageShape.tsx'
import { words } from './words.ts'

export function TodayPage() {
  const t = useWords(words)
  return (
    <PageShape title={t('title')} purpose={t('purpose')}>
      {null}
    </PageShape>
  )
}
