import { money } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { useCart, usePay, useProducts, usePutInCart } from '../../api/weixin.ts'
import { Empty } from '../../parts/cells.tsx'
import { Icon } from '../../parts/icon.tsx'
import { useToast } from '../../parts/toast.tsx'
import { words } from '../../words.ts'
import { usePhone } from '../context.ts'
import { Fruit } from './fruit.tsx'
import styles from './shop.module.css'

export function CartView({ onPaid }: { onPaid: () => void }) {
  const t = useWords(words)
  const toast = useToast()
  const { person } = usePhone()
  const cart = useCart(person.id)
  const products = useProducts()
  const put = usePutInCart(person.id)
  const pay = usePay(person.id)
  const onError = (error: Error) => toast(error.message, true)
  const categoryOf = (id: string) => products.data?.find((one) => one.id === id)?.category ?? ''
  if (cart.data === undefined) return <p className={styles.quiet}>{t('loading')}</p>
  if (cart.data.lines.length === 0) return <Empty title={t('shop.empty')} hint={t('shop.empty.hint')} />
  return (
    <>
      <ul className={styles.lines}>
        {cart.data.lines.map((line) => (
          <li key={line.productId} className={styles.line}>
            <Fruit category={categoryOf(line.productId)} id={line.productId} small />
            <span className={styles.lineText}>
              {line.name}
              <b className={styles.price}>{money(line.priceFen)}</b>
            </span>
            <span className={styles.small}>{t('shop.count', { count: line.quantity })}</span>
            <button
              type="button"
              className={styles.remove}
              aria-label={t('shop.remove', { name: line.name })}
              onClick={() => put.mutate({ productId: line.productId, quantity: 0 }, { onError })}
            >
              <Icon name="trash" size={20} />
            </button>
          </li>
        ))}
      </ul>
      <div className={styles.payBar}>
        <span>
          {t('shop.total')} <b className={styles.price}>{money(cart.data.totalFen)}</b>
        </span>
        <button
          type="button"
          className={styles.pay}
          disabled={pay.isPending}
          onClick={() =>
            pay.mutate(
              {},
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
          {t('shop.pay', { amount: money(cart.data.totalFen) })}
        </button>
      </div>
    </>
  )
}
