import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactCount, share, shortCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { LifeCycleVersions } from './LifeCycleVersions.tsx'
import { type Figures, lifeCycleKey, onwardOf, periods, type StageFigures } from './lifeCycle.ts'
import styles from './lifecycle.module.css'
import { StagesDrawer } from './StagesDrawer.tsx'
import { words } from './words.ts'

const everyMs = 15_000

/** The stages as a strip, how people get on from one to the next, their rules and versions. */
export function LifeCyclePage() {
  const t = useWords(words)
  const mayDefine = useMay('customers.define')
  const [url, changeUrl] = useUrl()
  const days = periods.find((one) => String(one) === url['days']) ?? 90
  const { data, error, refetch } = useQuery({
    queryKey: [...lifeCycleKey, 'figures', days],
    queryFn: () => ask(api.GET('/api/life-cycle/figures', { params: { query: { days } } })),
    refetchInterval: everyMs,
  })
  return (
    <PageShape
      title={t('title')}
      purpose={t('purpose')}
      action={
        mayDefine && (
          <Button type="primary" onClick={() => changeUrl({ open: 'edit' }, { push: true })}>
            {t('edit')}
          </Button>
        )
      }
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={10} />}
      {data && (
        <>
          <Panel
            title={t('strip.title')}
            aside={
              <Select<number>
                aria-label={t('days')}
                value={days}
                options={periods.map((one) => ({ value: one, label: t('days.n', { days: one }) }))}
                onChange={(chosen) => changeUrl({ days: chosen === 90 ? undefined : String(chosen) })}
              />
            }
          >
            {data.persons === 0 ? (
              <EmptyState title={t('none.title')} text={t('none.text')} />
            ) : (
              <Strip figures={data} />
            )}
            <p className={styles.quiet}>
              {data.computed_at === null ? t('as.of.never') : t('as.of', { days, time: exactTime(data.computed_at) })}
            </p>
          </Panel>
          <Panel title={t('table.title')}>
            <p className={styles.quiet}>{t('table.definition', { days })}</p>
            <ConversionTable figures={data} />
          </Panel>
        </>
      )}
      <LifeCycleVersions />
      {url['open'] === 'edit' && <StagesDrawer onClose={() => changeUrl({ open: undefined })} />}
    </PageShape>
  )
}

function Strip({ figures }: { figures: Figures }) {
  const t = useWords(words)
  const most = Math.max(1, ...figures.stages.map((stage) => stage.persons))
  return (
    <ol className={styles.strip}>
      {figures.stages.map((stage) => {
        const [first] = onwardOf(stage).next
        const next = first && figures.stages.find((one) => one.id === first.stage)
        return (
          <li key={stage.id} className={styles.stage}>
            <h3 className={styles.name}>{stage.name}</h3>
            <p className={styles.count} title={t('strip.persons', { persons: exactCount(stage.persons) })}>
              {shortCount(stage.persons)}
            </p>
            <div className={styles.bar}>
              <span style={{ width: `${(stage.persons / most) * 100}%` }} />
            </div>
            <p className={styles.quiet}>{t('strip.share', { share: share(stage.persons / figures.persons) })}</p>
            <p className={styles.quiet}>
              {stage.median_dwell_days === null
                ? t('strip.dwell.none')
                : t('strip.dwell', { days: stage.median_dwell_days })}
            </p>
            {next && first && (
              <p className={styles.onward}>{t('strip.next', { share: share(first.share), stage: next.name })}</p>
            )}
          </li>
        )
      })}
    </ol>
  )
}

function ConversionTable({ figures }: { figures: Figures }) {
  const t = useWords(words)
  const language = useLanguage()
  const said = (text: { zh: string; en: string }) => (language === 'en' ? text.en : text.zh)
  const nameOf = (id: string | null) => figures.stages.find((stage) => stage.id === id)?.name ?? id ?? ''
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div className={styles.scroll} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {(['stage', 'rule', 'persons', 'entered', 'left', 'dwell', 'next'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.stages.map((stage) => (
            <tr key={stage.id}>
              <th scope="row">{stage.name}</th>
              <td className={styles.rule}>
                {said(stage.entry)}
                {stage.exit && (
                  <div className={styles.quiet}>
                    {t('column.exit')}: {said(stage.exit)}
                  </div>
                )}
              </td>
              <td className={styles.number}>{exactCount(stage.persons)}</td>
              <td className={styles.number}>{exactCount(stage.entered)}</td>
              <td className={styles.number}>{exactCount(stage.left)}</td>
              <td className={styles.number}>{stage.median_dwell_days ?? '–'}</td>
              <td>
                <NextText stage={stage} nameOf={nameOf} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function NextText({ stage, nameOf }: { stage: StageFigures; nameOf: (id: string | null) => string }) {
  const t = useWords(words)
  const { next, still } = onwardOf(stage)
  if (stage.entered === 0) return '–'
  return [
    ...next.map((one) =>
      one.stage === null
        ? t('next.none', { share: share(one.share) })
        : t('next.to', { stage: nameOf(one.stage), share: share(one.share) }),
    ),
    t('next.still', { share: share(still) }),
  ].join(t('list'))
}
