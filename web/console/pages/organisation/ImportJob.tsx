import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactCount } from '#shared/format/number.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { JobProgress } from '../../components/JobProgress.tsx'
import { Loading } from '../../components/Loading.tsx'
import { queryClient } from '../../lib/queryClient.ts'
import styles from './organisation.module.css'
import { words } from './words.ts'

type Result = components['schemas']['StoreImport']

interface ImportJobProps {
  id: string
  dry: boolean
  starting: boolean
  onImport: () => void
  onAgain: () => void
  onDone: () => void
}

/** How an import or its dry run goes, what it changes, and the rows with faults. */
export function ImportJob({ id, dry, starting, onImport, onAgain, onDone }: ImportJobProps) {
  const t = useWords(words)
  const job = useQuery({
    queryKey: ['operations', id],
    queryFn: () => ask(api.GET('/api/operations/{id}', { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data?.finished_at == null ? 500 : false),
  })
  const done = job.data?.state === 'done'
  const result = useQuery({
    queryKey: ['stores', 'import', id],
    queryFn: () => ask(api.GET('/api/stores/import/{id}', { params: { path: { id } } })),
    enabled: done,
  }).data
  const cancel = useMutation({
    mutationFn: () => ask(api.POST('/api/operations/{id}/cancel', { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['operations', id] }),
  })
  if (job.error) return <ErrorState error={job.error} onRetry={() => void job.refetch()} />
  if (!job.data) return <Loading rows={3} />
  const errors = result?.errors.length ?? 0
  const changes = (result?.made ?? 0) + (result?.changed ?? 0)
  return (
    <div className={styles.form}>
      <JobProgress
        job={{ ...job.data, title: t(dry ? 'import.dry.job' : 'import.job') }}
        onCancel={() => cancel.mutate()}
        {...(errors > 0 ? { errorFile: `/api/stores/import/${id}/errors` } : {})}
      />
      {result && (
        <>
          <p role="status">
            {t(dry ? 'import.would' : 'import.did', {
              made: exactCount(result.made),
              changed: exactCount(result.changed),
              same: exactCount(result.same),
              errors: exactCount(errors),
              moved: exactCount(result.moved),
            })}
          </p>
          <Faults result={result} />
          <Changes result={result} />
        </>
      )}
      {job.data.finished_at !== null && (
        <div className={styles.actions}>
          {dry && done && (
            <Button type="primary" disabled={changes === 0} loading={starting} onClick={onImport}>
              {changes === 0 ? t('import.nothing') : t('import.go', { count: changes })}
            </Button>
          )}
          {!dry && (
            <Button type="primary" onClick={onDone}>
              {t('import.done')}
            </Button>
          )}
          <Button onClick={onAgain}>{t('import.again')}</Button>
        </div>
      )}
    </div>
  )
}

function Faults({ result }: { result: Result }) {
  const t = useWords(words)
  const language = useLanguage() === 'en' ? 'en' : 'zh'
  if (result.errors.length === 0) return null
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>{t('import.errors')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <ul className={styles.list} tabIndex={0} aria-label={t('import.errors')}>
        {result.errors.slice(0, 50).map((fault) => (
          <li key={fault.line}>
            <strong>{t('import.line', { line: fault.line })}</strong> {fault.code} {fault.said[language]}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Changes({ result }: { result: Result }) {
  const t = useWords(words)
  if (result.changes.length === 0) return null
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>{t('import.changes', { count: result.changes.length })}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <ul className={styles.list} tabIndex={0} aria-label={t('import.changes', { count: result.changes.length })}>
        {result.changes.map((change) => (
          <li key={change.line}>
            <strong>{change.code}</strong>{' '}
            {change.new ? (
              <>
                <Tag color="processing">{t('import.new')}</Tag> {change.changed.find((one) => one.field === 'name')?.to}
              </>
            ) : (
              change.changed.map((one) => (
                <span key={one.field}>
                  {t(`field.${one.field}`)} <span className={styles.from}>{one.from ?? '–'}</span> → {one.to ??
                    '–'}{' '}
                </span>
              ))
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
