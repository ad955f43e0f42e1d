import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { clockTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { TodayFigures } from './TodayFigures.tsx'
import styles from './TodayPage.module.css'
import { TodayChannels, TodayHours, TodayWelcomes } from './TodayPanels.tsx'
import { TodayTodo } from './TodayTodo.tsx'
import { words } from './words.ts'

export type Today = components['schemas']['Today']

const refreshMs = 15_000

export function TodayPage() {
  const t = useWords(words)
  const { data, error, refetch } = useQuery({
    queryKey: ['today'],
    queryFn: () => ask(api.GET('/api/today')),
    refetchInterval: refreshMs,
  })
  const asOf = data && t('asOf', { date: data.date, time: clockTime(data.as_of) })
  return (
    <PageShape title={t('title')} purpose={t('purpose')} action={<span className={styles.asOf}>{asOf}</span>}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} inline={data !== undefined} />}
      {!data && !error && <Loading rows={10} />}
      {data && isQuiet(data) && <TodayStart />}
      {data && !isQuiet(data) && (
        <>
          <TodayFigures today={data} />
          <div className={styles.columns}>
            <TodayHours today={data} />
            <TodayTodo openTasks={data.open_tasks} />
          </div>
          <div className={styles.columns}>
            <TodayChannels today={data} />
            <TodayWelcomes today={data} />
          </div>
        </>
      )}
    </PageShape>
  )
}

/** Nothing today and nobody yet: a page of zeros would explain nothing. */
function isQuiet(today: Today): boolean {
  return today.customers_alive === 0 && today.adds.today === 0 && today.adds.yesterday === 0
}

function TodayStart() {
  const t = useWords(words)
  const mayCreate = useMay('channels.write')
  return (
    <EmptyState
      title={t('start.title')}
      text={t('start.text')}
      action={
        mayCreate && (
          <Link to="/acquisition/channels">
            <Button type="primary">{t('start.action')}</Button>
          </Link>
        )
      }
    />
  )
}
