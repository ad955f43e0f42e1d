import { PlusOutlined } from '@ant-design/icons'
import { Button, Tag } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { MachineAgo } from '../../components/MachineAgo.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import styles from '../commerce/commerce.module.css'
import { KeyDrawer } from './KeyDrawer.tsx'
import { type ApiKey, keysKey, scopeName } from './keys.ts'
import { type KeyWords, words } from './words.ts'

/** 设置 › 开放 API: keys for other systems. */
export function KeysPage() {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const mayWrite = useMay('keys.write')
  const list = useKeysetList([...keysKey, 'list'], (cursor) =>
    ask(api.GET('/api/keys', { params: { query: cursor === undefined ? {} : { cursor } } })),
  )
  const columns = useMemo(() => columnsOf(t), [t])
  const create = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => changeUrl({ open: 'new' }, { push: true })}>
      {t('create')}
    </Button>
  )
  const opened = list.rows?.find((key) => key.id === url['open'])
  return (
    <PageShape title={t('title')} purpose={t('purpose')} action={create}>
      <Panel flush>
        <DataTable
          id="keys"
          name={t('title')}
          columns={columns}
          list={list}
          rowKey={(row) => row.id}
          onOpen={(row) => changeUrl({ open: row.id }, { push: true })}
          empty={<EmptyState title={t('empty')} text={t('empty.how')} action={create} />}
        />
      </Panel>
      <KeyDrawer
        opened={url['open'] === 'new' && mayWrite ? 'new' : opened}
        onClose={() => changeUrl({ open: undefined })}
      />
    </PageShape>
  )
}

function columnsOf(t: Say<KeyWords>): Column<ApiKey>[] {
  return [
    { key: 'name', title: t('column.name'), fixed: true, render: (row) => row.name },
    { key: 'prefix', title: t('column.prefix'), render: (row) => <code>{row.prefix}…</code> },
    {
      key: 'scopes',
      title: t('column.scopes'),
      render: (row) => (
        <span className={styles.tags}>
          {row.scopes.map((scope) => (
            <Tag key={scope}>{scopeName(scope, t)}</Tag>
          ))}
        </span>
      ),
    },
    {
      key: 'limit',
      title: t('column.limit'),
      align: 'right',
      render: (row) => <span className="num">{exactCount(row.per_minute)}</span>,
    },
    {
      key: 'used',
      title: t('column.used'),
      render: (row) => (row.last_used_at === null ? t('never') : <MachineAgo at={row.last_used_at} />),
    },
    { key: 'created', title: t('column.created'), render: (row) => <Ago at={row.created_at} /> },
    {
      key: 'status',
      title: t('column.status'),
      width: 100,
      render: (row) =>
        row.revoked_at === null ? <Tag color="success">{t('status.alive')}</Tag> : <Tag>{t('status.revoked')}</Tag>,
    },
  ]
}
