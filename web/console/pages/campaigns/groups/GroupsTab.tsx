import { Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import type { Language } from '#shared/i18n/i18n.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { FilterBar, useFilters } from '../../../components/FilterBar.tsx'
import { Panel } from '../../../components/PageShape.tsx'
import { useKeysetList } from '../../../lib/useKeysetList.ts'
import { type CampaignDetail, campaignKey, isChanging, type RunRow } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { useKindWords } from '../kind.ts'
import { RunSelect, useRun } from '../RunSelect.tsx'
import { type RunWords, words as runWords } from '../run.words.ts'
import { useRefreshing } from '../useRefreshing.ts'
import { type GroupSendWords, words } from './words.ts'

type Line = components['schemas']['GroupSendGroups']['items'][number]

/** Every group that was chosen: whether it got it, and why not; of each its clicks and the orders that it woke. */
export function GroupsTab({ campaign }: { campaign: CampaignDetail }) {
  const t = useWords(words)
  const { runs, run, choose } = useRun(campaign, { rehearsals: true })
  if (run === undefined)
    return (
      <Panel>
        <EmptyState title={t('lines.none')} text={t('lines.none.how')} />
      </Panel>
    )
  return (
    <>
      <div className={styles.acts}>
        <RunSelect runs={runs} run={run} choose={choose} />
      </div>
      <GroupLines campaign={campaign} run={run} />
    </>
  )
}

const fates = ['sent_to', 'excluded', 'dropped', 'no_sender'] as const

function GroupLines({ campaign, run }: { campaign: CampaignDetail; run: RunRow & { ended_at: string | null } }) {
  const t = useWords(words)
  const tRun = useKindWords(runWords)
  const language = useLanguage()
  const filters = useFilters(['q', 'fate'])
  const { q } = filters.values
  const fate = fates.find((one) => one === filters.values['fate'])
  const list = useKeysetList<Line>([...campaignKey(campaign.id), 'groups', run.id, fate, q], (cursor) =>
    ask(
      api.GET('/api/campaigns/{id}/runs/{run}/groups', {
        params: {
          path: { id: campaign.id, run: run.id },
          query: {
            ...(fate === undefined ? {} : { fate }),
            ...(q === undefined ? {} : { q }),
            ...(cursor === undefined ? {} : { cursor }),
          },
        },
      }),
    ),
  )
  useRefreshing(list.refresh, !run.rehearsal && isChanging(run))
  return (
    <>
      <FilterBar
        id="campaign-groups"
        state={filters}
        filters={[
          { kind: 'text', key: 'q', label: t('lines.q') },
          {
            ...{ kind: 'choice', key: 'fate', label: tRun('people.fate') },
            options: fates.map((one) => ({ value: one, label: tRun(`fate.${one}`) })),
          },
        ]}
      />
      <Panel flush>
        <DataTable<Line>
          id="campaign-groups"
          name={t('lines.title')}
          list={list}
          columns={columnsOf(t, tRun, language)}
          rowKey={(row) => row.chat_id}
          filtered={filters.active}
          empty={<EmptyState title={t('lines.none')} text={t('lines.none.how')} />}
        />
      </Panel>
    </>
  )
}

function columnsOf(t: Say<GroupSendWords>, tRun: Say<RunWords>, language: Language): Column<Line>[] {
  const known = (value: number | null) => <span className="num">{value === null ? '–' : exactCount(value)}</span>
  return [
    { key: 'name', title: t('lines.name'), fixed: true, render: (row) => row.name || row.chat_id },
    { key: 'owner', title: t('lines.owner'), render: (row) => row.owner.name ?? row.owner.userid },
    { key: 'customers', title: t('lines.customers'), align: 'right', render: (row) => known(row.customers) },
    {
      ...{ key: 'fate', title: tRun('people.fate') },
      render: (row) => <Tag color={row.fate === 'sent_to' ? 'success' : 'default'}>{tRun(`fate.${row.fate}`)}</Tag>,
    },
    {
      ...{ key: 'why', title: tRun('people.why') },
      render: (row) => (row.words === null ? '–' : language === 'en' ? row.words.en : row.words.zh),
    },
    { key: 'state', title: t('lines.state'), render: (row) => stateOf(row, t) },
    {
      ...{ key: 'sent', title: t('lines.sent') },
      render: (row) => <span className="num">{row.sent_at === null ? '–' : exactTime(row.sent_at)}</span>,
    },
    { key: 'clicks', title: t('lines.clicks'), align: 'right', render: (row) => known(row.clicks) },
    { key: 'woken', title: t('lines.woken'), align: 'right', render: (row) => known(row.woken_orders) },
  ]
}

function stateOf({ fate, status, task_state: state }: Line, t: Say<GroupSendWords>): string {
  if (fate !== 'sent_to') return '–'
  if (status === 1) return t('state.sent')
  if (status === 3) return t('state.full')
  if (state === 'expired' || state === 'cancelled') return t('state.back')
  if (state === 'failed') return t('state.failed')
  if (state === 'confirmed') return t('state.confirmed')
  return state === 'asked' ? t('state.asked') : t('state.waiting')
}
