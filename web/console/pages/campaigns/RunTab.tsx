import { useQuery } from '@tanstack/react-query'
import { Alert, Progress } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactCount, share } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { type InLanguage, useSaid } from '#shared/i18n/said.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Count } from '../../components/Count.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { MetricCard, MetricRow } from '../../components/MetricCard.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useNow } from '../../lib/businessClock.ts'
import { CanaryPanel } from './CanaryPanel.tsx'
import { type CampaignDetail, campaignKey, isChanging, isMoving, type Run } from './campaign.ts'
import styles from './campaigns.module.css'
import { words as detailWords } from './detail.words.ts'
import { useKind, useKindWords } from './kind.ts'
import { kindParts } from './kinds.tsx'
import { MomentsMade } from './moments/MomentsMade.tsx'
import { words as momentWords } from './moments/words.ts'
import { RunActs } from './RunActs.tsx'
import { RunSelect, useRun } from './RunSelect.tsx'
import { RunTag } from './RunTag.tsx'
import { RunTasks } from './RunTasks.tsx'
import { type RunWords, words } from './run.words.ts'

/** The run as it goes on: what was asked, confirmed, delivered, and what may be done about it. */
export function RunTab({ campaign }: { campaign: CampaignDetail }) {
  const t = useKindWords(words)
  const tDetail = useKindWords(detailWords)
  const { Run: Beside } = kindParts[campaign.kind]
  const { runs, run, choose } = useRun(campaign, { rehearsals: false })
  const { data, error, refetch } = useQuery({
    queryKey: [...campaignKey(campaign.id), 'run', run?.id],
    queryFn: () =>
      ask(api.GET('/api/campaigns/{id}/runs/{run}', { params: { path: { id: campaign.id, run: run?.id ?? 0 } } })),
    enabled: run !== undefined,
    refetchInterval: ({ state }) => (state.data === undefined || isChanging(state.data) ? 2_000 : 30_000),
  })
  if (run === undefined)
    return (
      <Panel>
        <EmptyState title={tDetail('not.yet')} text={tDetail('not.yet.how')} />
      </Panel>
    )
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading rows={8} />
  return (
    <>
      <Panel
        title={
          <span className={styles.acts}>
            {t('live.title', { id: data.id })} <RunTag state={data.state} />
          </span>
        }
        aside={
          <div className={styles.acts}>
            <RunSelect runs={runs} run={run} choose={choose} />
            <RunActs campaignId={campaign.id} run={data} />
          </div>
        }
      >
        <RunProgress run={data} />
      </Panel>
      <RunFigures run={data} />
      {(data.canary !== null || campaign.spec.canary !== null) && (
        <CanaryPanel canary={data.canary} rule={campaign.spec.canary} over={!isMoving(data.state)} />
      )}
      <MomentsMade campaign={campaign} moments={data.moments} />
      {Beside !== null && <Beside campaign={campaign} run={data} />}
      <RunTasks campaign={campaign} run={data} />
    </>
  )
}

function RunProgress({ run }: { run: Run }) {
  const t = useKindWords(words)
  const said = useSaid()
  const { done, all } = progressOf(run)
  const part = all === 0 ? 0 : done / all
  const when =
    run.ended_at !== null
      ? t('live.ended', { time: exactTime(run.ended_at) })
      : run.started_at !== null
        ? t('live.began', { time: exactTime(run.started_at) })
        : t('live.plannedFor', { time: exactTime(run.planned_for) })
  return (
    <div className={styles.stack}>
      <Progress
        percent={Math.round(part * 1_000) / 10}
        format={() => share(part)}
        status={
          run.state === 'stopped' || run.state === 'failed' ? 'exception' : isMoving(run.state) ? 'active' : 'normal'
        }
        aria-label={t('live.progress')}
      />
      <p className={styles.quiet} role="status">
        <span className="num">
          {t('live.done', { done: exactCount(done), all: exactCount(all) })} · {when}
        </span>
        {run.taking_back > 0 && ` · ${t('taking.back', { count: run.taking_back })}`}
      </p>
      {run.why !== null && (
        <Alert type={run.state === 'stopped' ? 'error' : 'warning'} showIcon title={whyText(run, t, said)} />
      )}
      {(run.state === 'stopped' || run.state === 'cancelled') && <p>{stoodText(run, t)}</p>}
    </div>
  )
}

/** Of messages who heard what came of them, of Moments who published: of who sees it the platform need not say anything. */
function progressOf({ people, moments }: Run): { done: number; all: number } {
  if (moments.length === 0) return { done: people.sent + people.no_friend + people.over_cap, all: people.planned }
  const sum = (what: 'published' | 'members') => moments.reduce((total, one) => total + one[what], 0)
  return { done: sum('published'), all: sum('members') }
}

const whys = ['canary_deletes', 'canary_unheard', 'person', 'outgrew_approval'] as const

/** Why it stands as it does; what the platform refused is said by the server. */
function whyText(
  { state, why, refusal }: Pick<Run, 'state' | 'why' | 'refusal'>,
  t: Say<RunWords>,
  said: InLanguage,
): string {
  if (why === 'person' && state === 'cancelled') return t('why.person.stopped')
  const known = whys.find((one) => one === why)
  if (known !== undefined) return t(`why.${known}`)
  return refusal === null ? (why ?? '') : said(refusal)
}

/** Of a run that was stopped: what can no longer be undone, what was taken back, what never went out. */
function stoodText({ tasks, people, taken_back, not_asked }: Run, t: Say<RunWords>) {
  return t('stood', {
    ...{ confirmed: exactCount(tasks['confirmed'] ?? 0), sent: exactCount(people.sent) },
    ...{ back: exactCount(taken_back.tasks), backPeople: exactCount(taken_back.people) },
    ...{ not: exactCount(not_asked.tasks), notPeople: exactCount(not_asked.people) },
  })
}

function RunFigures({ run }: { run: Run }) {
  const t = useKindWords(words)
  const kind = useKind()
  const asOf = useNow(10_000)
  const { people, tasks } = run
  const put = people.asked
  const begun = Object.entries(tasks).reduce((sum, [state, count]) => sum + (state === 'planned' ? 0 : count), 0)
  const issued = begun - run.not_asked.tasks
  const confirmed = tasks['confirmed'] ?? 0
  const failed = people.no_friend + people.over_cap
  const of = (part: number, whole: number) => (whole === 0 ? '–' : share(part / whole))
  return (
    <MetricRow five>
      <MetricCard
        name={t('live.planned')}
        value={<Count value={people.planned} />}
        definition={t('live.planned.what')}
        asOf={asOf}
      />
      <MetricCard
        name={t('live.asked')}
        value={<Count value={put} />}
        note={of(put, people.planned)}
        definition={t('live.asked.what')}
        asOf={asOf}
      />
      <MetricCard
        name={t('live.confirmed')}
        value={t('live.of', { done: exactCount(confirmed), all: exactCount(issued) })}
        note={of(confirmed, issued)}
        definition={t('live.confirmed.what')}
        asOf={asOf}
      />
      <MetricCard
        name={t('live.sent')}
        value={<Count value={people.sent} />}
        note={of(people.sent, people.planned)}
        definition={t('live.sent.what')}
        asOf={asOf}
      />
      {kind === 'moment' ? (
        <Applause run={run} asOf={asOf} />
      ) : (
        <MetricCard
          name={t('live.failed')}
          value={<Count value={failed} />}
          note={
            [
              ...(people.no_friend > 0 ? [t('live.noFriend', { count: exactCount(people.no_friend) })] : []),
              ...(people.over_cap > 0 ? [t('live.overCap', { count: exactCount(people.over_cap) })] : []),
            ].join(' · ') || '–'
          }
          definition={t('live.failed.what')}
          asOf={asOf}
          tone={failed > 0 ? 'warning' : 'plain'}
        />
      )}
    </MetricRow>
  )
}

function Applause({ run, asOf }: { run: Run; asOf: number }) {
  const t = useWords(momentWords)
  const sum = (what: 'likes' | 'comments') => run.moments.reduce((total, one) => total + one[what], 0)
  return (
    <MetricCard
      name={t('likes')}
      value={<Count value={sum('likes')} />}
      note={`${t('comments')} ${exactCount(sum('comments'))}`}
      definition={`${t('likes.what')}${t('comments.what')}`}
      asOf={asOf}
    />
  )
}
