import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { words } from './words.ts'

export function NotFound() {
  const t = useWords(words)
  return (
    <EmptyState
      title={t('notFound.title')}
      text={t('notFound.text')}
      action={
        <Link to="/">
          <Button type="primary">{t('notFound.home')}</Button>
        </Link>
      }
    />
  )
}
