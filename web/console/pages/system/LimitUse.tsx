import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { ago, clockTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LimitMeter } from '../../components/LimitMeter.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useMachineNow } from '../../lib/useMachineNow.ts'
import styles from './LimitsPage.module.css'
import { words } from './words.ts'

const refreshMs = 10_000

/** How far the hour's budget of each API is used; the platform counts them on the machine's clock, not the sandbox's. */
export function LimitUse() {
  const t = useWords(words)
  const now = useMachineNow(refreshMs)
  const { data, error, refetch } = useQuery({
    queryKey: ['limits', 'use'],
    queryFn: () => ask(api.GET('/api/limits/use')),
    refetchInterval: refreshMs,
  })
  if (!data && !error) return null
  const uses = data?.items ?? []
  return (
    <Panel title={t('limits.use.title')}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} inline />}
      {!error && uses.length === 0 && <p className={styles.count}>{t('limits.use.none')}</p>}
      <div className={styles.uses}>
        {uses.map((use) => (
          <div key={use.path}>
            <LimitMeter
              name={use.path.replace('/cgi-bin/', '')}
              used={use.used_hour}
              limit={use.limit_hour}
              fillsAt={use.exhausted_at === null ? undefined : ago(use.exhausted_at, now)}
              source={t('limits.use.now', { rate: exactCount(use.per_minute_now) })}
            />
            {use.blocked_until !== null && (
              <Alert type="warning" showIcon title={t('limits.use.blocked', { time: clockTime(use.blocked_until) })} />
            )}
          </div>
        ))}
      </div>
    </Panel>
  )
}
