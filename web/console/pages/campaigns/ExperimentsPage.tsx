import { useNavigate } from '@tanstack/react-router'
import { Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { Count } from '../../components/Count.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useNow } from '../../lib/businessClock.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { campaignsKey, type Experiment } from './campaign.ts'
import styles from './campaigns.module.css'
import { goalText } from './campaignTexts.ts'
import { kindPaths } from './kind.ts'
import { ProgrammePanel } from './ProgrammePanel.tsx'
import { type PagesWords, words } from './pages.words.ts'
import { signed, signedMoney } from './reportTexts.ts'
import { type CampaignWords, words as listWords } from './words.ts'

/** 对照组与实验: what each send brought beyond those who were held out by chance. */
export function ExperimentsPage() {
  const t = useWords(words)
  const tList = useWords(listWords)
  const navigate = useNavigate()
  const now = useNow(60_000)
  const list = useKeysetList<Experiment>([...campaignsKey, 'experiments'], (cursor) =>
    ask(api.GET('/api/experiments', { params: { query: cursor === undefined ? {} : { cursor } } })),
  )
  return (
    <PageShape title={t('exp.title')} purpose={t('exp.purpose')}>
      <ProgrammePanel />
      <Panel flush>
        <DataTable<Experiment>
          id="experiments"
          name={t('exp.title')}
          list={list}
          columns={columnsOf(t, tList, now)}
          rowKey={(row) => String(row.run)}
          onOpen={(row) =>
            void navigate({
              to: `${kindPaths.customer_send}/${row.campaign.id}`,
              search: { tab: 'report', run: String(row.run) },
            })
          }
          empty={<EmptyState title={t('exp.empty')} text={t('exp.empty.how')} />}
        />
      </Panel>
    </PageShape>
  )
}

type Estimate = Experiment['lift']

function columnsOf(t: Say<PagesWords>, tList: Say<CampaignWords>, now: number): Column<Experiment>[] {
  const estimated = (key: 'lift' | 'gmv' | 'deletes', written: (value: number) => string): Column<Experiment> => ({
    ...{ key, title: t(`exp.${key}`), align: 'right' },
    render: (row) => {
      const estimate: Estimate = row[key]
      if (estimate === null) return '–'
      const { value, low, high } = estimate
      return (
        <span className="num">
          {written(value)}
          <span className={styles.below}>{t('exp.range', { low: written(low), high: written(high) })}</span>
        </span>
      )
    },
  })
  // until the first report nobody has counted them
  const counted = (key: 'planned' | 'held_out', title: string): Column<Experiment> => ({
    ...{ key, title, align: 'right' },
    render: (row) => (row.as_of === null ? '–' : <Count value={row[key]} />),
  })
  return [
    { key: 'campaign', title: t('exp.campaign'), fixed: true, render: (row) => row.campaign.name },
    { key: 'goal', title: t('exp.goal'), render: (row) => goalText(tList, row.goal) },
    counted('planned', t('exp.planned')),
    counted('held_out', t('exp.held')),
    {
      ...{ key: 'variants', title: t('exp.variants') },
      render: (row) => (row.variants.length === 0 ? '–' : row.variants.join(' / ')),
    },
    estimated('lift', (value) => signed(value * 100, 2)),
    {
      ...{ key: 'sure', title: t('exp.sure') },
      render: (row) => (
        <span className={styles.tags}>
          <Tag color={row.lift?.significant ? 'success' : 'default'}>
            {t(row.lift === null ? 'exp.none' : row.lift.significant ? 'exp.yes' : 'exp.no')}
          </Tag>
          {!row.random && (
            <Tag color="warning" title={t('exp.notRandom.why')}>
              {t('exp.notRandom')}
            </Tag>
          )}
          {row.closes_at !== null && Date.parse(row.closes_at) > now && <Tag>{t('exp.open')}</Tag>}
        </span>
      ),
    },
    estimated('gmv', signedMoney),
    estimated('deletes', (value) => signed(value, 1)),
    { key: 'started', title: t('exp.started'), render: (row) => <Ago at={row.started_at} /> },
    {
      ...{ key: 'asOf', title: t('exp.asOf'), hidden: true },
      render: (row) => (row.as_of === null ? '–' : <Ago at={row.as_of} />),
    },
  ]
}
