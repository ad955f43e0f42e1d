import { DownOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Dropdown, Tag } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Count } from '../../components/Count.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { type Filter, FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { type UrlValues, useUrl } from '../../lib/useUrl.ts'
import { ImportDialog } from './ImportDialog.tsx'
import { StoreDrawer } from './StoreDrawer.tsx'
import { type OrganisationWords, words } from './words.ts'

export type Store = components['schemas']['Store']

const statuses = ['open', 'closed', 'unmapped', 'unmanned'] as const

export function StoresPage() {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const mayWrite = useMay('stores.write')
  const filters = useFilters(['q', 'city', 'region', 'status'])
  const query = queryOf(filters.values)
  const list = useKeysetList(['stores', 'list', filters.values], (cursor) =>
    ask(api.GET('/api/stores', { params: { query: { ...query, cursor } } })),
  )
  const facets = useQuery({ queryKey: ['stores', 'facets'], queryFn: () => ask(api.GET('/api/stores/facets')) }).data
  const columns = useMemo(() => columnsOf(t), [t])
  const importing = () => changeUrl({ import: 'new' }, { push: true })
  const exported = `/api/stores/export?${new URLSearchParams(query)}`
  const choice = (key: 'city' | 'region', values: readonly string[] | undefined): Filter => ({
    kind: 'choice',
    key,
    label: t(`stores.${key}`),
    searchable: true,
    options: (values ?? []).map((value) => ({ value, label: value })),
  })
  const bar: Filter[] = [
    { kind: 'text', key: 'q', label: t('stores.search') },
    choice('region', facets?.regions),
    choice('city', facets?.cities),
    {
      kind: 'choice',
      key: 'status',
      label: t('stores.status'),
      options: statuses.map((value) => ({ value, label: t(`stores.status.${value}`) })),
    },
  ]
  return (
    <PageShape
      title={t('stores.title')}
      purpose={t('stores.purpose')}
      action={
        <>
          <Dropdown
            trigger={['click']}
            menu={{
              items: [
                ...(mayWrite
                  ? [
                      {
                        key: 'new',
                        label: t('stores.create'),
                        onClick: () => changeUrl({ open: 'new' }, { push: true }),
                      },
                    ]
                  : []),
                { key: 'export', label: <a href={exported}>{t('stores.export')}</a> },
              ],
            }}
          >
            <Button icon={<DownOutlined />} iconPlacement="end">
              {t('stores.more')}
            </Button>
          </Dropdown>{' '}
          {mayWrite && (
            <Button type="primary" onClick={importing}>
              {t('stores.import')}
            </Button>
          )}
        </>
      }
    >
      {facets !== undefined && facets.unmapped + facets.unmanned > 0 && url.status === undefined && (
        <Alert
          type="warning"
          showIcon
          title={t('stores.attention', { unmapped: facets.unmapped, unmanned: facets.unmanned })}
          action={
            <Button size="small" onClick={() => changeUrl({ status: 'unmanned' }, { push: true })}>
              {t('stores.attention.show')}
            </Button>
          }
        />
      )}
      <FilterBar id="stores" filters={bar} state={filters} />
      <Panel flush>
        <DataTable
          id="stores"
          name={t('stores.title')}
          columns={columns}
          list={list}
          rowKey={(row) => row.id}
          onOpen={(row) => changeUrl({ open: row.id }, { push: true })}
          filtered={filters.active}
          empty={
            <EmptyState
              title={t('stores.empty')}
              text={t('stores.empty.how')}
              action={
                mayWrite && (
                  <Button type="primary" onClick={importing}>
                    {t('stores.import')}
                  </Button>
                )
              }
            />
          }
        />
      </Panel>
      <StoreDrawer id={url.open} onClose={() => changeUrl({ open: undefined })} />
      <ImportDialog open={url.import !== undefined} onClose={() => changeUrl({ import: undefined })} />
    </PageShape>
  )
}

function queryOf(values: UrlValues) {
  const { q, city, region } = values
  const status = statuses.find((one) => one === values.status)
  return {
    ...(q === undefined ? {} : { q }),
    ...(city === undefined ? {} : { city }),
    ...(region === undefined ? {} : { region }),
    ...(status === undefined ? {} : { status }),
  }
}

function columnsOf(t: Say<OrganisationWords>): Column<Store>[] {
  return [
    { key: 'name', title: t('stores.column.name'), fixed: true, render: (row) => row.name },
    { key: 'code', title: t('stores.column.code'), render: (row) => <code>{row.code}</code> },
    { key: 'city', title: t('stores.city'), render: (row) => row.city ?? '–' },
    { key: 'region', title: t('stores.region'), render: (row) => row.region ?? '–' },
    {
      key: 'department',
      title: t('stores.column.department'),
      render: (row) =>
        row.department_id === null ? (
          <Tag color="warning">{t('stores.unmapped')}</Tag>
        ) : (
          (row.department_name ?? row.department_id)
        ),
    },
    {
      key: 'manager',
      title: t('stores.column.manager'),
      render: (row) => row.manager_name ?? row.manager_userid ?? '–',
    },
    { key: 'staff', title: t('stores.column.staff'), align: 'right', render: (row) => <Count value={row.staff} /> },
    {
      key: 'channels',
      title: t('stores.column.channels'),
      align: 'right',
      render: (row) => <Count value={row.channels} />,
    },
    {
      key: 'status',
      title: t('stores.status'),
      render: (row) =>
        row.closed_at === null ? (
          <Tag color="success">{t('stores.status.open')}</Tag>
        ) : (
          <Tag>{t('stores.status.closed')}</Tag>
        ),
    },
    { key: 'hours', title: t('stores.column.hours'), hidden: true, render: (row) => row.opening_hours ?? '–' },
    { key: 'address', title: t('stores.column.address'), hidden: true, render: (row) => row.address ?? '–' },
  ]
}
