import { ThunderboltOutlined } from '@ant-design/icons'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../components/ErrorState.tsx'
import { Loading } from '../components/Loading.tsx'
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

/** Jobs that run now are asked for often; an empty list costs three requests a minute. */
export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: () => ask(api.GET('/api/jobs')),
  refetchInterval: (query) => (query.state.data?.items.some(isRunning) ? busyMs : idleMs),
})

function isRunning(job: { state: string }): boolean {
  return job.state === 'running' || job.state === 'waiting'
}

export function RunningJobs() {
  const t = useWords(words)
  const mayRead = useMay('operations.read')
  const { data, error, refetch } = useQuery({ ...jobsQuery, enabled: mayRead })
  if (!mayRead) return null
  const items = data?.items ?? []
  const running = items.filter(isRunning)
  return (
    <PopList label={t('jobs.label')} title={t('jobs.label')} icon={<ThunderboltOutlined />} count={running.length}>
      {() => (
        <>
          {error && <ErrorState error={error} onRetry={() => void refetch()} inline />}
          {!error && items.length === 0 && <p className={styles.none}>{t('jobs.none')}</p>}
          {items.slice(0, 8).map((job) => (
            <div key={job.id} className={styles.item}>
              <Suspense fallback={<Loading rows={1} />}>
                <JobProgress job={job} />
              </Suspense>
            </div>
          ))}
        </>
      )}
    </PopList>
  )
}
