import { useQuery } from '@tanstack/react-query'
import { Drawer, Tag } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { bytes, exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import styles from '../imports/imports.module.css'
import { ExportButton } from './ExportButton.tsx'
import { ExportView } from './ExportView.tsx'
import { colours, type Export, exportsKey, isLive } from './exports.ts'
import { TableTabs } from './TableTabs.tsx'
import { type ExportWords, words } from './words.ts'

/** 订单与会员 › 导入导出 › 导出: what was taken away, the newest first, and how far what is being written is. */
export function ExportsPage() {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const list = useKeysetList([...exportsKey, 'list'], (cursor) =>
    ask(api.GET('/api/exports', { params: { query: cursor === undefined ? {} : { cursor } } })),
  )
  const live = list.rows?.some(({ state }) => isLive(state)) ?? false
  // what is being written shows by itself
  useQuery({
    queryKey: [...exportsKey, 'fresh'],
    queryFn: () => list.refresh() ?? true,
    refetchInterval: live ? 1_000 : 10_000,
  })
  const columns = useMemo(() => columnsOf(t), [t])
  const others = (
    <div className={styles.acts}>
      <ExportButton kind="members" label={t('ask.title', { what: t('kind.members') })} />
      <ExportButton kind="tags" label={t('ask.title', { what: t('kind.tags') })} />
    </div>
  )
  return (
    <PageShape title={t('title')} purpose={t('purpose')} action={others}>
      <TableTabs active="exports" />
      <Panel flush>
        <DataTable
          id="exports"
          name={t('title')}
          columns={columns}
          list={list}
          rowKey={(row) => row.id}
          onOpen={(row) => changeUrl({ open: row.id }, { push: true })}
          empty={<EmptyState title={t('empty')} text={t('empty.how')} />}
        />
      </Panel>
      <Drawer
        open={url['open'] !== undefined}
        onClose={() => changeUrl({ open: undefined })}
        size={560}
        title={t('title')}
        destroyOnHidden
      >
        {url['open'] !== undefined && <ExportView key={url['open']} id={url['open']} />}
      </Drawer>
    </PageShape>
  )
}

function columnsOf(t: Say<ExportWords>): Column<Export>[] {
  return [
    { key: 'title', title: t('column.title'), fixed: true, render: (row) => row.title },
    { key: 'kind', title: t('column.kind'), render: (row) => row.kind_name },
    { key: 'format', title: t('column.format'), width: 90, render: (row) => t(`format.${row.format}`) },
    {
      key: 'state',
      title: t('column.state'),
      width: 120,
      render: (row) => <Tag color={colours[row.state]}>{t(`state.${row.state}`)}</Tag>,
    },
    {
      key: 'rows',
      title: t('column.rows'),
      align: 'right',
      render: (row) => <span className="num">{rowsOf(row, t)}</span>,
    },
    {
      key: 'size',
      title: t('column.size'),
      align: 'right',
      render: (row) => <span className="num">{row.size === null ? t('none') : bytes(row.size)}</span>,
    },
    { key: 'by', title: t('column.by'), render: (row) => row.requested_by.name },
    { key: 'at', title: t('column.at'), width: 130, render: (row) => <Ago at={row.requested_at} /> },
    {
      key: 'expires',
      title: t('column.expires'),
      width: 170,
      render: (row) => (
        <span className="num">
          {row.state === 'ready' && row.expires_at !== null ? exactTime(row.expires_at) : t('none')}
        </span>
      ),
    },
  ]
}

function rowsOf(row: Export, t: Say<ExportWords>): string {
  if (row.rows !== null) return exactCount(row.rows)
  if (row.state === 'running' && row.expected !== null) return `${exactCount(row.done)} / ${exactCount(row.expected)}`
  return row.expected === null ? t('none') : exactCount(row.expected)
}
