import { Select, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { type InLanguage, useSaid } from '#shared/i18n/said.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { type CampaignDetail, campaignKey, isChanging, type Run, type RunTask } from './campaign.ts'
import { useKindWords } from './kind.ts'
import { type MomentWords, words as momentWords } from './moments/words.ts'
import { type TasksWords, words } from './tasks.words.ts'
import { useRefreshing } from './useRefreshing.ts'

const taskStates = [
  ...(['planned', 'asking', 'asked', 'confirmed'] as const),
  ...(['expired', 'cancelled', 'failed', 'unknown'] as const),
]
const colours = {
  ...{ planned: 'default', asking: 'processing', asked: 'processing', confirmed: 'success' },
  ...{ expired: 'warning', cancelled: 'default', failed: 'error', unknown: 'warning' },
} as const

/** Each member's task, how it stands and what came of it. */
export function RunTasks({ campaign, run }: { campaign: CampaignDetail; run: Run }) {
  const t = useKindWords(words)
  const tMoment = useWords(momentWords)
  const said = useSaid()
  const [url, changeUrl] = useUrl()
  const state = taskStates.find((one) => one === url['task'])
  const list = useKeysetList<RunTask>([...campaignKey(campaign.id), 'tasks', run.id, state ?? ''], (cursor) =>
    ask(
      api.GET('/api/campaigns/{id}/runs/{run}/tasks', {
        params: {
          path: { id: campaign.id, run: run.id },
          query: { ...(state === undefined ? {} : { state }), ...(cursor === undefined ? {} : { cursor }) },
        },
      }),
    ),
  )
  useRefreshing(list.refresh, isChanging(run))
  return (
    <Panel title={t('tasks.title')} flush>
      <DataTable<RunTask>
        id="campaign-tasks"
        name={t('tasks.title')}
        list={list}
        columns={columnsOf(t, tMoment, said, campaign)}
        rowKey={(row) => String(row.number)}
        filtered={state !== undefined}
        empty={<EmptyState title={t('tasks.none')} text={t('tasks.none.how')} />}
        toolbar={
          <Select<string>
            aria-label={t('tasks.state')}
            placeholder={t('tasks.state')}
            allowClear
            popupMatchSelectWidth={false}
            value={state ?? null}
            options={taskStates.map((one) => ({
              value: one,
              label: `${t(`task.${one}`)} ${exactCount(run.tasks[one] ?? 0)}`,
            }))}
            onChange={(next: string | undefined) => changeUrl({ task: next })}
          />
        }
      />
    </Panel>
  )
}

/** The last two are of a Moment: whom the platform does not ask. */
const endings = ['absent', 'expired', 'quiet', 'paused', 'cancelled', 'stopped', 'invalid_sender', 'unlisted'] as const

/** Why a task was taken back; what the platform refused is said by the server. */
function whyText({ why, refusal }: RunTask, t: Say<TasksWords>, said: InLanguage): string[] {
  const known = endings.find((one) => one === why)
  if (known !== undefined) return [t(`ending.${known}`)]
  if (refusal !== null) return [said(refusal)]
  return why === null ? [] : [why]
}

function columnsOf(
  t: Say<TasksWords>,
  tMoment: Say<MomentWords>,
  said: InLanguage,
  campaign: CampaignDetail,
): Column<RunTask>[] {
  const figure = (value: number) => <span className="num">{exactCount(value)}</span>
  return [
    {
      ...{ key: 'sender', title: t('tasks.sender'), fixed: true },
      render: (row) => row.sender_name ?? row.sender,
    },
    {
      ...{ key: 'state', title: t('tasks.state'), width: 110 },
      render: (row) => (
        <>
          <Tag color={colours[row.state]}>
            {t(row.state === 'cancelled' && row.asked_at === null ? 'task.unasked' : `task.${row.state}`)}
          </Tag>
          {row.canary && <Tag>{t('tasks.canary')}</Tag>}
        </>
      ),
    },
    {
      // a member has a task for each of them: without their names his lines look alike
      ...{ key: 'variant', title: t('tasks.variant'), hidden: campaign.spec.variants.length < 2 },
      render: (row) => campaign.spec.variants[row.variant]?.name ?? row.variant + 1,
    },
    { key: 'recipients', title: t('tasks.recipients'), align: 'right', render: (row) => figure(row.recipients) },
    { key: 'sent', title: t('tasks.sent'), align: 'right', render: (row) => figure(row.sent) },
    ...(campaign.kind === 'moment'
      ? (['beside', 'likes', 'comments'] as const).map(
          (key): Column<RunTask> => ({
            ...{ key, title: tMoment(key), align: 'right', hidden: key === 'beside' },
            render: (row) => figure(row[key]),
          }),
        )
      : [
          {
            ...({ key: 'failed', title: t('tasks.failed'), align: 'right' } as const),
            render: (row: RunTask) => figure(row.no_friend + row.over_cap),
          },
        ]),
    {
      ...{ key: 'asked', title: t('tasks.asked') },
      render: (row) => (row.asked_at === null ? '–' : <Ago at={row.asked_at} />),
    },
    {
      ...{ key: 'confirmed', title: t('tasks.confirmed') },
      render: (row) => (row.confirmed_at === null ? '–' : <Ago at={row.confirmed_at} />),
    },
    { key: 'reminded', title: t('tasks.reminded'), align: 'right', render: (row) => figure(row.reminded) },
    {
      ...{ key: 'why', title: t('tasks.why') },
      render: (row) =>
        [
          ...whyText(row, t, said),
          ...(row.replaced_by === null || row.sent > 0 ? [] : [t('tasks.replaced', { number: row.replaced_by })]),
          ...(row.told === null ? [] : [t(`told.${row.told.as}`, { name: row.told.name ?? row.told.userid ?? '' })]),
        ].join(' · ') || '–',
    },
    { key: 'number', title: t('tasks.number'), hidden: true, align: 'right', render: (row) => row.number },
  ]
}
