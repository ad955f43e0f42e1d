import { Tag } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { money } from '#shared/format/number.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { type Filter, FilterBar, useFilters } from '../../components/FilterBar.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { ExportButton } from '../exports/ExportButton.tsx'
import { type ProductRow, productsKey } from './orders.ts'
import { ProductDrawer } from './ProductDrawer.tsx'
import { Stock } from './Stock.tsx'
import { type CommerceWords, words } from './words.ts'

const sales = ['true', 'false'] as const

export function ProductsPage() {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const filters = useFilters(['q', 'category', 'source', 'sale'])
  const { q, category, source, sale } = filters.values
  const onSale = sales.find((one) => one === sale)
  const asked = {
    ...(q === undefined ? {} : { q }),
    ...(category === undefined ? {} : { category }),
    ...(source === undefined ? {} : { source }),
    ...(onSale === undefined ? {} : { on_sale: onSale }),
  }
  const list = useKeysetList([...productsKey, 'list', filters.values], (cursor) =>
    ask(api.GET('/api/products', { params: { query: { ...asked, ...(cursor === undefined ? {} : { cursor }) } } })),
  )
  const columns = useMemo(() => columnsOf(t), [t])
  const bar: Filter[] = [
    { kind: 'text', key: 'q', label: t('filter.q') },
    { kind: 'text', key: 'category', label: t('filter.category') },
    { kind: 'text', key: 'source', label: t('filter.source') },
    {
      kind: 'choice',
      key: 'sale',
      label: t('filter.sale'),
      options: sales.map((one) => ({ value: one, label: t(`sale.${one}`) })),
    },
  ]
  return (
    <PageShape title={t('products.title')} purpose={t('products.purpose')}>
      <FilterBar id="products" filters={bar} state={filters} />
      <Panel flush>
        <DataTable
          id="products"
          name={t('products.title')}
          columns={columns}
          list={list}
          rowKey={(row) => String(row.id)}
          onOpen={(row) => changeUrl({ open: String(row.id) }, { push: true })}
          filtered={filters.active}
          toolbar={<ExportButton kind="products" filters={asked} filtered={filters.active} />}
          empty={<EmptyState title={t('products.empty')} text={t('products.empty.how')} />}
        />
      </Panel>
      <ProductDrawer id={url['open']} onClose={() => changeUrl({ open: undefined })} />
    </PageShape>
  )
}

function columnsOf(t: Say<CommerceWords>): Column<ProductRow>[] {
  return [
    { key: 'name', title: t('column.product'), fixed: true, render: (row) => row.name },
    { key: 'number', title: t('column.productNumber'), render: (row) => row.number },
    { key: 'category', title: t('filter.category'), render: (row) => row.category || t('none') },
    {
      key: 'price',
      title: t('column.price'),
      align: 'right',
      render: (row) => <span className="num">{row.price === null ? t('none') : money(row.price)}</span>,
    },
    {
      key: 'stock',
      title: t('column.stock'),
      align: 'right',
      render: (row) => <Stock stock={row.stock} />,
    },
    {
      key: 'sale',
      title: t('column.sale'),
      width: 110,
      render: (row) => <Tag color={row.on_sale ? 'success' : 'default'}>{t(`sale.${row.on_sale}`)}</Tag>,
    },
    { key: 'changed', title: t('column.changed'), width: 130, render: (row) => <Ago at={row.updated_at} /> },
    { key: 'source', title: t('column.source'), render: (row) => row.source },
  ]
}
