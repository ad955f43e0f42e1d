import { useQuery } from '@tanstack/react-query'
import { Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { money } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { ClaimOrder } from './ClaimOrder.tsx'
import styles from './commerce.module.css'
import { OrderDrawer } from './OrderDrawer.tsx'
import { Goods, OrderAmount, OrderStatus } from './OrderParts.tsx'
import { openedOrder, openName, ordersKey } from './orders.ts'
import { words } from './words.ts'

/** On a customer's page: what he bought lately and ever, under all ids that he is known by. */
export function CustomerOrders({ id }: { id: number }) {
  const t = useWords(words)
  const mayClaim = useMay('customers.write')
  const [url, changeUrl] = useUrl()
  const { data, error, refetch } = useQuery({
    queryKey: [...ordersKey, 'of', id],
    queryFn: () => ask(api.GET('/api/customers/{id}/orders', { params: { path: { id } } })),
    // an order may come while the page is open
    refetchInterval: 5_000,
  })
  const sum = ({ count, net }: { count: number; net: number }) => `${t('card.count', { count })} · ${money(net)}`
  return (
    <Panel title={t('card.title')} aside={mayClaim && <ClaimOrder id={id} />}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={3} />}
      {data && data.items.length === 0 && data.ever.count === 0 && <p className={styles.none}>{t('card.none')}</p>}
      {data && (data.items.length > 0 || data.ever.count > 0) && (
        <>
          <FactList
            facts={[
              { label: t('card.recent', { days: data.days }), value: sum(data.recent) },
              { label: t('card.ever'), value: sum(data.ever) },
              {
                label: t('card.last'),
                value: data.ever.last_at === null ? t('none') : exactTime(data.ever.last_at),
              },
            ]}
          />
          {data.preferences.length > 0 && (
            <div className={styles.likes}>
              <span className={styles.quiet}>{t('likes', { days: data.days })}</span>
              {data.preferences.map((one) => (
                <Tag key={`${one.kind} ${one.name}`} title={t('likes.why', { times: one.times, of: one.of })}>
                  {t(`likes.${one.kind}`, { name: one.name, times: one.times })}
                </Tag>
              ))}
            </div>
          )}
          {data.items.length === 0 && <p className={styles.none}>{t('card.quiet', { days: data.days })}</p>}
          <ul className={styles.list}>
            {data.items.map((order) => (
              <li key={openName(order)}>
                <button
                  type="button"
                  className={styles.order}
                  onClick={() => changeUrl({ order: openName(order) }, { push: true })}
                >
                  <span className={styles.orderHead}>
                    <Goods order={order} />
                    <OrderAmount order={order} />
                  </span>
                  <span className={styles.quiet}>
                    {exactTime(order.ordered_at)} {order.store !== null && `· ${order.store.name}`}{' '}
                    <OrderStatus status={order.status} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <OrderDrawer opened={openedOrder(url['order'])} onClose={() => changeUrl({ order: undefined })} />
    </Panel>
  )
}
