import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Drawer, Tag } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import styles from './customers.module.css'
import { type Difference, listPath, syncKey } from './customers.ts'
import { SyncRunView } from './SyncRunView.tsx'
import { type SyncWords, words } from './sync.words.ts'
import { syncQuery } from './syncQuery.ts'
import { type CustomerWords, words as listWords } from './words.ts'

const runsShown = 5

/** The last syncs, and what they found to differ from what we had been told. */
export function SyncDrawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useWords(words)
  return (
    <Drawer open={open} onClose={onClose} size={860} title={t('sync.title')} destroyOnHidden>
      <Report />
    </Drawer>
  )
}

function Report() {
  const t = useWords(words)
  const ofList = useWords(listWords)
  const navigate = useNavigate()
  const runs = useQuery(syncQuery).data?.runs ?? []
  const list = useKeysetList([...syncKey, 'differences'], (cursor) =>
    ask(api.GET('/api/customer-sync/differences', { params: { query: cursor === undefined ? {} : { cursor } } })),
  )
  const columns = useMemo(() => columnsOf(t, ofList), [t, ofList])
  return (
    <div className={styles.drawer}>
      <p className={styles.quiet}>{t('sync.how')}</p>
      <section>
        <h2 className={styles.heading}>{t('sync.differences')}</h2>
        <DataTable
          id="sync-differences"
          name={t('sync.differences')}
          columns={columns}
          list={list}
          rowKey={(row) => String(row.id)}
          onOpen={(row) => void navigate({ to: `${listPath}/${row.customer_id}` })}
          empty={<EmptyState title={t('sync.differences.none')} />}
        />
      </section>
      <section>
        <h2 className={styles.heading}>{t('sync.runs')}</h2>
        {runs.slice(0, runsShown).map((run) => (
          <SyncRunView key={run.id} run={run} />
        ))}
      </section>
    </div>
  )
}

const colours = { found: 'warning', vanished: 'default', kept: 'error' } as const

function columnsOf(t: Say<SyncWords>, ofList: Say<CustomerWords>): Column<Difference>[] {
  return [
    { key: 'name', title: ofList('column.name'), fixed: true, render: (row) => row.customer_name || ofList('unnamed') },
    {
      key: 'kind',
      title: t('difference.kind'),
      render: (row) => <Tag color={colours[row.kind]}>{t(`difference.${row.kind}`)}</Tag>,
    },
    { key: 'staff', title: t('difference.staff'), render: (row) => row.staff_name },
    {
      key: 'added',
      title: t('difference.added'),
      render: (row) => (row.added_at === null ? '–' : <Ago at={row.added_at} />),
    },
    { key: 'at', title: t('difference.at'), render: (row) => <Ago at={row.at} /> },
  ]
}
