import { useQuery } from '@tanstack/react-query'
import { Alert, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { duration } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import styles from './guide.module.css'
import { type Finding, type Report, severityColours } from './guide.ts'
import { words } from './words.ts'

const refreshMs = 30_000
const severities = ['red', 'amber', 'info'] as const

export function DoctorReport() {
  const t = useWords(words)
  const { data, error, refetch } = useQuery({
    queryKey: ['doctor'],
    queryFn: () => ask(api.GET('/api/doctor')),
    refetchInterval: refreshMs,
  })
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading rows={6} />
  if (data.report === undefined) return <EmptyState title={t('report.none')} text={t('report.none.how')} />
  return <ReportView report={data.report} />
}

function ReportView({ report }: { report: Report }) {
  const t = useWords(words)
  return (
    <div className={styles.stack}>
      <div className={styles.summary} role="status">
        {severities.map((severity) => {
          const count = report.findings.filter((finding) => finding.severity === severity).length
          return (
            count > 0 && (
              <Tag key={severity} color={severityColours[severity]}>
                {t(`report.${severity}`, { count })}
              </Tag>
            )
          )
        })}
        <span className={styles.quiet}>
          {t('report.asOf')} <Ago at={report.at} /> · {t('report.took', { time: duration(report.took_ms) })}
        </span>
      </div>
      {report.findings.length === 0 ? (
        <Alert type="success" showIcon title={t('report.good')} description={t('report.good.how')} />
      ) : (
        <Panel flush>
          {report.findings.map((finding) => (
            <FindingView key={finding.code} finding={finding} />
          ))}
        </Panel>
      )}
      {report.mended.length > 0 && (
        <p className={styles.quiet}>
          {t('report.mended')}：{report.mended.join('；')}
        </p>
      )}
    </div>
  )
}

const subjectsShown = 20

function FindingView({ finding }: { finding: Finding }) {
  const t = useWords(words)
  const tone = finding.severity === 'red' ? styles.red : finding.severity === 'amber' ? styles.amber : ''
  const more = finding.subjects.length > subjectsShown
  return (
    <article className={`${styles.finding} ${tone}`}>
      <div className={styles.findingHead}>
        <Tag color={severityColours[finding.severity]}>{t(`severity.${finding.severity}`)}</Tag>
        {finding.is_new && <Tag>{t('finding.new')}</Tag>}
        <h3 className={styles.findingTitle}>{finding.title}</h3>
      </div>
      <dl className={styles.facts}>
        <dt>{t('finding.why')}</dt>
        <dd>{finding.why}</dd>
        {finding.menu_path !== null && (
          <>
            <dt>{t('path')}</dt>
            <dd className={styles.trail}>{finding.menu_path}</dd>
          </>
        )}
        <dt>{t('finding.mend')}</dt>
        <dd>{finding.mend}</dd>
        {finding.subjects.length > 0 && (
          <>
            <dt>{t('finding.subjects')}</dt>
            <dd>
              {listed(finding.subjects.slice(0, subjectsShown).map((subject) => subject.name))}
              {more && ` ${t('finding.more', { count: finding.subjects.length })}`}
            </dd>
          </>
        )}
      </dl>
    </article>
  )
}
