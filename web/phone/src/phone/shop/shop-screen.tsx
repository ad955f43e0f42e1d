import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useAccounts, useCart, useOpened } from '../../api/weixin.ts'
import { Cells, Empty } from '../../parts/cells.tsx'
import { Icon, type IconName } from '../../parts/icon.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { type WordKey, words } from '../../words.ts'
import { usePhone } from '../context.ts'
import { MessageSettings } from '../message-settings.tsx'
import { CartView } from './cart-view.tsx'
import { GoodsView } from './goods-view.tsx'
import { OrdersView } from './orders-view.tsx'
import { ProductView } from './product-view.tsx'
import styles from './shop.module.css'

type Tab = 'home' | 'cart' | 'orders'
const TABS: readonly { readonly tab: Tab; readonly icon: IconName; readonly label: WordKey }[] = [
  { tab: 'home', icon: 'discover', label: 'shop.home' },
  { tab: 'cart', icon: 'file', label: 'shop.cart' },
  { tab: 'orders', icon: 'stream', label: 'shop.orders' },
]

/** The brand's shop as a mini program: goods, cart, payment, orders. Opening it logs the person in. */
export function ShopScreen({ content }: { content?: string | undefined }) {
  const t = useWords(words)
  const { person, pop } = usePhone()
  const opened = useOpened(person.id, content)
  const name = useAccounts().data?.find((one) => one.kind === 'miniprogram')?.name ?? ''
  const [tab, setTab] = useState<Tab>('home')
  const [product, setProduct] = useState<string | undefined>()
  const [settings, setSettings] = useState(false)
  const cart = useCart(person.id)
  const inCart = (cart.data?.lines ?? []).reduce((sum, { quantity }) => sum + quantity, 0)

  function show(next: Tab) {
    setTab(next)
    setProduct(undefined)
  }

  return (
    <div className={styles.shop} data-shop={product === undefined ? tab : 'product'}>
      <header className={styles.top}>
        {product !== undefined && (
          <button
            type="button"
            className={styles.back}
            aria-label={t('shop.back')}
            onClick={() => setProduct(undefined)}
          >
            <Icon name="back" />
          </button>
        )}
        <h1 className={styles.name}>{name}</h1>
        <span className={styles.capsule}>
          <button
            type="button"
            className={styles.close}
            aria-label={t('messages.settings')}
            onClick={() => setSettings(true)}
          >
            <Icon name="more" size={20} />
          </button>
          <button type="button" className={styles.close} aria-label={t('shop.close')} onClick={pop}>
            <span className={styles.ring} />
          </button>
        </span>
      </header>
      {opened.data?.login !== undefined && opened.data.login !== 'acknowledged' && (
        <p className={styles.strip} role="status">
          {t('shop.notLoggedIn')}
        </p>
      )}
      <div className={styles.body}>
        {opened.isError && <Empty title={t('scan.failed')} hint={opened.error.message} />}
        {!opened.isError && product !== undefined && (
          <ProductView productId={product} onPaid={() => show('orders')} key={product} />
        )}
        {!opened.isError && product === undefined && tab === 'home' && <GoodsView onOpen={setProduct} />}
        {!opened.isError && product === undefined && tab === 'cart' && <CartView onPaid={() => show('orders')} />}
        {!opened.isError && product === undefined && tab === 'orders' && <OrdersView />}
      </div>
      {product === undefined && (
        <nav className={styles.tabs} aria-label={t('shop.tabs')}>
          {TABS.map((one) => (
            <button
              key={one.tab}
              type="button"
              className={styles.tab}
              aria-current={tab === one.tab ? 'page' : undefined}
              onClick={() => show(one.tab)}
            >
              <Icon name={one.icon} size={22} />
              {t(one.label)}
              {one.tab === 'cart' && inCart > 0 && <span className={styles.count}>{inCart}</span>}
            </button>
          ))}
        </nav>
      )}
      {settings && (
        <Sheet label={t('messages.settings')} onClose={() => setSettings(false)}>
          <div className={styles.settings}>
            <h2 className={styles.askTitle}>{t('messages.settings')}</h2>
            <Cells>
              <MessageSettings account="shop" use="subscribe" />
            </Cells>
          </div>
        </Sheet>
      )}
    </div>
  )
}
