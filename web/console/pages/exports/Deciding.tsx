import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import styles from '../imports/imports.module.css'
import { type Export, exportsKey } from './exports.ts'
import { words } from './words.ts'

/** What a second person sees of an export that waits: who asked, what of, how many, which columns. */
export function Deciding({ one }: { one: Export }) {
  const t = useWords(words)
  const language = useLanguage()
  const path = { params: { path: { id: one.id } } }
  const asked = useQuery({
    queryKey: [...exportsKey, one.id, 'asked'],
    queryFn: () => ask(api.GET('/api/exports/{id}/asked', path)),
  })
  if (asked.error) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
  if (!asked.data) return <Loading rows={3} />
  const { about, columns, masked, until } = asked.data
  return (
    <section className={styles.form} aria-label={t('decide.title')}>
      <Alert
        type="warning"
        showIcon
        title={t('decide.title')}
        description={t('decide.what', {
          who: one.requested_by.name,
          rows: one.expected === null ? t('decide.many') : exactCount(one.expected),
        })}
      />
      <FactList
        facts={[
          ...(about === null ? [] : [{ label: t('decide.about'), value: language === 'en' ? about.en : about.zh }]),
          { label: t('decide.columns'), value: columns.join(t('decide.separator')) },
          { label: t('masked'), value: t(masked ? 'masked.yes' : 'masked.no') },
          ...(until === null ? [] : [{ label: t('decide.until'), value: exactTime(until) }]),
        ]}
      />
    </section>
  )
}
