import { useQuery } from '@tanstack/react-query'
import { Button, Input, Modal, Radio } from 'antd'
import { useDeferredValue, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { money } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../../components/ErrorState.tsx'
import { Loading } from '../../../components/Loading.tsx'
import { Field } from '../../channels/Field.tsx'
import type { Attachment } from '../campaign.ts'
import { keepPage, lastPage, pageFault, productCard } from './product.rules.ts'
import styles from './products.module.css'
import { words } from './words.ts'

const most = 50

/** Takes a product that the shop told of, and makes a card of it that says who sends it. */
export function ProductDialog({ onDone, onClose }: { onDone: (card: Attachment) => void; onClose: () => void }) {
  const t = useWords(words)
  const [typed, setTyped] = useState('')
  const q = useDeferredValue(typed.trim())
  const [chosen, setChosen] = useState<number>()
  const [at, setAt] = useState(lastPage)
  const [asked, setAsked] = useState(false)
  const products = useQuery({
    queryKey: ['products', 'picker', q],
    queryFn: () =>
      ask(
        api.GET('/api/products', { params: { query: { on_sale: 'true', limit: most, ...(q === '' ? {} : { q }) } } }),
      ),
  })
  const product = products.data?.items.find(({ id }) => id === chosen)
  const fault = pageFault(at)
  const done = () => {
    setAsked(true)
    if (product === undefined || fault !== undefined) return
    keepPage(at)
    onDone(productCard(product, at))
  }
  const faultOf = (...which: (typeof fault)[]) =>
    asked && fault !== undefined && which.includes(fault) ? t(`fault.${fault}`) : undefined
  return (
    <Modal
      open
      title={t('title')}
      onCancel={onClose}
      footer={
        <Button type="primary" disabled={product === undefined} onClick={done}>
          {t('take')}
        </Button>
      }
    >
      <Input.Search
        aria-label={t('search')}
        placeholder={t('search')}
        value={typed}
        allowClear
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className={styles.list}>
        {products.isPending && <Loading rows={4} />}
        {products.error && <ErrorState error={products.error} onRetry={() => void products.refetch()} inline />}
        {products.data?.items.length === 0 && <p className={styles.quiet}>{t(q === '' ? 'none' : 'none.found')}</p>}
        <Radio.Group value={chosen} aria-label={t('title')} onChange={(event) => setChosen(Number(event.target.value))}>
          {products.data?.items.map(({ id, name, number, price, stock }) => (
            <Radio key={id} value={id} className={styles.product ?? ''}>
              <span className={styles.name}>{name}</span>
              <span className={styles.quiet}>
                {[number, price === null ? undefined : money(price), stock === null ? undefined : t('stock', { stock })]
                  .filter((part) => part !== undefined)
                  .join(' · ')}
              </span>
            </Radio>
          ))}
        </Radio.Group>
      </div>
      <Field label={t('appid')} fault={faultOf('appid')}>
        <Input value={at.appid} onChange={({ target }) => setAt({ ...at, appid: target.value })} />
      </Field>
      <Field label={t('page')} hint={t('page.hint')} fault={faultOf('number', 'sender')}>
        <Input value={at.page} onChange={({ target }) => setAt({ ...at, page: target.value })} />
      </Field>
    </Modal>
  )
}
