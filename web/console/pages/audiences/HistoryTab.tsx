import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Chart } from '../../components/Chart.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useStaticList } from '../../lib/useStaticList.ts'
import { type AudienceWords, words } from './audience.words.ts'
import styles from './audiences.module.css'
import { type AudienceRun, audiencesKey } from './audiences.ts'
import { People } from './PreviewPane.tsx'

/** How the size moved, and between which persons two computations differ. */
export function HistoryTab({ id }: { id: string }) {
  const t = useWords(words)
  const [compared, setCompared] = useState<{ from: AudienceRun; to: AudienceRun }>()
  const query = useQuery({
    queryKey: [...audiencesKey, 'runs', id],
    queryFn: () => ask(api.GET('/api/audiences/{id}/runs', { params: { path: { id } } })),
    // a computation may be under way
    refetchInterval: 5_000,
  })
  const list = useStaticList(query, query.data?.items, 30)
  const runs = useMemo(() => query.data?.items ?? [], [query.data])
  const before = (run: AudienceRun) => {
    const next = runs[runs.indexOf(run) + 1]
    return run.comparable && next?.comparable === true ? next : undefined
  }
  const oldFirst = runs.toReversed()
  return (
    <div className={styles.stack}>
      {runs.length > 0 && (
        <Chart
          kind="line"
          name={t('history.chart')}
          labels={oldFirst.map((run) => exactTime(run.at).slice(5, 16))}
          series={[{ name: t('history.size'), values: oldFirst.map((run) => run.size) }]}
        />
      )}
      {compared && <Difference id={id} from={compared.from} to={compared.to} />}
      <DataTable<AudienceRun>
        id="audience-runs"
        name={t('tab.history')}
        list={list}
        columns={columns(t, before, (to, from) => setCompared({ from, to }))}
        rowKey={(row) => String(row.id)}
        toolbar={<span className={styles.quiet}>{t('history.kept')}</span>}
      />
    </div>
  )
}

function columns(
  t: Say<AudienceWords>,
  before: (run: AudienceRun) => AudienceRun | undefined,
  compare: (to: AudienceRun, from: AudienceRun) => void,
): Column<AudienceRun>[] {
  return [
    { key: 'at', title: t('history.at'), fixed: true, render: (row) => exactTime(row.at) },
    { key: 'cause', title: t('history.cause'), render: (row) => t(`cause.${row.cause}`) },
    { key: 'size', title: t('history.size'), align: 'right', render: (row) => exactCount(row.size) },
    { key: 'joined', title: t('history.joined'), align: 'right', render: (row) => exactCount(row.joined) },
    { key: 'gone', title: t('history.gone'), align: 'right', render: (row) => exactCount(row.gone) },
    {
      ...{ key: 'took', title: t('history.took'), align: 'right', hidden: true },
      render: (row) => `${exactCount(row.took_ms)} ms`,
    },
    {
      key: 'compare',
      title: '',
      fixed: true,
      render: (row) => {
        const from = before(row)
        return (
          from && (
            <Button type="link" size="small" onClick={() => compare(row, from)}>
              {t('history.compare')}
            </Button>
          )
        )
      },
    },
  ]
}

function Difference({ id, from, to }: { id: string; from: AudienceRun; to: AudienceRun }) {
  const t = useWords(words)
  const { data, error, refetch } = useQuery({
    queryKey: [...audiencesKey, 'difference', id, from.id, to.id],
    queryFn: () =>
      ask(api.GET('/api/audiences/{id}/difference', { params: { path: { id }, query: { from: from.id, to: to.id } } })),
  })
  return (
    <Panel title={t('difference.title', { from: exactTime(from.at), to: exactTime(to.at) })}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={2} />}
      {data &&
        (
          [
            ['difference.joined', data.joined, data.joined_sample],
            ['difference.gone', data.gone, data.gone_sample],
          ] as const
        ).map(([key, count, people]) => (
          <div key={key}>
            <h3 className={styles.label}>{t(key, { count: exactCount(count) })}</h3>
            {people.length === 0 ? <p className={styles.quiet}>{t('difference.none')}</p> : <People people={people} />}
          </div>
        ))}
    </Panel>
  )
}
