import { ExperimentOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Tag } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { Count } from '../../components/Count.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { type Filter, FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { WelcomeDrawer } from './WelcomeDrawer.tsx'
import { WelcomeTestDrawer } from './WelcomeTestDrawer.tsx'
import { levels, type Welcome } from './welcome.ts'
import { type Words, words } from './words.ts'

export function WelcomesPage() {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const mayWrite = useMay('welcome.write')
  const filters = useFilters(['q', 'level'])
  const { q } = filters.values
  const level = levels.find((one) => one === filters.values['level'])
  const list = useKeysetList(['welcomes', filters.values], (cursor) =>
    ask(api.GET('/api/welcomes', { params: { query: { cursor, q, ...(level === undefined ? {} : { level }) } } })),
  )
  const columns = useMemo(() => columnsOf(t), [t])
  const bar: Filter[] = [
    { kind: 'text', key: 'q', label: t('search') },
    {
      kind: 'choice',
      key: 'level',
      label: t('level'),
      options: levels.map((one) => ({ value: one, label: t(`level.${one}`) })),
    },
  ]
  const create = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => changeUrl({ open: 'new' }, { push: true })}>
      {t('create')}
    </Button>
  )
  const actions = (
    <>
      <Button icon={<ExperimentOutlined />} onClick={() => changeUrl({ open: 'test' }, { push: true })}>
        {t('test')}
      </Button>
      {create}
    </>
  )
  return (
    <PageShape title={t('title')} purpose={t('purpose')} action={actions}>
      <FilterBar id="welcomes" filters={bar} state={filters} />
      <Panel flush>
        <DataTable
          id="welcomes"
          name={t('title')}
          columns={columns}
          list={list}
          rowKey={(row) => row.id}
          onOpen={(row) => changeUrl({ open: row.id }, { push: true })}
          filtered={filters.active}
          empty={<EmptyState title={t('empty')} text={t('empty.how')} action={create} />}
        />
      </Panel>
      <WelcomeDrawer id={url.open === 'test' ? undefined : url.open} onClose={() => changeUrl({ open: undefined })} />
      <WelcomeTestDrawer open={url.open === 'test'} onClose={() => changeUrl({ open: undefined })} />
    </PageShape>
  )
}

function columnsOf(t: Say<Words>): Column<Welcome>[] {
  return [
    { key: 'name', title: t('column.name'), fixed: true, render: (row) => row.name },
    { key: 'level', title: t('level'), render: (row) => <Tag>{t(`level.${row.level}`)}</Tag> },
    {
      key: 'target',
      title: t('column.target'),
      render: (row) =>
        row.level === 'default' ? t('target.default') : (row.target_name ?? `${row.target} ${t('target.gone')}`),
    },
    { key: 'bands', title: t('column.bands'), render: (row) => row.bands.join(' · ') },
    { key: 'version', title: t('column.version'), render: (row) => (row.version === null ? '–' : `v${row.version}`) },
    { key: 'sent', title: t('column.sent'), align: 'right', render: (row) => <Count value={row.sent_7d} /> },
    {
      key: 'status',
      title: t('column.status'),
      render: (row) => (row.enabled ? <Tag color="success">{t('on')}</Tag> : <Tag>{t('off')}</Tag>),
    },
    {
      key: 'changed',
      title: t('column.changed'),
      render: (row) =>
        row.changed_at === null ? (
          '–'
        ) : (
          <>
            <Ago at={row.changed_at} /> {row.changed_by}
          </>
        ),
    },
  ]
}
