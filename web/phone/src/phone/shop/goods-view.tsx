import { useState } from 'react'
import { money } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { useProducts } from '../../api/weixin.ts'
import { words } from '../../words.ts'
import { Fruit } from './fruit.tsx'
import styles from './shop.module.css'

/** What is sold, by category. */
export function GoodsView({ onOpen }: { onOpen: (productId: string) => void }) {
  const t = useWords(words)
  const products = useProducts()
  const [category, setCategory] = useState<string | undefined>()
  const goods = products.data ?? []
  const categories = [...new Set(goods.map((one) => one.category))]
  return (
    <>
      <div className={styles.chips}>
        {[undefined, ...categories].map((one) => (
          <button
            key={one ?? ''}
            type="button"
            className={styles.chip}
            aria-pressed={one === category}
            onClick={() => setCategory(one)}
          >
            {one ?? t('shop.all')}
          </button>
        ))}
      </div>
      {products.isPending && <p className={styles.quiet}>{t('loading')}</p>}
      {products.isError && <p className={styles.quiet}>{products.error.message}</p>}
      <ul className={styles.goods}>
        {goods
          .filter((one) => category === undefined || one.category === category)
          .map((one) => (
            <li key={one.id}>
              <button type="button" className={styles.good} onClick={() => onOpen(one.id)}>
                <Fruit category={one.category} id={one.id} />
                <span className={styles.goodName}>{one.name}</span>
                <span className={styles.goodFoot}>
                  <b className={styles.price}>{money(one.priceFen)}</b>
                  <span className={styles.small}>
                    {one.stock === 0 ? t('shop.out') : t('shop.stock', { count: one.stock })}
                  </span>
                </span>
              </button>
            </li>
          ))}
      </ul>
    </>
  )
}
