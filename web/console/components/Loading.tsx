import { Skeleton } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import styles from './states.module.css'
import { words } from './words.ts'

/** The shape of what is coming. `rows` lines; the page title stays, so nothing jumps. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const t = useWords(words)
  return (
    <div className={styles.loading} role="status" aria-label={t('loading')}>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  )
}
