import { PlusOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Button, Tag } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { TableTabs } from '../exports/TableTabs.tsx'
import { type ImportItem, importsKey } from './imports.ts'
import { type ImportWords, words } from './words.ts'

const colours = {
  ...{ uploading: 'default', ready: 'default', checking: 'processing', checked: 'warning' },
  ...{ running: 'processing', done: 'success', failed: 'error', cancelled: 'default' },
} as const

/** 订单与会员 › 导入: what was brought in, the newest first. */
export function ImportsPage() {
  const t = useWords(words)
  const navigate = useNavigate()
  const mayWrite = useMay('imports.write')
  const list = useKeysetList([...importsKey, 'list'], (cursor) =>
    ask(api.GET('/api/imports', { params: { query: cursor === undefined ? {} : { cursor } } })),
  )
  const columns = useMemo(() => columnsOf(t), [t])
  const start = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate({ to: '/commerce/imports/new' })}>
      {t('start')}
    </Button>
  )
  return (
    <PageShape title={t('title')} purpose={t('purpose')} action={start}>
      <TableTabs active="imports" />
      <Panel flush>
        <DataTable
          id="imports"
          name={t('title')}
          columns={columns}
          list={list}
          rowKey={(row) => row.id}
          onOpen={(row) => void navigate({ to: `/commerce/imports/${row.id}` })}
          empty={<EmptyState title={t('empty')} text={t('empty.how')} action={start} />}
        />
      </Panel>
    </PageShape>
  )
}

function columnsOf(t: Say<ImportWords>): Column<ImportItem>[] {
  const counted = ({ counts }: ImportItem) => ({
    new: exactCount(counts.new),
    changed: exactCount(counts.changed),
    unchanged: exactCount(counts.unchanged),
    rejected: exactCount(counts.rejected),
  })
  return [
    { key: 'file', title: t('column.file'), fixed: true, render: (row) => row.file_name },
    { key: 'kind', title: t('column.kind'), width: 110, render: (row) => t(`kind.${row.kind}`) },
    {
      key: 'state',
      title: t('column.state'),
      width: 110,
      render: (row) => <Tag color={colours[row.state]}>{t(`state.${row.state}`)}</Tag>,
    },
    {
      key: 'rows',
      title: t('column.rows'),
      align: 'right',
      render: (row) => <span className="num">{exactCount(row.position)}</span>,
    },
    {
      key: 'result',
      title: t('column.result'),
      render: (row) => (row.state === 'done' || row.state === 'checked' ? t('result', counted(row)) : '–'),
    },
    { key: 'by', title: t('column.by'), render: (row) => row.created_by ?? '–' },
    { key: 'at', title: t('column.at'), width: 130, render: (row) => <Ago at={row.created_at} /> },
  ]
}
