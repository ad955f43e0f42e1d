import { useQuery } from '@tanstack/react-query'
import { Collapse } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { lifeCycleKey, type Version } from './lifeCycle.ts'
import styles from './lifecycle.module.css'
import { words } from './words.ts'

/** Every version of the stages with its rules in words: what people went through keeps the one it came by. */
export function LifeCycleVersions() {
  const t = useWords(words)
  const { data, error, refetch } = useQuery({
    queryKey: [...lifeCycleKey, 'versions'],
    queryFn: () => ask(api.GET('/api/life-cycle/versions')),
  })
  return (
    <Panel title={t('versions.title')}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={3} />}
      {data && data.items.length === 0 && <p className={styles.quiet}>{t('as.of.never')}</p>}
      {data && data.items.length > 0 && (
        <Collapse
          items={data.items.map((version) => ({
            key: version.version,
            label: <Head version={version} />,
            children: <Rules version={version} />,
          }))}
        />
      )}
    </Panel>
  )
}

function Head({ version }: { version: Version }) {
  const t = useWords(words)
  return (
    <span className={styles.version}>
      <strong>{t('versions.of', { version: version.version })}</strong>
      <span>{exactTime(version.created_at)}</span>
      <span>{version.by === null ? t('versions.default') : t('versions.by', { by: version.by })}</span>
      {version.started_at === null && <span>{t('versions.notComputed')}</span>}
      {version.note !== '' && <span>{version.note}</span>}
    </span>
  )
}

function Rules({ version }: { version: Version }) {
  const t = useWords(words)
  const language = useLanguage()
  const said = (text: { zh: string; en: string }) => (language === 'en' ? text.en : text.zh)
  return (
    <dl className={styles.rules}>
      {version.stages.map((stage) => (
        <div key={stage.id}>
          <dt>{stage.name}</dt>
          <dd>
            {said(stage.entry)}
            <div className={styles.quiet}>
              {t('column.exit')}: {stage.exit ? said(stage.exit) : t('exit.none')}
            </div>
          </dd>
        </div>
      ))}
    </dl>
  )
}
