import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, DatePicker, Tag } from 'antd'
import dayjs from 'dayjs'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { type Filter, FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay, useSession } from '../../lib/session.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { ExportButton } from '../exports/ExportButton.tsx'
import styles from './customers.module.css'
import { type CustomerRow, customersKey, filterKeys, listPath, listQuery, statuses } from './customers.ts'
import { Face } from './Face.tsx'
import { filterOptions } from './filterOptions.ts'
import { KnownPersons } from './KnownPersons.tsx'
import { StaffFilter } from './StaffFilter.tsx'
import { StatusTag } from './StatusTag.tsx'
import { SyncButton } from './SyncButton.tsx'
import { SyncDrawer } from './SyncDrawer.tsx'
import { SyncStrip } from './SyncStrip.tsx'
import { OwnersDialog } from './senders/OwnersDialog.tsx'
import { words as senderWords } from './senders/words.ts'
import { useServerViews } from './useServerViews.ts'
import { type CustomerWords, words } from './words.ts'

export function CustomersPage() {
  const t = useWords(words)
  const navigate = useNavigate()
  const [url, changeUrl] = useUrl()
  const filters = useFilters(filterKeys)
  const views = useServerViews()
  const seesAll = useSession().account.scope.kind === 'corp'
  const mayAssign = useMay('customers.assign')
  const tSenders = useWords(senderWords)
  const options = useQuery(filterOptions()).data
  const unmet = filters.values['status'] === 'none'
  const list = useKeysetList([...customersKey, 'list', filters.values], (cursor) =>
    ask(api.GET('/api/customers', { params: { query: listQuery(filters.values, cursor) } })),
  )
  const columns = useMemo(() => columnsOf(t), [t])
  const { from, until } = filters.values
  const all: Filter[] = [
    { kind: 'text', key: 'q', label: t(unmet ? 'known.q' : 'filter.q') },
    {
      kind: 'own',
      key: 'staff',
      label: t('filter.staff'),
      control: (value, change) => <StaffFilter value={value} onChange={change} />,
    },
    {
      kind: 'choice',
      key: 'channel',
      label: t('filter.channel'),
      searchable: true,
      options: (options?.channels ?? []).map((one) => ({ value: one.id, label: one.name })),
    },
    {
      kind: 'choice',
      key: 'tag',
      label: t('filter.tag'),
      searchable: true,
      options: (options?.tags ?? []).map((one) => ({ value: one.id, label: `${one.group} / ${one.name}` })),
    },
    {
      kind: 'choice',
      key: 'audience',
      label: t('filter.audience'),
      searchable: true,
      options: (options?.audiences ?? []).map((one) => ({ value: one.id, label: one.name })),
    },
    {
      kind: 'choice',
      key: 'status',
      label: t('filter.status'),
      options: [...statuses, ...(seesAll ? ['none' as const] : [])].map((status) => ({
        value: status,
        label: t(`status.${status}`),
      })),
    },
    {
      kind: 'own',
      key: 'from',
      also: ['until'],
      label: t('filter.from'),
      control: () => (
        <DatePicker.RangePicker
          className={styles.days}
          aria-label={t('filter.days')}
          placeholder={[t('filter.from'), t('filter.until')]}
          allowEmpty
          value={[from === undefined ? null : dayjs(from), until === undefined ? null : dayjs(until)]}
          onChange={(_, days) => filters.change({ from: days?.[0] || undefined, until: days?.[1] || undefined })}
        />
      ),
    },
  ]
  // of whom no member added there is neither a member nor a tag to ask for
  const bar = unmet ? all.filter(({ key }) => key === 'q' || key === 'status') : all
  return (
    <PageShape title={t('title')} purpose={t('purpose')} action={<SyncButton />}>
      <SyncStrip onOpen={() => changeUrl({ open: 'sync' }, { push: true })} />
      <FilterBar id="customers" filters={bar} state={filters} views={views} />
      {unmet && <KnownPersons q={filters.values['q']} />}
      {!unmet && (
        <Panel flush>
          <DataTable
            id="customers"
            name={t('title')}
            columns={columns}
            list={list}
            rowKey={(row) => String(row.id)}
            onOpen={(row) => void navigate({ to: `${listPath}/${row.id}` })}
            filtered={filters.active}
            toolbar={
              <>
                {mayAssign && seesAll && (
                  <Button size="small" onClick={() => changeUrl({ open: 'owners' }, { push: true })}>
                    {tSenders('bulk.open')}
                  </Button>
                )}
                <ExportButton
                  kind="customers"
                  filters={listQuery(filters.values, undefined)}
                  filtered={filters.active}
                />
              </>
            }
            empty={<EmptyState title={t('empty')} text={t('empty.how')} action={<SyncButton />} />}
          />
        </Panel>
      )}
      <OwnersDialog open={url['open'] === 'owners'} onClose={() => changeUrl({ open: undefined })} />
      <SyncDrawer open={url['open'] === 'sync'} onClose={() => changeUrl({ open: undefined })} />
    </PageShape>
  )
}

const tagsShown = 3
const membersShown = 2

function columnsOf(t: Say<CustomerWords>): Column<CustomerRow>[] {
  return [
    {
      key: 'name',
      title: t('column.name'),
      fixed: true,
      render: (row) => (
        <span className={styles.who}>
          <Face url={row.avatar} />
          <span>
            {row.name === '' ? <span className={styles.quiet}>{t('unnamed')}</span> : row.name}
            {row.corp_name !== null && <span className={styles.corp}>@{row.corp_name}</span>}
          </span>
        </span>
      ),
    },
    { key: 'status', title: t('column.status'), width: 110, render: (row) => <StatusTag status={row.status} /> },
    {
      key: 'members',
      title: t('column.members'),
      render: (row) => {
        const names = row.members.slice(0, membersShown).map((member) => (
          <span key={member.userid} className={member.status === 'ended' ? styles.past : styles.member}>
            {member.name}
          </span>
        ))
        return (
          <span className={styles.row}>
            {names}
            {row.members.length > membersShown && (
              <span className={styles.quiet}>{t('more', { count: row.members.length })}</span>
            )}
          </span>
        )
      },
    },
    {
      key: 'tags',
      title: t('column.tags'),
      render: (row) => (
        <span className={styles.row}>
          {row.tags.slice(0, tagsShown).map((tag) => (
            <Tag key={tag.id}>{tag.name}</Tag>
          ))}
          {row.tags.length > tagsShown && (
            <span className={styles.quiet} title={listed(row.tags.map((tag) => tag.name))}>
              {t('moreTags', { count: row.tags.length - tagsShown })}
            </span>
          )}
        </span>
      ),
    },
    {
      key: 'channel',
      title: t('column.channel'),
      render: (row) => listed(row.channels.map((channel) => channel.name)) || '–',
    },
    { key: 'remark', title: t('column.remark'), render: (row) => row.remark || '–' },
    { key: 'added', title: t('column.added'), width: 130, render: (row) => <Ago at={row.last_added_at} /> },
  ]
}
