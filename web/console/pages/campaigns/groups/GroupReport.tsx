import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Alert } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactCount, share } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Count } from '../../../components/Count.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { ErrorState } from '../../../components/ErrorState.tsx'
import { Loading } from '../../../components/Loading.tsx'
import { MetricCard, MetricRow } from '../../../components/MetricCard.tsx'
import { Panel } from '../../../components/PageShape.tsx'
import { useNow } from '../../../lib/businessClock.ts'
import { type CampaignDetail, campaignKey } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { RunSelect, useRun } from '../RunSelect.tsx'
import { GroupParts } from './GroupParts.tsx'
import { GroupSlots } from './GroupSlots.tsx'
import { words } from './words.ts'

/** 复盘 of a send to groups: groups, taps, clicks and the orders that it woke; by owner, store, hour and time of day. */
export function GroupReport({ campaign }: { campaign: CampaignDetail }) {
  const t = useWords(words)
  const asOf = useNow(10_000)
  const { runs, run, choose } = useRun(campaign, { rehearsals: false })
  const { data, error, refetch } = useQuery({
    queryKey: [...campaignKey(campaign.id), 'group-report', run?.id],
    queryFn: () =>
      ask(
        api.GET('/api/campaigns/{id}/runs/{run}/group-report', {
          params: { path: { id: campaign.id, run: run?.id ?? 0 } },
        }),
      ),
    enabled: run !== undefined,
    refetchInterval: 10_000,
  })
  if (run === undefined)
    return (
      <Panel>
        <EmptyState title={t('report.none')} text={t('report.none.how')} />
      </Panel>
    )
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading rows={8} />
  const of = (part: number, whole: number) => (whole === 0 ? '–' : share(part / whole))
  const { groups, tasks, clicks, woken } = data
  const rule = { hours: woken.after_hours, days: woken.quiet_days }
  return (
    <>
      <div className={styles.reportHead}>
        <p className={styles.quiet} role="status">
          {t('report.asOf', { time: exactTime(asOf) })}
        </p>
        <RunSelect runs={runs} run={run} choose={choose} />
      </div>
      {clicks.all > 0 && clicks.persons === 0 && (
        <Alert
          type="info"
          showIcon
          title={t('report.nobody')}
          description={<Link to="/engagement/links">{t('report.nobody.go')}</Link>}
        />
      )}
      <MetricRow five>
        <MetricCard
          name={t('report.groups')}
          value={<Count value={groups.sent} />}
          note={[
            of(groups.sent, groups.planned),
            ...(groups.over_cap > 0 ? [t('report.full', { count: exactCount(groups.over_cap) })] : []),
            ...(groups.held > 0 ? [t('report.held', { count: exactCount(groups.held) })] : []),
            ...(groups.dropped > 0 ? [t('report.dropped', { count: exactCount(groups.dropped) })] : []),
          ].join(' · ')}
          definition={t('report.groups.what')}
          asOf={asOf}
        />
        <MetricCard
          name={t('report.taps')}
          value={<Count value={tasks.confirmed} />}
          note={`${of(tasks.confirmed, tasks.asked)} · ${exactCount(tasks.confirmed)} / ${exactCount(tasks.asked)}`}
          definition={t('report.taps.what')}
          asOf={asOf}
        />
        <MetricCard
          name={t('report.clicks')}
          value={<Count value={clicks.all} />}
          note={t('report.clicks.persons', { count: exactCount(clicks.persons) })}
          definition={t('report.clicks.what')}
          asOf={asOf}
        />
        <MetricCard
          name={t('report.woken')}
          value={<Count value={woken.orders} />}
          note={t('report.woken.note', rule)}
          definition={t('report.woken.what', rule)}
          asOf={asOf}
        />
        <MetricCard
          name={t('report.wokenPersons')}
          value={<Count value={woken.persons} />}
          note={of(woken.persons, clicks.persons)}
          definition={t('report.wokenPersons.what', rule)}
          asOf={asOf}
        />
      </MetricRow>
      <GroupParts campaignId={campaign.id} run={run} />
      <GroupSlots campaignId={campaign.id} />
    </>
  )
}
