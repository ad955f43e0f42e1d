import { DownOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Dropdown } from 'antd'
import { useEffect, useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { type Filter, FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { type KeysetList, useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { BulkDialog } from './BulkDialog.tsx'
import { ChannelActions } from './ChannelActions.tsx'
import { type ChannelRow, kinds, listPath, listQuery, readGroups, rowState } from './channel.ts'
import { LandingDialog } from './LandingDialog.tsx'
import { StateTag } from './StateTag.tsx'
import { type ChannelWords, words } from './words.ts'

export function ChannelsPage() {
  const t = useWords(words)
  const navigate = useNavigate()
  const mayWrite = useMay('channels.write')
  const mayGuide = useMay('guide.write')
  const [url, changeUrl] = useUrl()
  const filters = useFilters(['q', 'kind', 'status', 'group', 'problem'])
  const list = useKeysetList(['channels', 'list', filters.values], (cursor) =>
    ask(api.GET('/api/channels', { params: { query: listQuery(filters.values, cursor) } })),
  )
  const groups = useQuery({ queryKey: ['channels', 'groups'], queryFn: readGroups }).data ?? []
  useFollow(list)
  const columns = useMemo(() => columnsOf(t, mayWrite), [t, mayWrite])
  const open = (id: string) => void navigate({ to: `${listPath}/${id}` })
  const create = (
    <Button type="primary" onClick={() => void navigate({ to: `${listPath}/new` })}>
      {t('create')}
    </Button>
  )
  const bar: Filter[] = [
    { kind: 'text', key: 'q', label: t('filter.q') },
    {
      kind: 'choice',
      key: 'kind',
      label: t('filter.kind'),
      options: kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) })),
    },
    {
      kind: 'choice',
      key: 'status',
      label: t('filter.status'),
      options: (['active', 'stopped'] as const).map((one) => ({ value: one, label: t(`status.${one}`) })),
    },
    {
      kind: 'choice',
      key: 'group',
      label: t('filter.group'),
      searchable: true,
      options: groups.map((group) => ({ value: group, label: group })),
    },
    {
      kind: 'choice',
      key: 'problem',
      label: t('filter.problem'),
      options: [{ value: 'yes', label: t('filter.problem.yes') }],
    },
  ]
  const shown = list.rows ?? []
  const group = filters.values['group']
  const print = `/api/channels/sheet?ids=${shown.map((row) => row.id).join(',')}`
  return (
    <PageShape
      title={t('title')}
      purpose={t('purpose')}
      action={
        <>
          <Dropdown
            trigger={['click']}
            menu={{
              items: [
                ...(mayWrite
                  ? [{ key: 'bulk', label: t('more.bulk'), onClick: () => changeUrl({ bulk: 'new' }) }]
                  : []),
                {
                  key: 'capacity',
                  label: t('more.capacity'),
                  onClick: () => void navigate({ to: `${listPath}/capacity` }),
                },
                {
                  key: 'orphans',
                  label: t('more.orphans'),
                  onClick: () => void navigate({ to: `${listPath}/orphans` }),
                },
                ...(mayGuide
                  ? [{ key: 'landing', label: t('more.landing'), onClick: () => changeUrl({ landing: 'open' }) }]
                  : []),
                ...(group === undefined
                  ? []
                  : [
                      {
                        key: 'pictures',
                        label: (
                          <a href={`/api/channels/pictures?group=${encodeURIComponent(group)}`}>{t('more.pictures')}</a>
                        ),
                      },
                    ]),
                ...(shown.length === 0
                  ? []
                  : [
                      {
                        key: 'print',
                        label: (
                          <a href={print} target="_blank" rel="noreferrer">
                            {t('more.print')}
                          </a>
                        ),
                      },
                    ]),
              ],
            }}
          >
            <Button icon={<DownOutlined />} iconPlacement="end">
              {t('more')}
            </Button>
          </Dropdown>{' '}
          {mayWrite && create}
        </>
      }
    >
      <FilterBar id="channels" filters={bar} state={filters} />
      <Panel flush>
        <DataTable
          id="channels"
          name={t('title')}
          columns={columns}
          list={list}
          rowKey={(row) => row.id}
          onOpen={(row) => open(row.id)}
          filtered={filters.active}
          empty={<EmptyState title={t('empty')} text={t('empty.how')} {...(mayWrite ? { action: create } : {})} />}
        />
      </Panel>
      <BulkDialog
        operation={url.bulk}
        onClose={() => changeUrl({ bulk: undefined })}
        group={url['group']}
        onBegun={(id, group) => changeUrl({ bulk: id, group })}
      />
      {url['landing'] !== undefined && <LandingDialog onClose={() => changeUrl({ landing: undefined })} />}
    </PageShape>
  )
}

const followMs = 2_000

/** While a code is being made or changed at the platform, the list looks again by itself. */
function useFollow(list: KeysetList<ChannelRow>): void {
  const moving = (list.rows ?? []).some((row) => ['making', 'pending'].includes(rowState(row).key))
  const { refresh } = list
  useEffect(() => {
    if (!moving) return
    const timer = setInterval(refresh, followMs)
    return () => clearInterval(timer)
  })
}

function columnsOf(t: Say<ChannelWords>, mayWrite: boolean): Column<ChannelRow>[] {
  return [
    { key: 'name', title: t('column.name'), fixed: true, render: (row) => row.name },
    { key: 'group', title: t('column.group'), render: (row) => row.group || '–' },
    { key: 'kind', title: t('column.kind'), render: (row) => t(`kind.${row.kind}`) },
    { key: 'state', title: t('column.state'), render: (row) => <StateTag row={row} /> },
    {
      key: 'onDuty',
      title: t('column.onDuty'),
      align: 'right',
      render: (row) => (row.kind === 'landing' ? '–' : row.on_duty),
    },
    { key: 'today', title: t('column.today'), align: 'right', render: (row) => exactCount(row.adds_today) },
    { key: 'week', title: t('column.week'), align: 'right', render: (row) => exactCount(row.adds_7d) },
    {
      key: 'losses',
      title: t('column.losses'),
      align: 'right',
      hidden: true,
      render: (row) => exactCount(row.losses_7d),
    },
    {
      key: 'scans',
      title: t('column.scans'),
      align: 'right',
      hidden: true,
      render: (row) =>
        row.scans_today === null ? <span title={t('column.scans.none')}>–</span> : exactCount(row.scans_today),
    },
    {
      key: 'store',
      title: t('column.store'),
      hidden: true,
      render: (row) => (row.routed_store ?? row.store)?.name ?? '–',
    },
    { key: 'created', title: t('column.created'), render: (row) => <Ago at={row.created_at} /> },
    { key: 'parameter', title: t('column.parameter'), hidden: true, render: (row) => row.state },
    {
      key: 'actions',
      title: t('column.actions'),
      fixed: true,
      render: (row) => <ChannelActions row={row} mayWrite={mayWrite} />,
    },
  ]
}
