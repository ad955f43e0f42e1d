import { useNavigate } from '@tanstack/react-router'
import { Button, DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { type Filter, FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { ExportButton } from '../exports/ExportButton.tsx'
import styles from './commerce.module.css'
import { OrderDrawer } from './OrderDrawer.tsx'
import { Goods, OrderAmount, OrderStatus, WhoBought } from './OrderParts.tsx'
import { type OrderRow, openedOrder, openName, orderFilters, orderStatuses, ordersKey, ordersQuery } from './orders.ts'
import { type CommerceWords, words } from './words.ts'

export function OrdersPage() {
  const t = useWords(words)
  const navigate = useNavigate()
  const mayMakeKeys = useMay('keys.write')
  const [url, changeUrl] = useUrl()
  const filters = useFilters(orderFilters)
  const list = useKeysetList([...ordersKey, 'list', filters.values], (cursor) =>
    ask(api.GET('/api/orders', { params: { query: ordersQuery(filters.values, cursor) } })),
  )
  const columns = useMemo(() => columnsOf(t), [t])
  const { from, until } = filters.values
  const bar: Filter[] = [
    { kind: 'text', key: 'number', label: t('filter.number') },
    {
      kind: 'choice',
      key: 'status',
      label: t('filter.status'),
      options: orderStatuses.map((status) => ({ value: status, label: t(`status.${status}`) })),
    },
    { kind: 'text', key: 'source', label: t('filter.source') },
    { kind: 'text', key: 'store', label: t('filter.store') },
    { kind: 'text', key: 'staff', label: t('filter.staff') },
    {
      kind: 'own',
      key: 'from',
      also: ['until'],
      label: t('filter.from'),
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
  const start = mayMakeKeys && (
    <Button type="primary" onClick={() => void navigate({ to: '/settings/open-api' })}>
      {t('orders.empty.go')}
    </Button>
  )
  return (
    <PageShape title={t('orders.title')} purpose={t('orders.purpose')}>
      <FilterBar id="orders" filters={bar} state={filters} />
      <Panel flush>
        <DataTable
          id="orders"
          name={t('orders.title')}
          columns={columns}
          list={list}
          rowKey={openName}
          onOpen={(row) => changeUrl({ open: openName(row) }, { push: true })}
          filtered={filters.active}
          toolbar={
            <ExportButton kind="orders" filters={ordersQuery(filters.values, undefined)} filtered={filters.active} />
          }
          empty={<EmptyState title={t('orders.empty')} text={t('orders.empty.how')} action={start} />}
        />
      </Panel>
      <OrderDrawer opened={openedOrder(url['open'])} onClose={() => changeUrl({ open: undefined })} />
    </PageShape>
  )
}

function columnsOf(t: Say<CommerceWords>): Column<OrderRow>[] {
  return [
    { key: 'number', title: t('column.number'), fixed: true, render: (row) => row.number },
    { key: 'customer', title: t('column.customer'), render: (row) => <WhoBought customer={row.customer} /> },
    { key: 'goods', title: t('column.goods'), render: (row) => <Goods order={row} /> },
    { key: 'amount', title: t('column.amount'), align: 'right', render: (row) => <OrderAmount order={row} /> },
    { key: 'status', title: t('column.status'), width: 110, render: (row) => <OrderStatus status={row.status} /> },
    { key: 'store', title: t('column.store'), render: (row) => row.store?.name ?? t('none') },
    { key: 'channel', title: t('column.channel'), hidden: true, render: (row) => row.channel ?? t('none') },
    { key: 'seller', title: t('column.seller'), render: (row) => row.seller?.name ?? t('none') },
    {
      key: 'ordered',
      title: t('column.ordered'),
      width: 170,
      render: (row) => <span className="num">{exactTime(row.ordered_at)}</span>,
    },
    { key: 'source', title: t('column.source'), render: (row) => row.source },
  ]
}
