import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount, share } from '#shared/format/number.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { Count } from '../../components/Count.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useStaticList } from '../../lib/useStaticList.ts'
import styles from './audiences.module.css'
import { type AudienceItem, audiencesKey, audiencesPath, kinds } from './audiences.ts'
import { Drift } from './Drift.tsx'
import { SettingsDialog } from './SettingsDialog.tsx'
import { type AudienceListWords, words } from './words.ts'

/** Every audience of the brand: how large, how fresh, and whether it moved. */
export function AudiencesPage() {
  const t = useWords(words)
  const language = useLanguage()
  const navigate = useNavigate()
  const mayWrite = useMay('audiences.write')
  const maySet = useMay('customers.export_any')
  const [setting, setSetting] = useState(false)
  const filters = useFilters(['q', 'kind'])
  const query = useQuery({
    queryKey: [...audiencesKey, 'list'],
    queryFn: () => ask(api.GET('/api/audiences')),
    // live ones move while the page is open
    refetchInterval: 10_000,
  })
  const q = (filters.values['q'] ?? '').toLowerCase()
  const kind = filters.values['kind']
  const rows = query.data?.items.filter(
    (one) => `${one.name} ${one.description}`.toLowerCase().includes(q) && (kind === undefined || one.kind === kind),
  )
  const list = useStaticList(query, rows)
  const make = mayWrite && (
    <Button type="primary" onClick={() => void navigate({ to: `${audiencesPath}/new` })}>
      {t('new')}
    </Button>
  )
  return (
    <PageShape
      title={t('title')}
      purpose={t('purpose')}
      action={
        <div className={styles.acts}>
          {maySet && <Button onClick={() => setSetting(true)}>{t('settings')}</Button>}
          {make}
        </div>
      }
    >
      {setting && <SettingsDialog onClose={() => setSetting(false)} />}
      <FilterBar
        id="audiences"
        state={filters}
        filters={[
          { kind: 'text', key: 'q', label: t('column.name') },
          {
            ...{ kind: 'choice', key: 'kind', label: t('column.kind') },
            options: kinds.map((one) => ({ value: one, label: t(`kind.${one}`) })),
          },
        ]}
      />
      <Panel flush>
        <DataTable<AudienceItem>
          id="audiences"
          name={t('title')}
          list={list}
          columns={columns(t, (text) => (language === 'en' ? text.en : text.zh))}
          rowKey={(row) => row.id}
          onOpen={(row) => void navigate({ to: `${audiencesPath}/${row.id}` })}
          filtered={filters.active}
          empty={<EmptyState title={t('empty.title')} text={t('empty.text')} action={make || undefined} />}
        />
      </Panel>
    </PageShape>
  )
}

function columns(
  t: Say<AudienceListWords>,
  said: (text: { zh: string; en: string }) => string,
): Column<AudienceItem>[] {
  return [
    { key: 'name', title: t('column.name'), fixed: true, render: (row) => row.name },
    {
      key: 'kind',
      title: t('column.kind'),
      width: 110,
      render: (row) => (
        <Tag color={row.kind === 'live' ? 'success' : 'default'} title={t(`kind.${row.kind}.how`)}>
          {t(`kind.${row.kind}`)}
        </Tag>
      ),
    },
    {
      key: 'size',
      title: t('column.size'),
      align: 'right',
      render: (row) =>
        row.size === null ? (
          '–'
        ) : (
          <span title={row.of ? t('share', { share: share(row.size / row.of) }) : exactCount(row.size)}>
            <Count value={row.size} />
          </span>
        ),
    },
    {
      key: 'drift',
      title: t('column.drift'),
      align: 'right',
      render: (row) => <Drift item={row} />,
    },
    {
      key: 'computed',
      title: t('column.computed'),
      width: 150,
      render: (row) => (
        <>
          {row.computed_at === null ? t('never') : <Ago at={row.computed_at} />}
          {row.freshness === 'stale' && <Tag color="warning">{t('stale')}</Tag>}
        </>
      ),
    },
    { key: 'rule', title: t('column.rule'), render: (row) => <div className={styles.rule}>{said(row.words)}</div> },
    { key: 'owner', title: t('column.owner'), hidden: true, render: (row) => row.owner ?? '–' },
  ]
}
