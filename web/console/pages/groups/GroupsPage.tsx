import { useNavigate } from '@tanstack/react-router'
import { Select, Tag } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { type Filter, FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { StaffFilter } from '../customers/StaffFilter.tsx'
import { GroupDrawer } from './GroupDrawer.tsx'
import styles from './groups.module.css'
import { dismissedChoices, type GroupRow, groupFilters, groupsKey, groupsQuery } from './groups.ts'
import { StoreFilter } from './StoreFilter.tsx'
import { type GroupsWords, words } from './words.ts'

/** All customer groups whose owners one may see; a row opens the group. */
export function GroupsPage() {
  const t = useWords(words)
  const seesStores = useMay('stores.read')
  const maySend = useMay('campaigns.write')
  const navigate = useNavigate()
  const send = (rows: GroupRow[]) =>
    void navigate({ to: '/engagement/group-sends/new', search: { chats: rows.map((row) => row.chat_id).join(',') } })
  const [url, changeUrl] = useUrl()
  const filters = useFilters(groupFilters)
  const list = useKeysetList([...groupsKey, 'list', filters.values], (cursor) =>
    ask(api.GET('/api/groups', { params: { query: groupsQuery(filters.values, cursor) } })),
  )
  const columns = useMemo(() => columnsOf(t), [t])
  const store: Filter = {
    kind: 'own',
    key: 'store',
    label: t('filter.store'),
    control: (value, change) => <StoreFilter value={value} onChange={change} />,
  }
  const bar: Filter[] = [
    { kind: 'text', key: 'q', label: t('filter.q') },
    {
      kind: 'own',
      key: 'owner',
      label: t('filter.owner'),
      control: (value, change) => <StaffFilter label={t('filter.owner')} value={value} onChange={change} />,
    },
    ...(seesStores ? [store] : []),
    {
      kind: 'own',
      key: 'dismissed',
      label: t('filter.state'),
      // without a choice the list leaves out the dismissed ones, and says so
      control: (value, change) => (
        <Select<string>
          className={styles.choice}
          aria-label={t('filter.state')}
          prefix={<span className={styles.prefix}>{t('filter.state')}</span>}
          value={value ?? 'no'}
          options={dismissedChoices.map((one) => ({ value: one, label: t(`filter.state.${one}`) }))}
          onChange={(chosen) => change(chosen === 'no' ? undefined : chosen)}
          popupMatchSelectWidth={false}
        />
      ),
    },
  ]
  return (
    <PageShape title={t('title')} purpose={t('purpose')}>
      <FilterBar id="groups" filters={bar} state={filters} />
      <Panel flush>
        <DataTable
          id="groups"
          name={t('title')}
          columns={columns}
          list={list}
          rowKey={(row) => row.chat_id}
          onOpen={(row) => changeUrl({ open: row.chat_id }, { push: true })}
          filtered={filters.active}
          {...(maySend ? { bulk: [{ key: 'send', label: t('send'), run: send }] } : {})}
          empty={<EmptyState title={t('empty')} text={t('empty.how')} />}
        />
      </Panel>
      {url['open'] !== undefined && (
        <GroupDrawer key={url['open']} chat={url['open']} onClose={() => changeUrl({ open: undefined })} />
      )}
    </PageShape>
  )
}

function columnsOf(t: Say<GroupsWords>): Column<GroupRow>[] {
  return [
    { key: 'name', title: t('column.name'), fixed: true, render: (row) => row.name || t('unnamed') },
    { key: 'owner', title: t('column.owner'), render: (row) => row.owner.name },
    { key: 'store', title: t('column.store'), render: (row) => row.store?.name ?? t('none') },
    { key: 'customers', title: t('column.customers'), align: 'right', render: (row) => exactCount(row.customers) },
    { key: 'members', title: t('column.members'), align: 'right', render: (row) => exactCount(row.members) },
    {
      key: 'joined',
      title: t('column.joined'),
      align: 'right',
      render: (row) => (row.joined_7d === 0 ? '0' : <span className={styles.up}>+{exactCount(row.joined_7d)}</span>),
    },
    {
      key: 'left',
      title: t('column.left'),
      align: 'right',
      render: (row) => (row.left_7d === 0 ? '0' : <span className={styles.down}>−{exactCount(row.left_7d)}</span>),
    },
    { key: 'state', title: t('column.state'), width: 120, render: (row) => <GroupState state={row.state} /> },
    { key: 'created', title: t('column.created'), width: 130, render: (row) => <Ago at={row.created_at} /> },
    {
      key: 'read',
      title: t('column.read'),
      width: 130,
      hidden: true,
      render: (row) => <Ago at={row.read_at} />,
    },
  ]
}

function GroupState({ state }: { state: GroupRow['state'] }) {
  const t = useWords(words)
  if (state === 'normal') return <span className={styles.quiet}>{t('state.normal')}</span>
  return <Tag color={state === 'owner_left' ? 'warning' : 'default'}>{t(`state.${state}`)}</Tag>
}
