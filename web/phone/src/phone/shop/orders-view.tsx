import { useState } from 'react'
import { money } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import type { ShopOrder } from '../../api/types.ts'
import { useOrders, useRefund } from '../../api/weixin.ts'
import { Empty } from '../../parts/cells.tsx'
import { Icon } from '../../parts/icon.tsx'
import { useToast } from '../../parts/toast.tsx'
import { words } from '../../words.ts'
import { usePhone } from '../context.ts'
import { AskMessages } from './ask-messages.tsx'
import { Fruit } from './fruit.tsx'
import styles from './shop.module.css'

export function OrdersView() {
  const t = useWords(words)
  const { person } = usePhone()
  const orders = useOrders(person.id)
  const [asking, setAsking] = useState(false)
  if (orders.isError) return <p className={styles.quiet}>{orders.error.message}</p>
  if (orders.data === undefined) return <p className={styles.quiet}>{t('loading')}</p>
  if (orders.data.length === 0) return <Empty title={t('shop.none')} hint={t('shop.none.hint')} />
  return (
    <>
      <ul className={styles.orders}>
        <li>
          <button type="button" className={styles.want} onClick={() => setAsking(true)}>
            <Icon name="stream" size={18} />
            {t('messages.want')}
          </button>
        </li>
        {orders.data.map((order) => (
          <li key={order.id} className={styles.order}>
            <Order order={order} />
          </li>
        ))}
      </ul>
      {asking && <AskMessages onClose={() => setAsking(false)} />}
    </>
  )
}

function Order({ order }: { order: ShopOrder }) {
  const t = useWords(words)
  const toast = useToast()
  const { person } = usePhone()
  const refund = useRefund(person.id)
  return (
    <>
      <p className={styles.orderHead}>
        <span className={styles.small}>{t('shop.number', { number: order.id })}</span>
        <span className={styles.status} data-status={order.status}>
          {t(`shop.status.${order.status}`)}
        </span>
      </p>
      {order.items.map((line) => (
        <p key={line.productId} className={styles.line}>
          <Fruit category={line.category} id={line.productId} small />
          <span className={styles.lineText}>
            {line.name}
            <span className={styles.small}>{t('shop.count', { count: line.quantity })}</span>
          </span>
          <b className={styles.price}>{money(line.priceFen * line.quantity)}</b>
        </p>
      ))}
      <p className={styles.orderFoot}>
        <span className={styles.small}>
          {t('shop.store', { name: order.store.name })}
          {order.refundedFen > 0 && ` · ${t('shop.refunded', { amount: money(order.refundedFen) })}`}
        </span>
        <span>
          {t('shop.total')} <b className={styles.price}>{money(order.totalFen)}</b>
        </span>
      </p>
      {order.status !== 'refunded' && (
        <button
          type="button"
          className={styles.refund}
          disabled={refund.isPending}
          onClick={() =>
            refund.mutate(
              { orderId: order.id, reason: t('shop.refund.reason') },
              { onError: (error) => toast(error.message, true) },
            )
          }
        >
          {t('shop.refund')}
        </button>
      )}
    </>
  )
}
