import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Alert, Button, Tag } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Count } from '../../components/Count.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { type Filter, FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useNow } from '../../lib/businessClock.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { type UrlValues, useUrl } from '../../lib/useUrl.ts'
import { LeavesDrawer } from './leaves/LeavesDrawer.tsx'
import { words as leaveWords } from './leaves/words.ts'
import styles from './organisation.module.css'
import { departmentPaths, isBlocked, isReadiness, type Member, readinessColours, readinesses } from './readiness.ts'
import { StaffDrawer } from './StaffDrawer.tsx'
import { type OrganisationWords, words } from './words.ts'

export function StaffPage() {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const filters = useFilters(['q', 'department', 'store', 'readiness', 'status'])
  const list = useKeysetList(['staff', filters.values], (cursor) =>
    ask(api.GET('/api/staff', { params: { query: { ...queryOf(filters.values), cursor } } })),
  )
  const facets = useQuery({ queryKey: ['staff', 'facets'], queryFn: () => ask(api.GET('/api/staff-facets')) }).data
  const tLeaves = useWords(leaveWords)
  const now = useNow()
  const columns = useMemo(() => columnsOf(t, tLeaves('now'), now), [t, tLeaves, now])
  const blocked = (facets?.readiness ?? [])
    .filter((one) => isBlocked(one.readiness) && one.readiness !== 'gone')
    .reduce((sum, one) => sum + one.count, 0)
  const counts = new Map(facets?.readiness.map((one) => [one.readiness, one.count]))
  const bar: Filter[] = [
    { kind: 'text', key: 'q', label: t('staff.search') },
    {
      kind: 'choice',
      key: 'department',
      label: t('staff.department'),
      searchable: true,
      options: departmentPaths(facets?.departments ?? []),
    },
    {
      kind: 'choice',
      key: 'store',
      label: t('staff.store'),
      searchable: true,
      options: [
        { value: 'none', label: t('staff.store.none') },
        ...(facets?.stores ?? []).map((store) => ({ value: store.id, label: store.name })),
      ],
    },
    {
      kind: 'choice',
      key: 'readiness',
      label: t('staff.readiness'),
      options: [
        { value: 'blocked', label: t('readiness.blocked') },
        ...readinesses
          .filter((one) => one !== 'gone')
          .map((one) => ({ value: one, label: `${t(`readiness.${one}`)} ${counts.get(one) ?? ''}` })),
      ],
    },
    {
      kind: 'choice',
      key: 'status',
      label: t('staff.status'),
      options: [{ value: 'gone', label: t('staff.status.gone') }],
    },
  ]
  return (
    <PageShape
      title={t('staff.title')}
      purpose={t('staff.purpose')}
      action={<Button onClick={() => changeUrl({ leaves: 'open' }, { push: true })}>{tLeaves('open')}</Button>}
    >
      {blocked > 0 && url.readiness === undefined && (
        <Alert
          type="warning"
          showIcon
          title={t('staff.blocked', { count: blocked })}
          action={
            <Button size="small" onClick={() => changeUrl({ readiness: 'blocked' }, { push: true })}>
              {t('staff.blocked.show')}
            </Button>
          }
        />
      )}
      <FilterBar id="staff" filters={bar} state={filters} />
      <Panel flush>
        <DataTable
          id="staff"
          name={t('staff.title')}
          columns={columns}
          list={list}
          rowKey={(row) => row.userid}
          onOpen={(row) => changeUrl({ open: row.userid }, { push: true })}
          filtered={filters.active}
          empty={
            <EmptyState
              title={t('staff.empty')}
              text={t('staff.empty.how')}
              action={
                <Link to="/settings/connect">
                  <Button type="primary">{t('staff.empty.action')}</Button>
                </Link>
              }
            />
          }
        />
      </Panel>
      <LeavesDrawer open={url.leaves !== undefined} onClose={() => changeUrl({ leaves: undefined })} />
      <StaffDrawer id={url.open} onClose={() => changeUrl({ open: undefined })} />
    </PageShape>
  )
}

function queryOf(values: UrlValues) {
  const { q, department, store, readiness, status } = values
  return {
    ...(q === undefined ? {} : { q }),
    ...(department === undefined ? {} : { department: Number(department) }),
    ...(store === undefined ? {} : { store }),
    ...(isReadiness(readiness) ? { readiness } : {}),
    ...(status === 'gone' ? { status: 'gone' as const } : {}),
  }
}

function columnsOf(t: Say<OrganisationWords>, onLeave: string, now: number): Column<Member>[] {
  return [
    {
      key: 'name',
      title: t('staff.column.name'),
      fixed: true,
      render: (row) => row.name,
    },
    {
      key: 'readiness',
      title: t('staff.readiness'),
      render: (row) => (
        <>
          <Tag color={readinessColours[row.readiness]}>{t(`readiness.${row.readiness}`)}</Tag>
          {row.leave !== null && Date.parse(row.leave.from) <= now && <Tag color="warning">{onLeave}</Tag>}
        </>
      ),
    },
    { key: 'store', title: t('staff.store'), render: (row) => row.store?.name ?? '–' },
    {
      key: 'department',
      title: t('staff.department'),
      render: (row) => listed(row.departments.map((one) => one.name)) || '–',
    },
    {
      key: 'customers',
      title: t('staff.column.customers'),
      align: 'right',
      render: (row) => (
        <span className="num">
          <Count value={row.customers} />
          <span className={styles.quiet}> / {row.cap.toLocaleString('en')}</span>
        </span>
      ),
    },
    { key: 'today', title: t('staff.column.today'), align: 'right', render: (row) => <Count value={row.adds_today} /> },
    { key: 'net7', title: t('staff.column.net7'), align: 'right', render: (row) => <Count value={row.net7} /> },
    { key: 'codes', title: t('staff.column.codes'), align: 'right', render: (row) => <Count value={row.codes} /> },
    { key: 'position', title: t('staff.column.position'), hidden: true, render: (row) => row.position ?? '–' },
    { key: 'userid', title: t('staff.column.userid'), hidden: true, render: (row) => <code>{row.userid}</code> },
  ]
}
