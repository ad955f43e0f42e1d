import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount, share } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { MetricCard, MetricRow } from '../../components/MetricCard.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { ExportButton } from '../exports/ExportButton.tsx'
import { type CampaignDetail, campaignKey, type Report, type ReportFigure } from './campaign.ts'
import styles from './campaigns.module.css'
import { ChannelsPanel } from './channels/ChannelsPanel.tsx'
import { Defined } from './channels/Defined.tsx'
import { SourcesPanel } from './channels/SourcesPanel.tsx'
import { TotalPanel } from './channels/TotalPanel.tsx'
import { Funnel } from './Funnel.tsx'
import { useKindWords } from './kind.ts'
import { LiftPanel } from './LiftPanel.tsx'
import { ReportParts } from './ReportParts.tsx'
import { RunSelect, useRun } from './RunSelect.tsx'
import { words } from './report.words.ts'
import { differenceText, figureText } from './reportTexts.ts'
import { WorkNote } from './WorkNote.tsx'
import { isAtWork, workEveryMs } from './work.ts'

/** 复盘: what the run came to, against those who were not sent to. */
export function ReportTab({ campaign }: { campaign: CampaignDetail }) {
  const t = useKindWords(words)
  const { runs, run, choose } = useRun(campaign, { rehearsals: false })
  const { data, error, refetch } = useQuery({
    queryKey: [...campaignKey(campaign.id), 'report', run?.id],
    queryFn: () =>
      ask(
        api.GET('/api/campaigns/{id}/report', {
          params: { path: { id: campaign.id }, query: run === undefined ? {} : { run: run.id } },
        }),
      ),
    enabled: run !== undefined,
    refetchInterval: ({ state: { data: known } }) =>
      isAtWork(known?.work) || isFirstAwaited(known) ? workEveryMs : 15_000,
  })
  const none = (
    <Panel>
      <EmptyState title={t('none')} text={t('none.how')} />
    </Panel>
  )
  if (run === undefined) return none
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading rows={10} />
  const select = <RunSelect runs={runs} run={run} choose={choose} />
  if (data.as_of !== null) return <Worked data={data} asOf={data.as_of} run={run} select={select} />
  return (
    <>
      <div className={styles.reportHead}>{select}</div>
      {isFirstAwaited(data) ? <Alert type="info" showIcon role="status" title={t('work.first')} /> : none}
    </>
  )
}

/** The run went out, and its first report is on its way. */
const isFirstAwaited = (known: Report | undefined) => known != null && known.run !== null && known.as_of === null

/** What was worked out of a run. */
function Worked({
  data,
  asOf,
  run,
  select,
}: {
  data: Report
  asOf: string
  run: { id: number; planned_for: string }
  select: ReactNode
}) {
  const t = useKindWords(words)
  const language = useLanguage()
  return (
    <>
      <div className={styles.reportHead}>
        <p className={styles.quiet} role="status">
          {t('asOf', { time: exactTime(asOf) })}
          {data.final
            ? ` · ${t('final')}`
            : data.closes_at !== null && ` · ${t('closes', { time: exactTime(data.closes_at) })}`}
        </p>
        <div className={styles.acts}>
          {select}
          <ExportButton kind="campaign_report" filters={{ run: run.id }} label={t('export')} />
        </div>
      </div>
      <Windows windows={data.windows} />
      <WorkNote work={data.work} asOf={asOf} />
      {data.checked.length > 0 && (
        <Alert type="error" showIcon title={t('sums.wrong', { count: data.checked.length })} />
      )}
      {data.warnings.map((one) => (
        <Alert key={one.code} type="warning" showIcon title={language === 'en' ? one.words.en : one.words.zh} />
      ))}
      <Panel title={t('funnel.title')}>
        <Funnel steps={data.funnel} asOf={asOf} />
      </Panel>
      <LiftPanel report={data} asOf={asOf} />
      <ChannelsPanel report={data} run={run} />
      <MetricRow>
        {data.figures.map((one) => (
          <MetricCard
            key={one.key}
            name={language === 'en' ? one.definition.name.en : one.definition.name.zh}
            value={figureText(t, one)}
            note={one.of === null || one.hits === null ? ' ' : `${exactCount(one.hits)} / ${exactCount(one.of)}`}
            definition={`${one.definition.id} ${language === 'en' ? one.definition.words.en : one.definition.words.zh}`}
            asOf={asOf}
          />
        ))}
      </MetricRow>
      <div className={styles.twoPanels}>
        <People
          title={t('left.title')}
          rows={data.left_out.map(({ fate, reason, words: said, persons, definition }) => ({
            ...{ key: `${fate} ${reason}`, said: language === 'en' ? said.en : said.zh, persons, definition },
          }))}
          of={data.funnel.find((one) => one.key === 'planned')?.value ?? 0}
        />
        <People
          title={t('failed.title')}
          rows={data.failures.map(({ key, words: said, persons, definition }) => ({
            ...{ key, said: language === 'en' ? said.en : said.zh, persons, definition },
          }))}
          of={data.funnel.find((one) => one.key === 'to_send')?.value ?? 0}
        />
      </div>
      <SourcesPanel report={data} />
      <TotalPanel campaignId={data.campaign.id} runs={data.runs.length} />
      <Comparisons report={data} />
      <ReportParts campaignId={data.campaign.id} run={run.id} />
    </>
  )
}

/** Within what time something still belongs to the send, and what fixes that. */
function Windows({ windows }: { windows: Report['windows'] }) {
  const t = useKindWords(words)
  const { goal, click_hours, send_hours, open_hours } = windows
  return (
    <p className={styles.quiet}>
      {[
        ...(goal === null ? [] : [t('windows.goal', { hours: goal.hours })]),
        t('windows.orders', { click: click_hours, send: send_hours }),
        t('windows.after', { hours: open_hours }),
        t('windows.fixed'),
      ].join(' · ')}
    </p>
  )
}

function People({
  title,
  rows,
  of,
}: {
  title: string
  rows: readonly { key: string; said: string; persons: number; definition: ReportFigure['definition'] }[]
  of: number
}) {
  const t = useKindWords(words)
  const shown = rows.filter((row) => row.persons > 0)
  return (
    <Panel title={title}>
      {shown.length === 0 ? (
        <p className={styles.quiet}>{t('nobody')}</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('people.why')}</th>
              <th scope="col" className={styles.figure}>
                {t('people.persons')}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.key}>
                <th scope="row">
                  <Defined name={row.said} definition={row.definition} />
                </th>
                <td className={styles.figure}>
                  {exactCount(row.persons)} · {share(of === 0 ? 0 : row.persons / of)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

function Comparisons({ report }: { report: Report }) {
  const t = useKindWords(words)
  const language = useLanguage()
  if (report.comparisons.length === 0) return null
  const said = (text: { zh: string; en: string }) => (language === 'en' ? text.en : text.zh)
  return (
    <Panel title={t('compare.title')}>
      <ul className={styles.plainList}>
        {report.comparisons.map((one) => (
          <li key={one.key} className={styles.box}>
            <strong>
              <Defined name={`${said(one.a.name)} ↔ ${said(one.b.name)}`} definition={one.definition} />
              {' · '}
              {t(one.random ? 'compare.random' : 'compare.notRandom')}
            </strong>
            <span className="num">
              {rate(one.a)} ↔ {rate(one.b)}
              {one.conversion !== null &&
                ` · ${t('compare.difference')} ${differenceText(t, 'share', one.conversion.value)}（${t(
                  'lift.interval',
                  {
                    low: differenceText(t, 'share', one.conversion.low),
                    high: differenceText(t, 'share', one.conversion.high),
                  },
                )}）`}
            </span>
            {one.deletes !== null && (
              <span className="num">
                {t('compare.deletes')} {differenceText(t, 'per_mille', one.deletes.value)}（
                {t('lift.interval', {
                  low: differenceText(t, 'per_mille', one.deletes.low),
                  high: differenceText(t, 'per_mille', one.deletes.high),
                })}
                ）
              </span>
            )}
            {one.warning !== null && <Alert type="warning" showIcon title={said(one.warning)} />}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const rate = ({ converted, persons }: { converted: number; persons: number }) =>
  `${exactCount(converted)} / ${exactCount(persons)} = ${share(persons === 0 ? 0 : converted / persons)}`
