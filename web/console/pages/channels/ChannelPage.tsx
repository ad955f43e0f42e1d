import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { Chart } from '../../components/Chart.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { MetricCard, MetricRow } from '../../components/MetricCard.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { ChannelActions } from './ChannelActions.tsx'
import { type ChannelDetail, channelKey } from './channel.ts'
import { words } from './channel.words.ts'
import styles from './channels.module.css'
import { NowBox } from './NowBox.tsx'
import { QrPanel } from './QrPanel.tsx'
import { QuotaPanel } from './QuotaPanel.tsx'
import { RouteDialog } from './RouteDialog.tsx'
import { StateTag } from './StateTag.tsx'
import { words as wizardWords } from './wizard.words.ts'
import { words as listWords } from './words.ts'

const livelyMs = 1_500
const calmMs = 30_000

/** One channel: its code, who stands behind it now, what it brought. */
export function ChannelPage() {
  const t = useWords(words)
  const tList = useWords(listWords)
  const tWizard = useWords(wizardWords)
  const { id = '' }: { id?: string } = useParams({ strict: false })
  const mayWrite = useMay('channels.write')
  const { data, error, refetch } = useQuery({
    queryKey: channelKey(id),
    queryFn: () => ask(api.GET('/api/channels/{id}', { params: { path: { id } } })),
    // while the platform is being told, what stands here changes by the second
    refetchInterval: (query) =>
      query.state.data?.ready === false || query.state.data?.pending_since != null ? livelyMs : calmMs,
  })
  const days = useQuery({
    queryKey: [...channelKey(id), 'days'],
    queryFn: () => ask(api.GET('/api/channels/{id}/days', { params: { path: { id }, query: { days: 30 } } })),
  })
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading rows={10} />
  return (
    <PageShape
      title={data.name}
      purpose={
        <>
          {tList(`kind.${data.kind}`)} {data.group !== '' && `· ${data.group}`} <StateTag row={data} />
        </>
      }
      action={<ChannelActions row={data} mayWrite={mayWrite} wide />}
    >
      {data.problem !== null && (
        <Alert type="warning" showIcon title={data.problem.said} description={data.problem.mend} />
      )}
      {data.pending_since !== null && (
        <Alert type="info" showIcon title={t('detail.pending', { ago: exactTime(data.pending_since) })} />
      )}
      <MetricRow>
        <MetricCard
          name={t('metric.today')}
          value={exactCount(data.adds_today)}
          definition={t('metric.today.def')}
          asOf={days.data?.as_of ?? data.created_at}
        />
        <MetricCard
          name={t('metric.week')}
          value={exactCount(data.adds_7d)}
          definition={t('metric.week.def')}
          asOf={days.data?.as_of ?? data.created_at}
          trend={(days.data?.days ?? []).slice(-7).map((day) => day.adds)}
        />
        <MetricCard
          name={t('metric.losses')}
          value={exactCount(data.losses_7d)}
          definition={t('metric.losses.def')}
          asOf={days.data?.as_of ?? data.created_at}
        />
        {data.scans_today !== null && (
          <MetricCard
            name={t('metric.scans')}
            value={exactCount(data.scans_today)}
            definition={t('metric.scans.def')}
            asOf={days.data?.as_of ?? data.created_at}
          />
        )}
      </MetricRow>
      <div className={styles.detail}>
        <div className={styles.column}>
          <QrPanel channel={data} />
          <NowBox desk={data.desk} overshoot={0} />
          {data.kind === 'link' && <QuotaPanel />}
          <Panel title={t('detail.facts')}>
            <FactList facts={factsOf(data)} />
          </Panel>
        </div>
        <div className={styles.column}>
          <Panel title={t('detail.trend')}>
            {days.error && <ErrorState error={days.error} onRetry={() => void days.refetch()} inline />}
            {days.isPending && <Loading rows={5} />}
            {days.data && (
              <Chart
                name={t('detail.trend')}
                kind="bar"
                labels={days.data.days.map((day) => day.day.slice(5))}
                series={[
                  { name: t('detail.adds'), values: days.data.days.map((day) => day.adds) },
                  { name: t('detail.losses'), values: days.data.days.map((day) => day.losses) },
                  ...(days.data.scans_counted
                    ? [{ name: t('detail.scans'), values: days.data.days.map((day) => day.scans) }]
                    : []),
                ]}
              />
            )}
            {days.data && !days.data.scans_counted && <p className={styles.quiet}>{t('detail.noScans')}</p>}
          </Panel>
          <Panel title={t('detail.byStaff')}>
            {days.data?.staff.length === 0 && <p className={styles.quiet}>{t('detail.noStaff')}</p>}
            {days.data && days.data.staff.length > 0 && (
              <table className={styles.members}>
                <thead>
                  <tr>
                    <th scope="col">{t('detail.staff')}</th>
                    <th scope="col" className={styles.count}>
                      {t('detail.adds')}
                    </th>
                    <th scope="col" className={styles.count}>
                      {t('detail.losses')}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {days.data.staff.map((one) => (
                    <tr key={one.userid}>
                      <td>{one.name}</td>
                      <td className={styles.count}>{exactCount(one.adds)}</td>
                      <td className={styles.count}>{exactCount(one.losses)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </Panel>
          {data.input.members.some((member) => member.kind === 'store' && member.ref === data.store?.id) && (
            <Routes channel={data} mayWrite={mayWrite} />
          )}
        </div>
      </div>
    </PageShape>
  )

  function factsOf(channel: ChannelDetail) {
    const { input } = channel
    return [
      {
        label: tWizard('field.members'),
        value: listed(input.members.map((m) => channel.names[`${m.kind}:${m.ref}`] ?? m.ref)),
      },
      { label: tWizard('field.strategy'), value: tWizard(`strategy.${input.strategy}`) },
      { label: tWizard('field.rota'), value: tWizard(input.shifts.length === 0 ? 'rota.always' : 'rota.bands') },
      { label: tWizard('field.dailyLimit'), value: input.daily_limit ?? tWizard('member.limit.none') },
      { label: tList('column.store'), value: (channel.routed_store ?? channel.store)?.name ?? '–' },
      { label: tList('column.parameter'), value: channel.state },
      { label: tList('column.created'), value: exactTime(channel.created_at) },
    ]
  }
}

function Routes({ channel, mayWrite }: { channel: ChannelDetail; mayWrite: boolean }) {
  const t = useWords(words)
  const [open, setOpen] = useState(false)
  const routes = useQuery({
    queryKey: [...channelKey(channel.id), 'routes'],
    queryFn: () =>
      ask(api.GET('/api/channels/{id}/routes', { params: { path: { id: channel.id } } })).then(
        (answer) => answer.items,
      ),
  })
  return (
    <Panel
      title={t('detail.routes')}
      aside={mayWrite && <Button onClick={() => setOpen(true)}>{t('detail.route')}</Button>}
    >
      {routes.data?.length === 0 && <p className={styles.quiet}>{t('detail.noRoutes')}</p>}
      <ul className={styles.routes}>
        {routes.data?.map((one) => (
          <li key={one.id}>
            {t('route.line', { from: one.from ?? t('detail.route.own'), to: one.to ?? t('detail.route.own') })}
            <span className={styles.hint}>
              {one.reason} · {one.by} · <Ago at={one.at} />
            </span>
          </li>
        ))}
      </ul>
      {open && <RouteDialog channel={channel} onClose={() => setOpen(false)} />}
    </Panel>
  )
}
