import { Button } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../lib/explain.ts'
import styles from './states.module.css'
import { words } from './words.ts'

/** A failure that took the place of content: what happened, why, what to do, and the button that does it. */
export function ErrorState({ error, onRetry, inline }: { error: unknown; onRetry?: () => void; inline?: boolean }) {
  const t = useWords(words)
  const { title, hint, code } = explain(error)
  // what is not there does not come by asking again
  const retry = onRetry && code !== 'not_found' && <Button onClick={onRetry}>{t('verb.retry')}</Button>
  if (inline) {
    return (
      <div className={styles.inline} role="alert">
        <strong>{title}</strong>
        <span className={styles.text}>{hint}</span>
        {retry}
      </div>
    )
  }
  return (
    <div className={styles.state} role="alert">
      <svg className={styles.art} viewBox="0 0 96 64" aria-hidden="true">
        <rect x="14" y="10" width="68" height="44" rx="8" className={styles.artCard} />
        <path d="M48 22v14M48 43.5v.5" className={styles.artPlus} style={{ stroke: 'var(--ny-bad)', strokeWidth: 4 }} />
      </svg>
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.text}>{hint}</p>
      {retry && <div className={styles.action}>{retry}</div>}
      {code !== undefined && <p className={styles.code}>{t('error.code', { code })}</p>}
    </div>
  )
}
