import { SafetyCertificateOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Tag } from 'antd'
import dayjs from 'dayjs'
import { useMemo, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { type Filter, FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { MachineAgo } from '../../components/MachineAgo.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useSession } from '../../lib/session.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { AuditDrawer } from './AuditDrawer.tsx'
import styles from './audit.module.css'
import { ChainCheck } from './ChainCheck.tsx'
import { actionName, type Entry, outcomeColours, thingName, timesOf } from './entry.ts'
import { type Words, words } from './words.ts'

export function AuditPage() {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const [checking, setChecking] = useState(false)
  const [opened, setOpened] = useState<Entry>()
  const filters = useFilters(['account', 'action', 'outcome', 'object_id', 'days', 'chain'])
  const { account, action, outcome, object_id, days } = filters.values
  const chain = filters.values.chain === 'installation' ? 'installation' : undefined
  const { installation } = useSession().account
  const list = useKeysetList(['audit', filters.values], (cursor) =>
    ask(
      api.GET('/api/audit', {
        params: {
          query: {
            cursor,
            account,
            action,
            object_id,
            chain,
            ...timesOf(days),
            ...(outcome === 'done' || outcome === 'refused' ? { outcome } : {}),
          },
        },
      }),
    ),
  )
  const facets = useQuery({
    queryKey: ['audit', 'facets', chain ?? 'corp'],
    queryFn: () => ask(api.GET('/api/audit/facets', { params: { query: { chain } } })),
  })
  const columns = useMemo(() => columnsOf(t), [t])
  const bar = barOf(t, facets.data, installation)
  const shown = url.open === undefined ? undefined : (list.rows?.find((row) => String(row.seq) === url.open) ?? opened)
  return (
    <PageShape
      title={t('title')}
      purpose={t('purpose')}
      action={
        <Button icon={<SafetyCertificateOutlined />} onClick={() => setChecking(true)}>
          {t('verify')}
        </Button>
      }
    >
      {checking && <ChainCheck key={chain} chain={chain} onClose={() => setChecking(false)} />}
      <FilterBar id="audit" filters={bar} state={filters} />
      <Panel flush>
        <DataTable
          id="audit"
          name={t('title')}
          columns={columns}
          list={list}
          rowKey={(row) => String(row.seq)}
          onOpen={(row) => {
            setOpened(row)
            changeUrl({ open: String(row.seq) }, { push: true })
          }}
          filtered={filters.active}
          empty={<EmptyState title={t('empty')} text={t('empty.how')} />}
        />
      </Panel>
      <AuditDrawer entry={shown} onClose={() => changeUrl({ open: undefined })} />
    </PageShape>
  )
}

interface Facets {
  actions: string[]
  accounts: { id: string; name: string }[]
}

function barOf(t: Say<Words>, facets: Facets | undefined, installation: boolean): Filter[] {
  const actions = facets?.actions ?? []
  const things = [...new Set(actions.map((action) => action.split('.')[0] ?? action))]
  const chains: Filter = {
    kind: 'choice',
    key: 'chain',
    label: t('chain'),
    options: [{ value: 'installation', label: t('chain.installation') }],
  }
  return [
    ...(installation ? [chains] : []),
    {
      kind: 'choice',
      key: 'account',
      label: t('account'),
      searchable: true,
      options: (facets?.accounts ?? []).map((one) => ({ value: one.id, label: one.name })),
    },
    {
      kind: 'choice',
      key: 'action',
      label: t('action'),
      searchable: true,
      options: [
        ...things.map((thing) => ({ value: thing, label: thingName(thing, t) })),
        ...actions.map((action) => ({ value: action, label: actionName(action, t) })),
      ],
    },
    {
      kind: 'choice',
      key: 'outcome',
      label: t('outcome'),
      options: (['done', 'refused'] as const).map((one) => ({ value: one, label: t(`outcome.${one}`) })),
    },
    { kind: 'text', key: 'object_id', label: t('object.id') },
    {
      kind: 'own',
      key: 'days',
      label: t('range'),
      control: (value, change) => {
        const [first, last] = value?.split('~') ?? []
        return (
          <DatePicker.RangePicker
            className={styles.days}
            aria-label={t('range')}
            value={first !== undefined && last !== undefined ? [dayjs(first), dayjs(last)] : null}
            onChange={(_, [from, to]) => change(from === '' || to === '' ? undefined : `${from}~${to}`)}
          />
        )
      },
    },
  ]
}

function columnsOf(t: Say<Words>): Column<Entry>[] {
  return [
    { key: 'at', title: t('at'), fixed: true, render: (row) => <MachineAgo at={row.at} /> },
    {
      key: 'account',
      title: t('account'),
      render: (row) => (row.account.name === '' ? t('system') : row.account.name),
    },
    { key: 'action', title: t('action'), render: (row) => actionName(row.action, t) },
    {
      key: 'object',
      title: t('object'),
      render: (row) => `${thingName(row.object.kind, t)} ${row.object.id === null ? '' : row.object.id.slice(0, 13)}`,
    },
    {
      key: 'outcome',
      title: t('outcome'),
      render: (row) => <Tag color={outcomeColours[row.outcome]}>{t(`outcome.${row.outcome}`)}</Tag>,
    },
    { key: 'reason', title: t('reason'), render: (row) => row.summary.reason ?? '–' },
    { key: 'ip', title: t('from'), render: (row) => row.ip },
    { key: 'seq', title: '#', align: 'right', hidden: true, render: (row) => row.seq },
  ]
}
