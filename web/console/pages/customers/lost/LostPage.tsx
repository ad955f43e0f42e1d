import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { DatePicker, Tag } from 'antd'
import dayjs from 'dayjs'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../../components/Ago.tsx'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { type Filter, FilterBar, useFilters } from '../../../components/FilterBar.tsx'
import { MetricCard } from '../../../components/MetricCard.tsx'
import { PageShape, Panel } from '../../../components/PageShape.tsx'
import { useNow } from '../../../lib/businessClock.ts'
import { useMay } from '../../../lib/session.ts'
import { useKeysetList } from '../../../lib/useKeysetList.ts'
import { StoreFilter } from '../../groups/StoreFilter.tsx'
import styles from '../customers.module.css'
import { listPath } from '../customers.ts'
import { eventText } from '../eventText.ts'
import { Face } from '../Face.tsx'
import { filterOptions } from '../filterOptions.ts'
import { StaffFilter } from '../StaffFilter.tsx'
import { type TimelineWords, words as timelineWords } from '../timeline.words.ts'
import { words as customerWords } from '../words.ts'
import { daysOf, type LostRow, lostKeys, lostQuery } from './lost.ts'
import { type LostWords, words } from './words.ts'

const lostKey = ['lost-customers'] as const

/** Relations that ended, the latest first, with what happened before and what is left of them. */
export function LostPage() {
  const t = useWords(words)
  const ofCustomers = useWords(customerWords)
  const ofTimeline = useWords(timelineWords)
  const navigate = useNavigate()
  const mayStores = useMay('stores.read')
  const filters = useFilters(lostKeys)
  const options = useQuery(filterOptions()).data
  const list = useKeysetList<LostRow>([...lostKey, 'list', filters.values], (cursor) =>
    ask(api.GET('/api/lost-customers', { params: { query: lostQuery(filters.values, cursor) } })),
  )
  const columns = useMemo(() => columnsOf(t, ofTimeline), [t, ofTimeline])
  const { from, until } = filters.values
  const bar: Filter[] = [
    {
      kind: 'choice',
      key: 'by',
      label: t('filter.by'),
      options: [
        { value: 'customer', label: t('by.customer') },
        { value: 'staff', label: t('by.staff') },
      ],
    },
    {
      kind: 'own',
      key: 'staff',
      label: ofCustomers('filter.staff'),
      control: (value, change) => <StaffFilter value={value} onChange={change} />,
    },
    ...(mayStores
      ? [
          {
            kind: 'own' as const,
            key: 'store',
            label: 'store',
            control: (value: string | undefined, change: (value: string | undefined) => void) => (
              <StoreFilter value={value} onChange={change} />
            ),
          },
        ]
      : []),
    {
      kind: 'choice',
      key: 'channel',
      label: t('filter.channel'),
      searchable: true,
      options: (options?.channels ?? []).map((one) => ({ value: one.id, label: one.name })),
    },
    {
      kind: 'own',
      key: 'from',
      also: ['until'],
      label: t('filter.days'),
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
  return (
    <PageShape title={t('title')} purpose={t('purpose')}>
      <Figures />
      <FilterBar id="lost-customers" filters={bar} state={filters} />
      <Panel flush>
        <DataTable
          id="lost-customers"
          name={t('title')}
          columns={columns}
          list={list}
          rowKey={(row) => `${row.id} ${row.userid}`}
          onOpen={(row) => void navigate({ to: `${listPath}/${row.id}` })}
          filtered={filters.active}
          empty={<EmptyState title={t('empty')} text={t('empty.how')} />}
        />
      </Panel>
    </PageShape>
  )
}

function Figures() {
  const t = useWords(words)
  const now = useNow()
  const { data } = useQuery({
    queryKey: [...lostKey, 'figures'],
    queryFn: () => ask(api.GET('/api/lost-customers/figures')),
  })
  if (!data) return null
  const { days } = data
  return (
    <div className={styles.figures}>
      {(['customer', 'staff'] as const).map((by) => (
        <MetricCard
          key={by}
          name={t(`figure.${by}`, { days })}
          value={exactCount(data[`by_${by}`])}
          definition={t('figure.definition')}
          asOf={now}
        />
      ))}
    </div>
  )
}

function columnsOf(t: Say<LostWords>, ofTimeline: Say<TimelineWords>): Column<LostRow>[] {
  return [
    {
      key: 'name',
      title: t('column.name'),
      fixed: true,
      render: (row) => (
        <span className={styles.who}>
          <Face url={row.avatar} />
          {row.name === '' ? <span className={styles.quiet}>{t('unnamed')}</span> : row.name}
        </span>
      ),
    },
    {
      key: 'staff',
      title: t('column.staff'),
      render: (row) => (
        <>
          {row.staff_name}
          {row.store !== null && <div className={styles.quiet}>{row.store}</div>}
        </>
      ),
    },
    {
      key: 'by',
      title: t('column.by'),
      width: 130,
      render: (row) => <Tag color={row.by === 'customer' ? 'error' : 'default'}>{t(`by.${row.by ?? 'unknown'}`)}</Tag>,
    },
    { key: 'ended', title: t('column.ended'), width: 120, render: (row) => <Ago at={row.ended_at} /> },
    {
      key: 'lasted',
      title: t('column.lasted'),
      width: 90,
      render: (row) => {
        const days = daysOf(row)
        return days === undefined ? '–' : days === 0 ? t('days.none') : t('days', { count: days })
      },
    },
    { key: 'channel', title: t('column.channel'), hidden: true, render: (row) => row.channel ?? '–' },
    {
      key: 'touches',
      title: t('column.touches'),
      render: (row) =>
        row.touches.length === 0 ? (
          <span className={styles.quiet}>{t('touches.none')}</span>
        ) : (
          <ul className={styles.touches}>
            {row.touches.map((touch) => (
              <li key={`${touch.kind} ${touch.at}`} title={exactTime(touch.at)}>
                {eventText({ ...touch, by: null }, ofTimeline)}{' '}
                <span className={styles.quiet}>
                  <Ago at={touch.at} />
                </span>
              </li>
            ))}
          </ul>
        ),
    },
    {
      key: 'hints',
      title: t('column.hints'),
      render: (row) => (
        <ul className={styles.hints}>
          {row.hints.map((hint) => (
            <li key={hint}>
              {t(`hint.${hint}`, { names: listed((hint === 'group' ? row.groups : row.others).slice(0, 3)) })}
            </li>
          ))}
          {row.hints.length === 0 && <li className={styles.quiet}>{t('hint.none')}</li>}
        </ul>
      ),
    },
  ]
}
