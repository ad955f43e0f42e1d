import { PlusOutlined } from '@ant-design/icons'
import { Button, Tabs, Tag } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { type Filter, FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { MachineAgo } from '../../components/MachineAgo.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { AccountDrawer } from './AccountDrawer.tsx'
import { type Account, isRole, roles, scopeText } from './account.ts'
import styles from './accounts.module.css'
import { RolesTable } from './RolesTable.tsx'
import { type Words, words } from './words.ts'

export function AccountsPage() {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const mayWrite = useMay('accounts.write')
  const create = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => changeUrl({ open: 'new' }, { push: true })}>
      {t('create')}
    </Button>
  )
  return (
    <PageShape title={t('title')} purpose={t('purpose')} action={create}>
      <Tabs
        activeKey={url.tab === 'roles' ? 'roles' : 'accounts'}
        onChange={(tab) => changeUrl({ tab: tab === 'roles' ? tab : undefined })}
        destroyOnHidden
        items={[
          { key: 'accounts', label: t('tab.accounts'), children: <AccountList create={create} /> },
          { key: 'roles', label: t('tab.roles'), children: <RolesTable /> },
        ]}
      />
      <AccountDrawer id={url.open} onClose={() => changeUrl({ open: undefined })} />
    </PageShape>
  )
}

function AccountList({ create }: { create: React.ReactNode }) {
  const t = useWords(words)
  const [, changeUrl] = useUrl()
  const filters = useFilters(['q', 'role', 'status'])
  const { q, role, status } = filters.values
  const list = useKeysetList(['accounts', filters.values], (cursor) =>
    ask(
      api.GET('/api/accounts', {
        params: {
          query: {
            cursor,
            q,
            ...(isRole(role) ? { role } : {}),
            ...(status === 'active' || status === 'disabled' ? { status } : {}),
          },
        },
      }),
    ),
  )
  const columns = useMemo(() => columnsOf(t), [t])
  const bar: Filter[] = [
    { kind: 'text', key: 'q', label: t('search') },
    {
      kind: 'choice',
      key: 'role',
      label: t('role'),
      options: roles.map((one) => ({ value: one, label: t(`role.${one}`) })),
    },
    {
      kind: 'choice',
      key: 'status',
      label: t('status'),
      options: (['active', 'disabled'] as const).map((one) => ({ value: one, label: t(`status.${one}`) })),
    },
  ]
  return (
    <div className={styles.tab}>
      <FilterBar id="accounts" filters={bar} state={filters} />
      <Panel flush>
        <DataTable
          id="accounts"
          name={t('title')}
          columns={columns}
          list={list}
          rowKey={(row) => row.id}
          onOpen={(row) => changeUrl({ open: row.id }, { push: true })}
          filtered={filters.active}
          empty={<EmptyState title={t('empty')} text={t('empty.how')} action={create} />}
        />
      </Panel>
    </div>
  )
}

function columnsOf(t: Say<Words>): Column<Account>[] {
  return [
    { key: 'name', title: t('column.name'), fixed: true, render: (row) => row.name },
    { key: 'username', title: t('column.username'), render: (row) => row.username },
    {
      key: 'role',
      title: t('role'),
      render: (row) => (
        <>
          {t(`role.${row.role}`)} {row.installation && <Tag color="warning">{t('installation')}</Tag>}
        </>
      ),
    },
    { key: 'scope', title: t('column.scope'), render: (row) => scopeText(row.scope, t) },
    { key: 'wecom', title: t('column.wecom'), render: (row) => row.wecom_userid ?? '–' },
    {
      key: 'ways',
      title: t('column.ways'),
      render: (row) =>
        [row.has_password && t('way.password'), row.wecom_userid !== null && t('way.wecom')]
          .filter(Boolean)
          .join(' · '),
    },
    {
      key: 'status',
      title: t('status'),
      render: (row) =>
        row.disabled_at === null ? <Tag color="success">{t('status.active')}</Tag> : <Tag>{t('status.disabled')}</Tag>,
    },
    {
      key: 'seen',
      title: t('column.seen'),
      render: (row) => (row.last_seen_at === null ? t('never') : <MachineAgo at={row.last_seen_at} />),
    },
  ]
}
