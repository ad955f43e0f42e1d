import { Link } from '@tanstack/react-router'
import { Drawer } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactCount, money } from '#shared/format/number.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import type { UrlValues } from '../../lib/useUrl.ts'
import styles from './rfm.module.css'
import { type Buyer, type RfmMap, rfmKey, scores } from './rfm.ts'
import { type RfmWords, words } from './words.ts'

/** The buyers of a cell or tier, who spent most first; the address says which. */
export function BuyersDrawer({
  tiers,
  filter,
  onClose,
}: {
  tiers: RfmMap['tiers']
  filter: UrlValues
  onClose: () => void
}) {
  const t = useWords(words)
  const score = (key: 'r' | 'f' | 'm') => scores.find((one) => String(one) === filter[key])
  const [r, f, m] = [score('r'), score('f'), score('m')]
  const tier = filter['tier']
  const query = {
    ...(r === undefined ? {} : { r }),
    ...(f === undefined ? {} : { f }),
    ...(m === undefined ? {} : { m }),
    ...(tier === undefined ? {} : { tier }),
  }
  const list = useKeysetList<Buyer>([...rfmKey, 'buyers', query], (cursor) =>
    ask(
      api.GET('/api/rfm/customers', {
        params: { query: { ...query, limit: 50, ...(cursor === undefined ? {} : { cursor }) } },
      }),
    ),
  )
  const nameOf = (id: string | null) => tiers.find((one) => one.id === id)?.name ?? '–'
  const title = [
    t('list.title'),
    ...(tier === undefined ? [] : [t('list.tier', { tier: nameOf(tier) })]),
    ...(['r', 'f', 'm'] as const).flatMap((key) =>
      query[key] === undefined ? [] : [`${key.toUpperCase()} ${query[key]}`],
    ),
  ].join(' · ')
  return (
    <Drawer open size={860} title={title} onClose={onClose}>
      <DataTable<Buyer>
        id="rfm-buyers"
        name={t('list.title')}
        list={list}
        columns={columns(t, nameOf)}
        rowKey={(row) => String(row.customer_id)}
        filtered
      />
    </Drawer>
  )
}

function columns(t: Say<RfmWords>, nameOf: (tier: string | null) => string): Column<Buyer>[] {
  return [
    {
      key: 'customer',
      title: t('column.customer'),
      fixed: true,
      render: (row) => {
        const name = row.name === '' ? t('unnamed') : row.name
        return row.has_page ? (
          <Link to="/customers/list/$id" params={{ id: String(row.customer_id) }}>
            {name}
          </Link>
        ) : (
          <>
            {name} <span className={styles.quiet}>{t('no.page')}</span>
          </>
        )
      },
    },
    {
      key: 'recency',
      title: t('column.recency'),
      render: (row) => (
        <span title={row.last_day}>
          {row.recency_days === 0 ? t('days.today') : t('days.ago', { days: exactCount(row.recency_days) })}
        </span>
      ),
    },
    { key: 'orders', title: t('column.orders'), align: 'right', render: (row) => exactCount(row.orders) },
    { key: 'net', title: t('column.net'), align: 'right', render: (row) => money(row.net) },
    { key: 'scores', title: t('column.scores'), render: (row) => `${row.r} / ${row.f} / ${row.m}` },
    { key: 'tier', title: t('column.tier'), render: (row) => nameOf(row.tier) },
  ]
}
