import { useQuery } from '@tanstack/react-query'
import { Button, Tag } from 'antd'
import { useMemo, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useStaticList } from '../../lib/useStaticList.ts'
import { LimitEditor } from './LimitEditor.tsx'
import styles from './LimitsPage.module.css'
import { LimitUse } from './LimitUse.tsx'
import { filterLimits, groupOf, type LimitValue } from './limits.ts'
import { groupName, valueText } from './limitWords.ts'
import { words } from './words.ts'

type T = Say<keyof typeof words.zh>

export interface Limit {
  name: string
  value: LimitValue
  unit: string
  source: string
  url: string | null
  date: string
  grade: string
  note: string
  override: LimitValue | null
}

const grades = ['A', 'B', 'C'] as const
const gradeColours: Record<string, string> = { A: 'success', B: 'processing', C: 'warning' }

export function LimitsPage() {
  const t = useWords(words)
  const filters = useFilters(['q', 'group', 'grade'])
  const query = useQuery({ queryKey: ['limits'], queryFn: () => ask(api.GET('/api/limits')) })
  const limits: readonly Limit[] | undefined = query.data?.items
  const found = useMemo(() => limits && filterLimits(limits, filters.values), [limits, filters.values])
  const list = useStaticList(query, found)
  const mayWrite = useMay('limits.write')
  const [edited, setEdited] = useState<Limit>()
  const columns = useMemo(() => columnsOf(t, mayWrite ? setEdited : undefined), [t, mayWrite])
  const groups = useMemo(() => [...new Set(limits?.map((limit) => groupOf(limit.name)))], [limits])
  return (
    <PageShape title={t('limits.title')} purpose={t('limits.purpose')}>
      <LimitUse />
      <FilterBar
        id="limits"
        state={filters}
        filters={[
          { kind: 'text', key: 'q', label: t('limits.search') },
          {
            kind: 'choice',
            key: 'group',
            label: t('limits.group'),
            options: groups.map((group) => ({ value: group, label: groupName(group, t) })),
            searchable: true,
          },
          {
            kind: 'choice',
            key: 'grade',
            label: t('limits.grade'),
            options: grades.map((grade) => ({ value: grade, label: t(`limits.grade.${grade}`) })),
          },
        ]}
      />
      <Panel flush>
        <DataTable
          id="limits"
          name={t('limits.title')}
          columns={columns}
          list={list}
          rowKey={(limit) => limit.name}
          filtered={filters.active}
          toolbar={<span className={styles.count}>{t('limits.count', { count: found?.length ?? 0 })}</span>}
          empty={<EmptyState title={t('limits.none')} text={t('limits.none.how')} />}
        />
      </Panel>
      {edited && <LimitEditor limit={edited} onClose={() => setEdited(undefined)} />}
    </PageShape>
  )
}

function columnsOf(t: T, onEdit: ((limit: Limit) => void) | undefined): Column<Limit>[] {
  return [
    {
      key: 'name',
      title: t('limits.column.name'),
      fixed: true,
      render: (limit) => (
        <div className={styles.name}>
          {limit.note}
          <code className={styles.code}>{limit.name}</code>
        </div>
      ),
    },
    { key: 'group', title: t('limits.group'), render: (limit) => groupName(groupOf(limit.name), t) },
    {
      key: 'value',
      title: t('limits.column.value'),
      align: 'right',
      fixed: true,
      render: (limit) => (
        <span title={`${limit.value} ${limit.unit}`}>
          {limit.override === null ? (
            <strong>{valueText(limit.value, limit.unit, t)}</strong>
          ) : (
            <>
              <strong className={styles.override}>
                {t('limits.override', { value: valueText(limit.override, limit.unit, t) })}
              </strong>
              <br />
              <s className={styles.count}>{valueText(limit.value, limit.unit, t)}</s>
            </>
          )}
        </span>
      ),
    },
    {
      key: 'source',
      title: t('limits.column.source'),
      render: (limit) =>
        limit.url === null ? (
          limit.source
        ) : (
          <a href={limit.url} target="_blank" rel="noreferrer">
            {limit.source}
          </a>
        ),
    },
    { key: 'date', title: t('limits.column.date'), render: (limit) => limit.date },
    {
      key: 'grade',
      title: t('limits.column.grade'),
      render: (limit) => <Tag color={gradeColours[limit.grade] ?? 'default'}>{gradeName(limit.grade, t)}</Tag>,
    },
    ...(onEdit === undefined
      ? []
      : [
          {
            key: 'edit',
            title: '',
            fixed: true,
            render: (limit: Limit) => (
              <Button
                type="link"
                size="small"
                aria-label={`${t('limits.edit')} ${limit.name}`}
                onClick={() => onEdit(limit)}
              >
                {t('limits.edit')}
              </Button>
            ),
          },
        ]),
  ]
}

function gradeName(grade: string, t: T): string {
  const known = grades.find((one) => one === grade)
  return known === undefined ? grade : t(`limits.grade.${known}`)
}
