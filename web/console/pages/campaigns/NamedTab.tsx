import { Tag } from 'antd'
import type { ReactNode } from 'react'
import { listed } from '#shared/format/list.ts'
import { type Said, useSaid } from '#shared/i18n/said.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { type KeysetPage, useKeysetList } from '../../lib/useKeysetList.ts'
import { type CampaignDetail, campaignKey, type Fate, isChanging, type RunRow } from './campaign.ts'
import styles from './campaigns.module.css'
import { words as fateWords } from './fate.words.ts'
import { useKindWords } from './kind.ts'
import { RunSelect, useRun } from './RunSelect.tsx'
import { useRefreshing } from './useRefreshing.ts'

type RunOfTab = RunRow & { ended_at: string | null }

/** What there is to say of one run of a campaign, which is chosen above; a rehearsal too names everybody. */
export function NamedTab({
  campaign,
  empty,
  children,
}: {
  campaign: CampaignDetail
  empty: ReactNode
  children: (run: RunOfTab) => ReactNode
}) {
  const { runs, run, choose } = useRun(campaign, { rehearsals: true })
  if (run === undefined) return <Panel>{empty}</Panel>
  return (
    <>
      <div className={styles.acts}>
        <RunSelect runs={runs} run={run} choose={choose} />
      </div>
      {children(run)}
    </>
  )
}

export interface NamedQuery<F> {
  readonly fate?: F
  readonly q?: string
  readonly cursor?: string
}

/** One line for each whom a run named, found by name and by what became of it; read again while the run goes on. */
export function NamedLines<Row extends object, F extends Fate>({
  campaign,
  run,
  id,
  name,
  search,
  fates,
  columns,
  rowKey,
  page,
  empty,
}: {
  campaign: CampaignDetail
  run: RunOfTab
  id: string
  name: string
  search: string
  fates: readonly F[]
  columns: Column<Row>[]
  rowKey: (row: Row) => string
  page: (query: NamedQuery<F>) => Promise<KeysetPage<Row>>
  empty: ReactNode
}) {
  const tFate = useKindWords(fateWords)
  const filters = useFilters(['q', 'fate'])
  const { q } = filters.values
  const fate = fates.find((one) => one === filters.values['fate'])
  const list = useKeysetList<Row>([...campaignKey(campaign.id), id, run.id, fate, q], (cursor) =>
    page({
      ...(fate === undefined ? {} : { fate }),
      ...(q === undefined ? {} : { q }),
      ...(cursor === undefined ? {} : { cursor }),
    }),
  )
  useRefreshing(list.refresh, !run.rehearsal && isChanging(run))
  return (
    <>
      <FilterBar
        id={id}
        state={filters}
        filters={[
          { kind: 'text', key: 'q', label: search },
          {
            ...{ kind: 'choice', key: 'fate', label: tFate('fate') },
            options: fates.map((one) => ({ value: one, label: tFate(`fate.${one}`) })),
          },
        ]}
      />
      <Panel flush>
        <DataTable<Row> {...{ id, name, list, columns, rowKey }} filtered={filters.active} empty={empty} />
      </Panel>
    </>
  )
}

/** What became of it, and why, as the first that counts. */
export function useFateColumns<Row extends { fate: Fate; words: readonly Said[] | Said | null }>(): Column<Row>[] {
  const tFate = useKindWords(fateWords)
  const said = useSaid()
  return [
    {
      ...{ key: 'fate', title: tFate('fate') },
      render: (row) => <Tag color={row.fate === 'sent_to' ? 'success' : 'default'}>{tFate(`fate.${row.fate}`)}</Tag>,
    },
    {
      ...{ key: 'why', title: tFate('why') },
      render: ({ words }) => {
        const all = words === null ? [] : 'zh' in words ? [words] : words
        return all.length === 0 ? '–' : listed(all.map(said))
      },
    },
  ]
}
