import { Button, Tag, Tooltip } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { DomainPanel } from './DomainPanel.tsx'
import { LinkSettingsDialog } from './LinkSettingsDialog.tsx'
import { LinksDrawer } from './LinksDrawer.tsx'
import { linksKey } from './links.ts'
import { type LinkWords, words } from './words.ts'

type Run = components['schemas']['RunOfLinks']

/** 短链与点击: runs with links, who opened them; their domains. */
export function LinksPage() {
  const t = useWords(words)
  const maySet = useMay('guide.write')
  const [url, changeUrl] = useUrl()
  const campaign = url['campaign']
  const filters = useFilters(['link'])
  const list = useKeysetList([...linksKey, 'runs', campaign ?? '', filters.values], (cursor) =>
    ask(
      api.GET('/api/links', {
        params: { query: { ...filters.values, ...(campaign && { campaign }), ...(cursor && { cursor }) } },
      }),
    ),
  )
  const columns = useMemo(() => columnsOf(t), [t])
  const open = Number(url['run'])
  return (
    <PageShape
      title={t('title')}
      purpose={t('purpose')}
      {...(maySet && { action: <Button onClick={() => changeUrl({ settings: '1' })}>{t('settings')}</Button> })}
    >
      <DomainPanel />
      <FilterBar id="links" state={filters} filters={[{ kind: 'text', key: 'link', label: t('filter.link') }]} />
      <Panel flush>
        <DataTable<Run>
          id="links"
          name={t('title')}
          columns={columns}
          list={list}
          rowKey={(row) => String(row.run)}
          onOpen={(row) => changeUrl({ run: String(row.run) }, { push: true })}
          filtered={campaign !== undefined || filters.active}
          empty={<EmptyState title={t('empty')} text={t('empty.how')} />}
          toolbar={
            campaign !== undefined && <Button onClick={() => changeUrl({ campaign: undefined })}>{t('all')}</Button>
          }
        />
      </Panel>
      {Number.isInteger(open) && open > 0 && (
        <LinksDrawer
          run={open}
          name={list.rows?.find((row) => row.run === open)?.campaign.name}
          onClose={() => changeUrl({ run: undefined })}
        />
      )}
      {url['settings'] !== undefined && <LinkSettingsDialog onClose={() => changeUrl({ settings: undefined })} />}
    </PageShape>
  )
}

function columnsOf(t: Say<LinkWords>): Column<Run>[] {
  const count = (key: 'links' | 'tasks' | 'known' | 'unknown'): Column<Run> => ({
    ...{ key, title: t(`column.${key}`), align: 'right', width: 140, render: (row) => exactCount(row[key]) },
  })
  return [
    { key: 'campaign', title: t('column.campaign'), fixed: true, render: (row) => row.campaign.name },
    { key: 'at', title: t('column.at'), width: 180, render: (row) => exactTime(row.planned_for) },
    count('tasks'),
    count('links'),
    {
      ...{ key: 'persons', title: t('column.persons'), align: 'right', width: 130 },
      render: (row) => <Tooltip title={t('persons.how')}>{exactCount(row.persons)}</Tooltip>,
    },
    count('known'),
    count('unknown'),
    {
      ...{ key: 'state', title: t('column.state'), width: 100 },
      render: (row) => (
        <Tag color={row.stopped ? 'default' : 'success'}>{t(row.stopped ? 'state.off' : 'state.on')}</Tag>
      ),
    },
  ]
}
