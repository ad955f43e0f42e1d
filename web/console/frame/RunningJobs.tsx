import { ThunderboltOutlined } from '@ant-design/icons'
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { App } from 'antd'
import { lazy, Suspense } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../components/ErrorState.tsx'
import { Loading } from '../components/Loading.tsx'
import { explain } from '../lib/explain.ts'
import { useMay } from '../lib/session.ts'
import styles from './PopList.module.css'
import { PopList } from './PopList.tsx'
import { words } from './words.ts'

// Its progress bar is not worth downloading before anybody looks.
const JobProgress = lazy(() =>
  import('../components/JobProgress.tsx').then((module) => ({ default: module.JobProgress })),
)

const busyMs = 2_000
const idleMs = 20_000
const shown = 8

/** Jobs that run now are asked for often; an empty list costs three requests a minute. */
export const operationsQuery = queryOptions({
  queryKey: ['operations'],
  queryFn: () => ask(api.GET('/api/operations')),
  refetchInterval: (query) => (query.state.data?.items.some(isLive) ? busyMs : idleMs),
})

function isLive(operation: { state: string }): boolean {
  return operation.state === 'running' || operation.state === 'waiting'
}

export function RunningJobs() {
  const t = useWords(words)
  const mayRead = useMay('operations.read')
  const mayCancel = useMay('operations.cancel')
  const { message } = App.useApp()
  const { data, error, refetch } = useQuery({ ...operationsQuery, enabled: mayRead })
  const cancel = useMutation({
    mutationFn: (id: string) => ask(api.POST('/api/operations/{id}/cancel', { params: { path: { id } } })),
    onSettled: () => refetch(),
    onError: (failure) => message.error(explain(failure).title),
  })
  if (!mayRead) return null
  const items = data?.items ?? []
  const live = items.filter(isLive)
  const label = live.length === 0 ? t('jobs.label') : t('jobs.some', { count: live.length })
  return (
    <PopList label={label} title={t('jobs.label')} icon={<ThunderboltOutlined />} count={live.length}>
      {() => (
        <>
          {error && <ErrorState error={error} onRetry={() => void refetch()} inline />}
          {!error && items.length === 0 && <p className={styles.none}>{t('jobs.none')}</p>}
          {items.slice(0, shown).map((operation) => (
            <div key={operation.id} className={styles.item}>
              <Suspense fallback={<Loading rows={1} />}>
                <JobProgress
                  job={{ ...operation, title: operationName(operation.kind, t) }}
                  onCancel={mayCancel && !operation.cancel_asked ? () => cancel.mutate(operation.id) : undefined}
                />
              </Suspense>
            </div>
          ))}
        </>
      )}
    </PopList>
  )
}

const keys: readonly string[] = Object.keys(words.zh)

function isKey(key: string): key is keyof typeof words.zh {
  return keys.includes(key)
}

/** What a long job does, in the reader's words; a kind without words shows its name. */
export function operationName(kind: string, t: Say<keyof typeof words.zh>): string {
  const key = `operation.${kind}`
  return isKey(key) ? t(key) : kind
}
