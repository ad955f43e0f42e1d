import { BellOutlined } from '@ant-design/icons'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../components/Ago.tsx'
import { ErrorState } from '../components/ErrorState.tsx'
import styles from './PopList.module.css'
import { PopList } from './PopList.tsx'
import { words } from './words.ts'

export const alarmsQuery = queryOptions({
  queryKey: ['alarms'],
  queryFn: () => ask(api.GET('/api/alarms')),
  refetchInterval: 30_000,
})

export function Alarms() {
  const t = useWords(words)
  const { data, error, refetch } = useQuery(alarmsQuery)
  const items = data?.items ?? []
  const label = items.length === 0 ? t('alarms.label') : t('alarms.some', { count: items.length })
  return (
    <PopList
      label={label}
      title={t('alarms.label')}
      icon={<BellOutlined />}
      count={items.length}
      urgent={items.some((alarm) => alarm.severity === 'red')}
    >
      {(close) => (
        <>
          {error && <ErrorState error={error} onRetry={() => void refetch()} inline />}
          {!error && items.length === 0 && <p className={styles.none}>{t('alarms.none')}</p>}
          {items.map((alarm) => (
            <div key={alarm.id} className={styles.item}>
              <div className={styles.head}>
                {alarm.subject.path === null ? (
                  alarm.title
                ) : (
                  <Link to={alarm.subject.path} onClick={close}>
                    {alarm.title}
                  </Link>
                )}
                <span className={styles.hint}>
                  <Ago at={alarm.raised_at} />
                </span>
              </div>
              <div className={styles.hint}>{alarm.advice}</div>
            </div>
          ))}
        </>
      )}
    </PopList>
  )
}
