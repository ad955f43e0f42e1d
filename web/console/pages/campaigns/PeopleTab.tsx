import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { exactTime } from '#shared/format/time.ts'
import type { Language } from '#shared/i18n/i18n.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import type { Say } from '#shared/i18n/words.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { type CampaignDetail, campaignKey, fates, type Recipient, type RunRow } from './campaign.ts'
import styles from './campaigns.module.css'
import { useKindWords } from './kind.ts'
import { RunSelect, useRun } from './RunSelect.tsx'
import { type RunWords, words } from './run.words.ts'
import { WhyNot } from './WhyNot.tsx'

/** Everybody whom the audience named: who got it, who did not, and why; and one person looked up. */
export function PeopleTab({ campaign }: { campaign: CampaignDetail }) {
  const t = useKindWords(words)
  const { runs, run, choose } = useRun(campaign, { rehearsals: true })
  if (run === undefined)
    return (
      <Panel>
        <EmptyState title={t('people.none')} text={t('people.none.how')} />
      </Panel>
    )
  return (
    <>
      <div className={styles.acts}>
        <RunSelect runs={runs} run={run} choose={choose} />
      </div>
      <WhyNot campaign={campaign} run={run} />
      <People campaign={campaign} run={run} />
    </>
  )
}

function People({ campaign, run }: { campaign: CampaignDetail; run: RunRow }) {
  const t = useKindWords(words)
  const language = useLanguage()
  const filters = useFilters(['q', 'fate'])
  const fate = fates.find((one) => one === filters.values['fate'])
  const q = filters.values['q']
  const list = useKeysetList<Recipient>([...campaignKey(campaign.id), 'people', run.id, fate, q], (cursor) =>
    ask(
      api.GET('/api/campaigns/{id}/runs/{run}/recipients', {
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
  return (
    <>
      <FilterBar
        id="campaign-people"
        state={filters}
        filters={[
          { kind: 'text', key: 'q', label: t('people.q') },
          {
            ...{ kind: 'choice', key: 'fate', label: t('people.fate') },
            options: fates.map((one) => ({ value: one, label: t(`fate.${one}`) })),
          },
        ]}
      />
      <Panel flush>
        <DataTable<Recipient>
          id="campaign-people"
          name={t('people.fate')}
          list={list}
          columns={columnsOf(t, campaign, language)}
          rowKey={(row) => String(row.customer_id)}
          filtered={filters.active}
          empty={<EmptyState title={t('people.none')} text={t('people.none.how')} />}
        />
      </Panel>
    </>
  )
}

const statusKeys = ['status.0', 'status.1', 'status.2', 'status.3'] as const

function columnsOf(t: Say<RunWords>, campaign: CampaignDetail, language: Language): Column<Recipient>[] {
  return [
    {
      ...{ key: 'name', title: t('people.name'), fixed: true },
      render: (row) => <Link to={`/customers/list/${row.customer_id}`}>{row.name || `#${row.customer_id}`}</Link>,
    },
    {
      ...{ key: 'fate', title: t('people.fate') },
      render: (row) => <Tag color={row.fate === 'sent_to' ? 'success' : 'default'}>{t(`fate.${row.fate}`)}</Tag>,
    },
    {
      ...{ key: 'why', title: t('people.why') },
      render: (row) =>
        row.words.length === 0 ? '–' : listed(row.words.map((one) => (language === 'en' ? one.en : one.zh))),
    },
    {
      ...{ key: 'held', title: t('people.held'), hidden: true },
      render: (row) => (row.held_until === null ? '–' : exactTime(row.held_until)),
    },
    { key: 'sender', title: t('people.sender'), render: (row) => row.sender_name ?? row.sender ?? '–' },
    {
      ...{ key: 'status', title: t('people.status') },
      render: (row) => {
        const key = statusKeys[row.status ?? -1]
        return row.fate === 'sent_to' ? t(key ?? 'status.none') : '–'
      },
    },
    {
      ...{ key: 'sent', title: t('people.sentAt') },
      render: (row) => <span className="num">{row.sent_at === null ? '–' : exactTime(row.sent_at)}</span>,
    },
    {
      ...{ key: 'variant', title: t('people.variant'), hidden: true },
      render: (row) => (row.variant === null ? '–' : (campaign.spec.variants[row.variant]?.name ?? row.variant + 1)),
    },
  ]
}
