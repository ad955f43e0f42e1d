import { Tag, Tooltip } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import styles from '../commerce/commerce.module.css'
import { type AppMessageWords, words } from './words.ts'

type Message = components['schemas']['AppMessage']

const states = ['waiting', 'making', 'sent', 'refused', 'unknown'] as const
const colours = { waiting: 'default', making: 'processing', sent: 'success', refused: 'error', unknown: 'warning' }

/** What members were told, the latest first. */
export function MessageList() {
  const t = useWords(words)
  const language = useLanguage() === 'en' ? 'en' : 'zh'
  const filters = useFilters(['state', 'tap', 'userid'])
  const list = useKeysetList(['app-messages', filters.values], (cursor) =>
    ask(api.GET('/api/app-messages', { params: { query: { ...filters.values, ...(cursor && { cursor }) } } })),
  )
  const columns = useMemo(() => columnsOf(t, language), [t, language])
  return (
    <>
      <FilterBar
        id="app-messages"
        state={filters}
        filters={[
          {
            ...{ kind: 'choice', key: 'state', label: t('filter.state') },
            options: states.map((value) => ({ value, label: t(`state.${value}`) })),
          },
          {
            ...{ kind: 'choice', key: 'tap', label: t('filter.tap') },
            options: (['waiting', 'taken'] as const).map((value) => ({ value, label: t(`tap.${value}`) })),
          },
          { kind: 'text', key: 'userid', label: t('filter.userid') },
        ]}
      />
      <Panel flush>
        <DataTable
          id="app-messages"
          name={t('title')}
          columns={columns}
          list={list}
          rowKey={(row) => String(row.id)}
          filtered={filters.active}
          empty={<EmptyState title={t('empty')} text={t('empty.how')} />}
        />
      </Panel>
    </>
  )
}

function columnsOf(t: Say<AppMessageWords>, language: 'zh' | 'en'): Column<Message>[] {
  return [
    { key: 'at', title: t('column.at'), fixed: true, width: 130, render: (row) => <Ago at={row.at} /> },
    { key: 'staff', title: t('column.staff'), width: 120, render: (row) => row.staff_name ?? row.userid },
    {
      key: 'text',
      title: t('column.text'),
      render: (row) => (
        <>
          {row.text}
          {(row.together ?? 0) > 1 && (
            <div className={styles.quiet}>{t('together', { count: (row.together ?? 1) - 1 })}</div>
          )}
        </>
      ),
    },
    {
      key: 'state',
      title: t('column.state'),
      width: 110,
      render: (row) => (
        <>
          <Tooltip title={row.state === 'unknown' ? t('state.unknown.how') : undefined}>
            <Tag color={colours[row.state]}>{t(`state.${row.state}`)}</Tag>
          </Tooltip>
          {row.tap !== null && (
            <div className={styles.quiet}>
              {row.tap.outcome} · <Ago at={row.tap.at} />
            </div>
          )}
          {row.card && row.tap === null && <div className={styles.quiet}>{t('tap.nobody')}</div>}
          {row.problem !== null && <div className={styles.quiet}>{row.problem[language]}</div>}
        </>
      ),
    },
    { key: 'kind', title: t('column.kind'), width: 140, render: (row) => row.kind_name[language] },
  ]
}
