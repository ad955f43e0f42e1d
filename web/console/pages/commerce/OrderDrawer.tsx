import { useQuery } from '@tanstack/react-query'
import { Drawer } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { money } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import styles from './commerce.module.css'
import { OrderStatus, WhoBought } from './OrderParts.tsx'
import { ordersKey } from './orders.ts'
import { words } from './words.ts'

/** One order: who, where, through whom, its lines and what was given back. */
export function OrderDrawer({
  opened,
  onClose,
}: {
  opened: { source: string; number: string } | undefined
  onClose: () => void
}) {
  const t = useWords(words)
  const { data, error, refetch } = useQuery({
    queryKey: [...ordersKey, 'one', opened],
    queryFn: () =>
      ask(
        api.GET('/api/orders/{source}/{number}', {
          params: { path: opened ?? { source: '', number: '' } },
        }),
      ),
    enabled: opened !== undefined,
  })
  const at = (moment: string | null) => (moment === null ? t('none') : exactTime(moment))
  return (
    <Drawer
      open={opened !== undefined}
      onClose={onClose}
      size={640}
      title={t('order.title', { number: opened?.number ?? '' })}
      destroyOnHidden
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data && (
        <div className={styles.drawer}>
          <FactList
            facts={[
              { label: t('column.customer'), value: <WhoBought customer={data.customer} linked /> },
              { label: t('column.status'), value: <OrderStatus status={data.status} /> },
              { label: t('order.net'), value: money(data.amount - data.refunded) },
              { label: t('column.store'), value: data.store?.name ?? t('none') },
              { label: t('column.channel'), value: data.channel ?? t('none') },
              { label: t('column.seller'), value: data.seller?.name ?? t('none') },
              { label: t('column.ordered'), value: at(data.ordered_at) },
              { label: t('order.paid'), value: at(data.paid_at) },
              ...(data.cancelled_at === null ? [] : [{ label: t('order.cancelled'), value: at(data.cancelled_at) }]),
              { label: t('column.source'), value: data.source },
              { label: t('order.updated'), value: at(data.updated_at) },
              { label: t('order.learnt'), value: at(data.learnt_at) },
            ]}
          />
          <section>
            <h3 className={styles.heading}>{t('order.items')}</h3>
            <div className={styles.scroll}>
              <table className={styles.table}>
                <thead>
                  <tr>
                    <th scope="col">{t('item.product')}</th>
                    <th scope="col">{t('item.category')}</th>
                    <th scope="col">{t('item.quantity')}</th>
                    <th scope="col">{t('item.price')}</th>
                    <th scope="col">{t('item.amount')}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.items.map((item, place) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own and never move
                    <tr key={place}>
                      <th scope="row">
                        {item.name || item.product}
                        <span className={styles.code}>{item.product}</span>
                      </th>
                      <td>{item.category || t('none')}</td>
                      <td className="num">{item.quantity}</td>
                      <td className="num">{money(item.price)}</td>
                      <td className="num">
                        {money(item.amount)}
                        {item.refunded > 0 && (
                          <span className={styles.code}>{t('refundedOf', { amount: money(item.refunded) })}</span>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </section>
          {data.refunds.length > 0 && (
            <section>
              <h3 className={styles.heading}>{t('order.refunds')}</h3>
              <ul className={styles.list}>
                {data.refunds.map((refund) => (
                  <li key={refund.number}>
                    <span className="num">{money(refund.amount)}</span>
                    <span className={styles.quiet}>
                      {exactTime(refund.at)} · {refund.number}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
      )}
    </Drawer>
  )
}
