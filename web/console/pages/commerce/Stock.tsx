import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './commerce.module.css'
import { words } from './words.ts'

/** How many there are; none stands out. */
export function Stock({ stock }: { stock: number | null }) {
  const t = useWords(words)
  if (stock === null) return <span className={styles.quiet}>{t('stock.uncounted')}</span>
  if (stock === 0) return <span className={styles.out}>{t('stock.none')}</span>
  return <span className="num">{exactCount(stock)}</span>
}
