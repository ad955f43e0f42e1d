import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ApiError, errorFrom } from '#shared/api/errors.ts'
import { exactCount } from '#shared/format/number.ts'
import { clockTime, duration } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { MetricCard, MetricRow } from '../../components/MetricCard.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { type Health, parseHealth } from './health.ts'
import styles from './StatusPage.module.css'
import { words } from './words.ts'

const refreshMs = 5_000
/** Past a welcome code's life; see the definition on the card. */
const oldestBadS = 20

async function fetchHealth(): Promise<Health> {
  const response = await fetch('/healthz').catch(() => {
    throw new ApiError(0, { code: 'network', message: '' })
  })
  const body: unknown = await response.json().catch(() => undefined)
  // 503 with a body is an answer: the server runs and says what is wrong.
  if (!response.ok && response.status !== 503) throw errorFrom(response.status, body)
  return parseHealth(body)
}

export function StatusPage() {
  const t = useWords(words)
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    queryKey: ['health'],
    queryFn: fetchHealth,
    refetchInterval: refreshMs,
  })
  return (
    <PageShape title={t('status.title')} purpose={t('status.purpose')}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} inline={data !== undefined} />}
      {!data && !error && <Loading />}
      {data && <HealthView health={data} asOf={dataUpdatedAt} />}
    </PageShape>
  )
}

function HealthView({ health, asOf }: { health: Health; asOf: number }) {
  const t = useWords(words)
  const { inbox, jobs, database } = health
  const write = (value: number | null) => (value === null ? t('metric.unknown') : exactCount(value))
  return (
    <>
      <div className={health.ok ? styles.good : styles.bad} role="status">
        {health.ok ? <CheckCircleFilled aria-hidden="true" /> : <CloseCircleFilled aria-hidden="true" />}
        <div>
          <strong>{t(health.ok ? 'status.ok' : 'status.bad')}</strong>
          {health.problem !== null && <p className={styles.problem}>{health.problem}</p>}
        </div>
        <span className={styles.asOf}>{t('status.asOf', { time: clockTime(asOf) })}</span>
      </div>
      <MetricRow five>
        <MetricCard
          name={t('metric.depth')}
          value={write(inbox.depth)}
          definition={t('metric.depth.what')}
          asOf={asOf}
        />
        <MetricCard
          name={t('metric.stored')}
          value={write(inbox.stored)}
          definition={t('metric.stored.what')}
          asOf={asOf}
        />
        <MetricCard
          name={t('metric.oldest')}
          value={inbox.oldest_s === null ? t('metric.oldest.none') : duration(inbox.oldest_s * 1000)}
          tone={(inbox.oldest_s ?? 0) > oldestBadS ? 'bad' : 'plain'}
          definition={t('metric.oldest.what')}
          asOf={asOf}
        />
        <MetricCard
          name={t('metric.dead')}
          value={write(inbox.dead)}
          tone={(inbox.dead ?? 0) > 0 ? 'bad' : 'plain'}
          definition={
            <>
              {t('metric.dead.what')}{' '}
              <Link to="/settings/callbacks" search={{ state: 'dead' }}>
                {t('metric.dead.open')}
              </Link>
            </>
          }
          asOf={asOf}
        />
        <MetricCard
          name={t('metric.jobs')}
          value={write(jobs.waiting)}
          definition={t('metric.jobs.what')}
          asOf={asOf}
        />
      </MetricRow>
      <Panel>
        <FactList
          facts={[
            { label: t('status.version'), value: health.version },
            { label: t('status.database'), value: `${databaseName(database.kind, t)} ${database.version ?? ''}` },
            { label: t('status.migration'), value: health.migration },
            { label: t('status.roles'), value: health.roles.map((role) => roleName(role, t)).join(' · ') },
            { label: t('status.sandbox'), value: t(health.sandbox ? 'status.sandbox.on' : 'status.sandbox.off') },
          ]}
        />
      </Panel>
    </>
  )
}

type T = Say<keyof typeof words.zh>

function databaseName(kind: string, t: T): string {
  return kind === 'embedded' || kind === 'external' ? t(`status.database.${kind}`) : kind
}

function roleName(role: string, t: T): string {
  return role === 'http' || role === 'worker' || role === 'sandbox' ? t(`status.role.${role}`) : role
}
