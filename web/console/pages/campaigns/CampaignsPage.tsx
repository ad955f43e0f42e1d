import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { App, Button, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import type { Say } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { useMay } from '../../lib/session.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { type CampaignRow, campaignsKey, states } from './campaign.ts'
import styles from './campaigns.module.css'
import { goalText, scheduleText } from './campaignTexts.ts'
import { KindContext, kindPaths, useKind, useKindOfPage, useKindWords } from './kind.ts'
import './kinds.tsx'
import { RunTag } from './RunTag.tsx'
import { StateTag } from './StateTag.tsx'
import { type CampaignWords, words } from './words.ts'

/** The sends of one kind, the last changed first. */
export function CampaignsPage() {
  const kind = useKindOfPage()
  return (
    <KindContext value={kind}>
      <CampaignList key={kind} />
    </KindContext>
  )
}

function CampaignList() {
  const kind = useKind()
  const t = useKindWords(words)
  const navigate = useNavigate()
  const mayWrite = useMay('campaigns.write')
  const filters = useFilters(['q', 'state', 'template'])
  const { q, state, template } = filters.values
  const list = useKeysetList<CampaignRow>([...campaignsKey, 'list', kind, filters.values], (cursor) =>
    ask(
      api.GET('/api/campaigns', {
        params: {
          query: {
            kind,
            ...(q === undefined ? {} : { q }),
            ...stateOf(state),
            ...(template === 'yes' ? { template: 'yes' as const } : {}),
            ...(cursor === undefined ? {} : { cursor }),
          },
        },
      }),
    ),
  )
  const make = mayWrite && (
    <Button type="primary" onClick={() => void navigate({ to: `${kindPaths[kind]}/new` })}>
      {t('new')}
    </Button>
  )
  return (
    <PageShape title={t('title')} purpose={t('purpose')} action={make}>
      <FilterBar
        id="campaigns"
        state={filters}
        filters={[
          { kind: 'text', key: 'q', label: t('filter.name') },
          {
            ...{ kind: 'choice', key: 'state', label: t('filter.state') },
            options: states.map((one) => ({ value: one, label: t(`state.${one}`) })),
          },
          {
            ...{ kind: 'choice', key: 'template', label: t('filter.template') },
            options: [{ value: 'yes', label: t('filter.templates') }],
          },
        ]}
      />
      <Panel flush>
        <DataTable<CampaignRow>
          id="campaigns"
          name={t('title')}
          list={list}
          columns={columnsOf(t, mayWrite)}
          rowKey={(row) => row.id}
          onOpen={(row) => void navigate({ to: `${kindPaths[kind]}/${row.id}` })}
          filtered={filters.active}
          empty={<EmptyState title={t('empty')} text={t('empty.how')} action={make || undefined} />}
        />
      </Panel>
    </PageShape>
  )
}

function stateOf(text: string | undefined): { state?: CampaignRow['state'] } {
  const state = states.find((one) => one === text)
  return state === undefined ? {} : { state }
}

function columnsOf(t: Say<CampaignWords>, mayWrite: boolean): Column<CampaignRow>[] {
  return [
    { key: 'name', title: t('column.name'), fixed: true, render: (row) => row.name },
    {
      key: 'state',
      title: t('column.state'),
      width: 110,
      render: (row) => (row.template ? <Tag>{t('template')}</Tag> : <StateTag state={row.state} />),
    },
    { key: 'goal', title: t('column.goal'), render: (row) => goalText(t, row.goal) },
    {
      key: 'time',
      title: t('column.time'),
      render: (row) => (
        <span className="num">
          {row.next_at === null ? scheduleText(t, row.schedule) : exactTime(row.next_at).slice(0, 16)}
        </span>
      ),
    },
    {
      key: 'run',
      title: t('column.runs'),
      render: (row) =>
        row.run === null ? (
          t('nobody')
        ) : (
          <span className={styles.rowActs}>
            <RunTag state={row.run.state} />
            <Ago at={row.run.planned_for} />
          </span>
        ),
    },
    {
      key: 'version',
      title: t('column.version'),
      hidden: true,
      render: (row) => t('version.n', { version: row.version }),
    },
    { key: 'author', title: t('column.by'), hidden: true, render: (row) => row.author ?? t('system') },
    { key: 'changed', title: t('column.changed'), hidden: true, render: (row) => <Ago at={row.changed_at} /> },
    { key: 'acts', title: t('column.acts'), fixed: true, render: (row) => <RowActs row={row} mayWrite={mayWrite} /> },
  ]
}

function RowActs({ row, mayWrite }: { row: CampaignRow; mayWrite: boolean }) {
  const t = useKindWords(words)
  const navigate = useNavigate()
  const path = kindPaths[row.kind]
  const mayAudit = useMay('audit.read')
  const { message } = App.useApp()
  const copy = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/campaigns/{id}/copy', {
          params: { path: { id: row.id } },
          body: { name: t('copy.name', { name: row.name.slice(0, 50) }), template: false },
        }),
      ),
    onSuccess: async (made) => {
      void message.success(t('copied'))
      await navigate({ to: `${path}/${made.id}/edit` })
    },
    onError: (error) => message.error(explain(error).title),
  })
  return (
    <span className={styles.rowActs}>
      {mayWrite && row.state === 'draft' && <Link to={`${path}/${row.id}/edit`}>{t('edit')}</Link>}
      {mayWrite && (
        <Button className={styles.plain ?? ''} type="link" loading={copy.isPending} onClick={() => copy.mutate()}>
          {t('copy')}
        </Button>
      )}
      {row.run !== null && (
        <Link to={`${path}/${row.id}`} search={{ tab: 'report' }}>
          {t('data')}
        </Link>
      )}
      {mayAudit && (
        <Link to="/settings/audit" search={{ object_id: row.id }}>
          {t('log')}
        </Link>
      )}
    </span>
  )
}
