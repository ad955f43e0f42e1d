import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import { listed } from '#shared/format/list.ts'
import { money } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './commerce.module.css'
import { type OrderRow, statusColours } from './orders.ts'
import { words } from './words.ts'

export function OrderStatus({ status }: { status: OrderRow['status'] }) {
  const t = useWords(words)
  return <Tag color={statusColours[status]}>{t(`status.${status}`)}</Tag>
}

/** What the order costs, and below it what was given back. */
export function OrderAmount({ order }: { order: Pick<OrderRow, 'amount' | 'refunded'> }) {
  const t = useWords(words)
  return (
    <span className={styles.amount}>
      <span className="num">{money(order.amount)}</span>
      {order.refunded > 0 && <span className={styles.quiet}>{t('refundedOf', { amount: money(order.refunded) })}</span>}
    </span>
  )
}

/** Whose it is; of somebody who has not added anybody yet only that. */
export function WhoBought({ customer, linked }: { customer: OrderRow['customer']; linked?: boolean }) {
  const t = useWords(words)
  if (!customer.added)
    return (
      <span className={styles.quiet} title={t('customer.unknown.how')}>
        {t('customer.unknown')}
      </span>
    )
  const name = customer.name === '' ? t('customer.unnamed') : customer.name
  return linked ? <Link to={`/customers/list/${customer.id}`}>{name}</Link> : <span>{name}</span>
}

/** The first goods of an order in a line. */
export function Goods({ order }: { order: Pick<OrderRow, 'goods' | 'lines'> }) {
  const t = useWords(words)
  const shown = listed(order.goods.map(({ name, quantity }) => (quantity === 1 ? name : `${name} × ${quantity}`)))
  return (
    <span className={styles.goods} title={shown}>
      {shown}
      {order.lines > order.goods.length && (
        <span className={styles.quiet}> {t('goodsMore', { count: order.lines })}</span>
      )}
    </span>
  )
}
