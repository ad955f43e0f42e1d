import { money } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { usePay, useProducts, usePutInCart, useViewed } from '../../api/weixin.ts'
import { useToast } from '../../parts/toast.tsx'
import { words } from '../../words.ts'
import { usePhone } from '../context.ts'
import { Fruit } from './fruit.tsx'
import styles from './shop.module.css'

/** One product: looking at it is told to the brand. */
export function ProductView({ productId, onPaid }: { productId: string; onPaid: () => void }) {
  const t = useWords(words)
  const toast = useToast()
  const { person } = usePhone()
  useViewed(person.id, productId)
  const product = useProducts().data?.find((one) => one.id === productId)
  const put = usePutInCart(person.id)
  const pay = usePay(person.id)
  const onError = (error: Error) => toast(error.message, true)
  if (product === undefined) return <p className={styles.quiet}>{t('loading')}</p>
  const one = { productId, quantity: 1 }
  return (
    <>
      <div className={styles.scroller}>
        <Fruit category={product.category} id={product.id} large />
        <div className={styles.sheet}>
          <p className={styles.bigPrice}>{money(product.priceFen)}</p>
          <h2 className={styles.title}>{product.name}</h2>
          <dl className={styles.facts}>
            {Object.entries(product.attributes).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <p className={styles.small}>
            {product.stock === 0 ? t('shop.out') : t('shop.stock', { count: product.stock })}
          </p>
        </div>
      </div>
      <div className={styles.buyBar}>
        <button
          type="button"
          className={styles.second}
          disabled={put.isPending || product.stock === 0}
          onClick={() => put.mutate(one, { onError, onSuccess: () => toast(t('shop.added')) })}
        >
          {t('shop.add')}
        </button>
        <button
          type="button"
          className={styles.first}
          disabled={pay.isPending || product.stock === 0}
          onClick={() =>
            pay.mutate(
              { items: [one] },
              {
                onError,
                onSuccess: () => {
                  toast(t('shop.paid'))
                  onPaid()
                },
              },
            )
          }
        >
          {t('shop.buy')}
        </button>
      </div>
    </>
  )
}
