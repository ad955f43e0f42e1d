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
import { productsKey } from './orders.ts'
import { Stock } from './Stock.tsx'
import { words } from './words.ts'

/** One product with its stock by store. */
export function ProductDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const t = useWords(words)
  const { data, error, refetch } = useQuery({
    queryKey: [...productsKey, 'one', id],
    queryFn: () => ask(api.GET('/api/products/{id}', { params: { path: { id: Number(id) } } })),
    enabled: id !== undefined,
  })
  const shown = (value: unknown) => (typeof value === 'boolean' ? t(value ? 'yes' : 'no') : String(value ?? t('none')))
  const attributes = Object.entries(data?.attributes ?? {})
  return (
    <Drawer open={id !== undefined} onClose={onClose} size={560} title={data?.name ?? ''} destroyOnHidden>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={6} />}
      {data && (
        <div className={styles.drawer}>
          <FactList
            facts={[
              { label: t('column.productNumber'), value: data.number },
              { label: t('filter.category'), value: data.category || t('none') },
              { label: t('column.price'), value: data.price === null ? t('none') : money(data.price) },
              { label: t('column.stock'), value: <Stock stock={data.stock} /> },
              { label: t('column.sale'), value: t(`sale.${data.on_sale}`) },
              { label: t('column.source'), value: data.source },
              { label: t('order.updated'), value: exactTime(data.updated_at) },
            ]}
          />
          <section>
            <h3 className={styles.heading}>{t('product.stocks')}</h3>
            {data.stocks.length === 0 && <p className={styles.none}>{t('product.stocks.none')}</p>}
            <ul className={styles.list}>
              {data.stocks.map((store) => (
                <li key={store.code}>
                  <span>
                    {store.name} <span className={styles.quiet}>{store.code}</span>
                  </span>
                  <Stock stock={store.stock} />
                </li>
              ))}
            </ul>
          </section>
          {attributes.length > 0 && (
            <section>
              <h3 className={styles.heading}>{t('product.attributes')}</h3>
              <FactList facts={attributes.map(([label, value]) => ({ label, value: shown(value) }))} />
            </section>
          )}
        </div>
      )}
    </Drawer>
  )
}
