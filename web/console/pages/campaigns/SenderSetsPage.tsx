import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useStaticList } from '../../lib/useStaticList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { type SenderSet, senderSetsKey } from './campaign.ts'
import { type PagesWords, words } from './pages.words.ts'
import { SenderSetDrawer } from './SenderSetDrawer.tsx'

/** 账号组: who may send, put together under names. */
export function SenderSetsPage() {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const mayWrite = useMay('campaigns.write')
  const query = useQuery({ queryKey: senderSetsKey, queryFn: () => ask(api.GET('/api/sender-sets')) })
  const list = useStaticList(query, query.data?.items)
  const open = url['open']
  const chosen = query.data?.items.find((one) => one.id === open)
  const make = mayWrite && (
    <Button type="primary" onClick={() => changeUrl({ open: 'new' }, { push: true })}>
      {t('sets.new')}
    </Button>
  )
  return (
    <PageShape title={t('sets.title')} purpose={t('sets.purpose')} action={make}>
      <Panel flush>
        <DataTable<SenderSet>
          id="sender-sets"
          name={t('sets.title')}
          list={list}
          columns={columnsOf(t)}
          rowKey={(row) => row.id}
          onOpen={(row) => changeUrl({ open: row.id }, { push: true })}
          empty={<EmptyState title={t('sets.empty')} text={t('sets.empty.how')} action={make || undefined} />}
        />
      </Panel>
      {(open === 'new' || chosen) && (
        <SenderSetDrawer key={open} set={chosen} mayWrite={mayWrite} onClose={() => changeUrl({ open: undefined })} />
      )}
    </PageShape>
  )
}

function columnsOf(t: Say<PagesWords>): Column<SenderSet>[] {
  return [
    { key: 'name', title: t('sets.name'), fixed: true, render: (row) => row.name },
    {
      ...{ key: 'members', title: t('sets.members'), align: 'right' },
      render: (row) => t('sets.count', { count: row.userids.length }),
    },
    { key: 'gone', title: t('sets.gone'), align: 'right', render: (row) => <span className="num">{row.gone}</span> },
    { key: 'used', title: t('sets.used'), align: 'right', render: (row) => <span className="num">{row.used_by}</span> },
    { key: 'changed', title: t('sets.changed'), render: (row) => <Ago at={row.changed_at} /> },
  ]
}
