import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Alert, Button } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { JobProgress } from '../../components/JobProgress.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import styles from './imports.module.css'
import { type Import, importsKey, isWorking } from './imports.ts'
import { words } from './words.ts'

const shown = ['new', 'changed', 'unchanged', 'rejected', 'repeated'] as const
const told = { checked: 'success', done: 'success', cancelled: 'info' } as const

/** How a trial or a run goes, what it comes to, and what can be done next. */
export function ResultStep({ found }: { found: Import }) {
  const t = useWords(words)
  const navigate = useNavigate()
  const mayWrite = useMay('imports.write')
  const { id, state, counts } = found
  const put = (now: Import) => queryClient.setQueryData([...importsKey, id], now)
  const params = { path: { id } }
  const run = useMutation({
    mutationFn: () => ask(api.POST('/api/imports/{id}/run', { params })),
    onSuccess: put,
  })
  const again = useMutation({
    mutationFn: () => ask(api.POST('/api/imports/{id}/try', { params })),
    onSuccess: put,
  })
  const edit = useMutation({
    mutationFn: () => ask(api.PUT('/api/imports/{id}/mapping', { params, body: { mapping: found.mapping ?? [] } })),
    onSuccess: put,
  })
  const refusals = [run.error, again.error, edit.error].flatMap((error) => (error ? [explain(error)] : []))
  const due = counts.new + counts.changed
  const isTold = state === 'checked' || state === 'done' || state === 'cancelled'
  return (
    <div className={styles.wide}>
      {isTold && <Alert type={told[state]} showIcon role="status" title={t(`${state}.title`)} />}
      {state === 'failed' && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={found.problem?.message ?? t('failed.title')}
          description={found.problem?.hint}
        />
      )}
      {found.operation_id !== null && <Job key={found.operation_id} found={found} />}
      <dl className={styles.counts} aria-label={t('column.result')}>
        {shown.map((one) => (
          <div key={one} className={styles.count} title={one === 'repeated' ? t('count.repeated.how') : undefined}>
            <dt>{t(`count.${one}`)}</dt>
            <dd className="num">{exactCount(counts[one])}</dd>
          </div>
        ))}
      </dl>
      {counts.reasons.length > 0 && <Reasons found={found} />}
      {refusals.map(({ title, hint }) => (
        <Alert key={title} type="error" showIcon role="alert" title={title} description={hint} />
      ))}
      {mayWrite && !isWorking(state) && (
        <div className={styles.acts}>
          {state === 'checked' && (
            <Button type="primary" disabled={due === 0} loading={run.isPending} onClick={() => run.mutate()}>
              {due === 0 ? t('run.none') : t('run', { count: exactCount(due) })}
            </Button>
          )}
          {(state === 'cancelled' || state === 'failed') && (
            <Button type="primary" loading={again.isPending} onClick={() => again.mutate()}>
              {t('tryAgain')}
            </Button>
          )}
          {state === 'done' ? (
            <Button type="primary" onClick={() => void navigate({ to: '/commerce/imports/new' })}>
              {t('again')}
            </Button>
          ) : (
            <Button loading={edit.isPending} onClick={() => edit.mutate()}>
              {t('back')}
            </Button>
          )}
          <Button onClick={() => void navigate({ to: '/commerce/imports' })}>{t('all')}</Button>
        </div>
      )}
      {!found.file_there && <p className={styles.hint}>{t('fileGone')}</p>}
    </div>
  )
}

function Job({ found: { id, operation_id, state } }: { found: Import }) {
  const t = useWords(words)
  const path = { id: operation_id ?? '' }
  const job = useQuery({
    queryKey: ['operations', path.id],
    queryFn: () => ask(api.GET('/api/operations/{id}', { params: { path } })),
    refetchInterval: (query) => (query.state.data?.finished_at == null ? 700 : false),
  })
  const cancel = useMutation({
    mutationFn: () => ask(api.POST('/api/operations/{id}/cancel', { params: { path } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: [...importsKey, id] }),
  })
  if (!job.data) return null
  const isTrial = state === 'checking' || state === 'checked'
  return (
    <JobProgress job={{ ...job.data, title: t(isTrial ? 'job.try' : 'job.run') }} onCancel={() => cancel.mutate()} />
  )
}

function Reasons({ found: { id, counts, file_there } }: { found: Import }) {
  const t = useWords(words)
  return (
    <section>
      <h2 className={styles.heading}>{t('rejectedBecause')}</h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{t('reason')}</th>
            <th>{t('rows')}</th>
          </tr>
        </thead>
        <tbody>
          {counts.reasons.map(({ reason, rows }) => (
            <tr key={reason}>
              <td>{reason}</td>
              <td className="num">{exactCount(rows)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {file_there && (
        <>
          <a href={`/api/imports/${id}/errors`} download>
            {t('errorFile')}
          </a>
          <p className={styles.hint}>{t('errorFile.how')}</p>
        </>
      )}
    </section>
  )
}
