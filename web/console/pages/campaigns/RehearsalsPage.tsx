import { useNavigate } from '@tanstack/react-router'
import { Button, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { Count } from '../../components/Count.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { campaignsKey, type Rehearsal } from './campaign.ts'
import styles from './campaigns.module.css'
import { kindPaths } from './kind.ts'
import { type PagesWords, words } from './pages.words.ts'
import { useRefreshing } from './useRefreshing.ts'

/** 预演中心: what each send would do, by its latest rehearsal. */
export function RehearsalsPage() {
  const t = useWords(words)
  const navigate = useNavigate()
  const mayWrite = useMay('campaigns.write')
  const list = useKeysetList<Rehearsal>([...campaignsKey, 'rehearsals'], (cursor) =>
    ask(api.GET('/api/campaign-rehearsals', { params: { query: cursor === undefined ? {} : { cursor } } })),
  )
  useRefreshing(list.refresh, list.rows?.some((row) => row.by_plan === null) ?? false)
  const make = mayWrite && (
    <Button type="primary" onClick={() => void navigate({ to: `${kindPaths.customer_send}/new` })}>
      {t('dry.start')}
    </Button>
  )
  return (
    <PageShape title={t('dry.title')} purpose={t('dry.purpose')} action={make}>
      <Panel flush>
        <DataTable<Rehearsal>
          id="campaign-rehearsals"
          name={t('dry.title')}
          list={list}
          columns={columnsOf(t)}
          rowKey={(row) => String(row.run)}
          onOpen={(row) => void navigate({ to: `${kindPaths[row.campaign.kind]}/${row.campaign.id}` })}
          empty={<EmptyState title={t('dry.empty')} text={t('dry.empty.how')} action={make || undefined} />}
        />
      </Panel>
    </PageShape>
  )
}

function columnsOf(t: Say<PagesWords>): Column<Rehearsal>[] {
  const counted = (key: 'candidates' | 'senders' | 'overloaded'): Column<Rehearsal> => ({
    ...{ key, title: t(`dry.${key}`), align: 'right' },
    render: ({ by_plan }) => (by_plan === null ? '–' : <Count value={by_plan[key]} />),
  })
  return [
    { key: 'campaign', title: t('dry.campaign'), fixed: true, render: (row) => row.campaign.name },
    { key: 'kind', title: t('dry.kind'), render: (row) => t(`dry.kind.${row.campaign.kind}`) },
    {
      ...{ key: 'version', title: t('dry.version') },
      render: (row) => (
        <span className={styles.rowActs}>
          v{row.version}
          {row.campaign.version !== row.version && (
            <Tag color="warning">{t('dry.stale', { version: row.campaign.version })}</Tag>
          )}
        </span>
      ),
    },
    counted('candidates'),
    {
      ...{ key: 'sent', title: t('dry.sent'), align: 'right' },
      render: ({ by_plan }) => (by_plan === null ? t('dry.running') : <Count value={by_plan.sent_to} />),
    },
    counted('senders'),
    counted('overloaded'),
    {
      ...{ key: 'delivered', title: t('dry.delivered'), align: 'right' },
      render: ({ by_plan }) => (
        <span className="num">
          {by_plan === null
            ? '–'
            : t('dry.range', {
                value: exactCount(by_plan.delivered.value),
                ...{ low: exactCount(by_plan.delivered.low), high: exactCount(by_plan.delivered.high) },
              })}
        </span>
      ),
    },
    { key: 'made', title: t('dry.made'), render: (row) => <Ago at={row.made_at} /> },
    {
      ...{ key: 'planned', title: t('dry.planned'), hidden: true },
      render: (row) => <span className="num">{exactTime(row.planned_for)}</span>,
    },
  ]
}
