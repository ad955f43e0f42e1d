import { Tag } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { duration, toMs } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { type Filter, FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { CallbackDrawer } from './CallbackDrawer.tsx'
import { callbackStates, isCallbackState, stateColours } from './callbackStates.ts'
import { kindName } from './kinds.ts'
import { words } from './words.ts'

type Callback = components['schemas']['CallbackLogItem']

const groups = ['customer', 'group', 'tag', 'contact', 'link', 'app', 'unknown'] as const

export function CallbacksPage() {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const filters = useFilters(['subject', 'kind', 'state', 'staff'])
  const { state, ...rest } = filters.values
  const list = useKeysetList(['callbacks', filters.values], (cursor) =>
    ask(
      api.GET('/api/callbacks', {
        params: { query: { ...rest, cursor, ...(isCallbackState(state) ? { state } : {}) } },
      }),
    ),
  )
  const columns = useMemo(() => columnsOf(t), [t])
  const bar: Filter[] = [
    { kind: 'text', key: 'subject', label: t('filter.subject') },
    {
      kind: 'choice',
      key: 'kind',
      label: t('filter.kind'),
      options: groups.map((group) => ({ value: group, label: t(`group.${group}`) })),
    },
    {
      kind: 'choice',
      key: 'state',
      label: t('filter.state'),
      options: callbackStates.map((one) => ({ value: one, label: t(`state.${one}`) })),
    },
    { kind: 'text', key: 'staff', label: t('filter.staff') },
  ]
  return (
    <PageShape title={t('title')} purpose={t('purpose')}>
      <FilterBar id="callbacks" filters={bar} state={filters} />
      <Panel flush>
        <DataTable
          id="callbacks"
          name={t('title')}
          columns={columns}
          list={list}
          rowKey={(row) => String(row.id)}
          onOpen={(row) => changeUrl({ open: String(row.id) }, { push: true })}
          filtered={filters.active}
          empty={<EmptyState title={t('empty')} text={t('empty.how')} />}
        />
      </Panel>
      <CallbackDrawer id={url.open} onClose={() => changeUrl({ open: undefined })} />
    </PageShape>
  )
}

function columnsOf(t: Say<keyof typeof words.zh>): Column<Callback>[] {
  return [
    { key: 'kind', title: t('column.kind'), fixed: true, render: (row) => kindName(row.kind, t) },
    { key: 'subject', title: t('column.subject'), render: (row) => row.subject ?? '–' },
    { key: 'staff', title: t('column.staff'), render: (row) => row.staff_name ?? row.staff_userid ?? '–' },
    {
      key: 'state',
      title: t('column.state'),
      render: (row) => <Tag color={stateColours[row.state]}>{t(`state.${row.state}`)}</Tag>,
    },
    { key: 'received', title: t('column.received'), render: (row) => <Ago at={row.received_at} /> },
    {
      key: 'delay',
      title: t('column.delay'),
      align: 'right',
      render: (row) => duration(Math.max(0, toMs(row.received_at) - toMs(row.created_at))),
    },
    { key: 'app', title: t('column.app'), hidden: true, render: (row) => row.app },
    { key: 'attempts', title: t('column.attempts'), align: 'right', hidden: true, render: (row) => row.attempts },
  ]
}
