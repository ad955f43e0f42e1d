import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Tag } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { duration } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { MachineAgo } from '../../components/MachineAgo.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { ConnectorForm } from './ConnectorForm.tsx'
import { ConnectorView } from './ConnectorView.tsx'
import { type Connector, connectorsKey, stateOf } from './connectors.ts'
import { type ConnectorWords, words } from './words.ts'

const colours = { ok: 'success', failing: 'error', off: 'default', waiting: 'processing' } as const

/** 订单与会员 › 连接器: what is joined, how far behind it is and what went wrong. */
export function ConnectorsPage() {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const mayWrite = useMay('connectors.write')
  const list = useKeysetList([...connectorsKey, 'list'], async () => ({
    items: (await ask(api.GET('/api/connectors'))).items,
    next_cursor: null,
  }))
  // what comes in shows by itself
  useQuery({ queryKey: [...connectorsKey, 'fresh'], queryFn: () => list.refresh() ?? true, refetchInterval: 5_000 })
  const columns = useMemo(() => columnsOf(t), [t])
  const create = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => changeUrl({ open: 'new' }, { push: true })}>
      {t('create')}
    </Button>
  )
  const opened = list.rows?.find((one) => one.id === url['open'])
  const close = () => changeUrl({ open: undefined })
  return (
    <PageShape title={t('title')} purpose={t('purpose')} action={create}>
      <Panel flush>
        <DataTable
          id="connectors"
          name={t('title')}
          columns={columns}
          list={list}
          rowKey={(row) => row.id}
          onOpen={(row) => changeUrl({ open: row.id }, { push: true })}
          empty={<EmptyState title={t('empty')} text={t('empty.how')} action={create} />}
        />
      </Panel>
      <Drawer
        open={opened !== undefined || (url['open'] === 'new' && mayWrite)}
        onClose={close}
        size={720}
        title={opened?.name ?? t('create')}
        destroyOnHidden
      >
        {opened === undefined ? <ConnectorForm onDone={close} /> : <ConnectorView key={opened.id} one={opened} />}
      </Drawer>
    </PageShape>
  )
}

function columnsOf(t: Say<ConnectorWords>): Column<Connector>[] {
  return [
    { key: 'name', title: t('column.name'), fixed: true, render: (row) => row.name },
    { key: 'kind', title: t('column.kind'), render: (row) => row.kind_name },
    {
      key: 'state',
      title: t('column.state'),
      width: 110,
      render: (row) => <Tag color={colours[stateOf(row)]}>{t(`state.${stateOf(row)}`)}</Tag>,
    },
    {
      key: 'lag',
      title: t('column.lag'),
      align: 'right',
      render: (row) => <span className="num">{row.lag_ms === null ? t('never') : duration(row.lag_ms)}</span>,
    },
    {
      key: 'fact',
      title: t('column.fact'),
      width: 140,
      render: (row) => (row.latest_fact_at === null ? t('never') : <Ago at={row.latest_fact_at} />),
    },
    {
      key: 'ok',
      title: t('column.ok'),
      width: 130,
      render: (row) => (row.last_ok_at === null ? t('never') : <MachineAgo at={row.last_ok_at} />),
    },
    {
      key: 'counts',
      title: t('column.counts'),
      align: 'right',
      render: (row) => (
        <span className="num">{[row.accepted, row.unchanged, row.rejected].map(exactCount).join(' / ')}</span>
      ),
    },
  ]
}
