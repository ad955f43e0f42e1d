import type { ReactNode } from 'react'
import styles from './states.module.css'

export interface EmptyStateProps {
  /** What this would be: «还没有渠道活码». */
  title: string
  /** How to start, in a sentence or two. */
  text?: ReactNode
  /** One button. */
  action?: ReactNode
  /** A quieter second way, e.g. sample data. */
  more?: ReactNode
}

/** Nothing here yet: says what this is, how to start, and offers one button. */
export function EmptyState({ title, text, action, more }: EmptyStateProps) {
  return (
    <div className={styles.state}>
      <svg className={styles.art} viewBox="0 0 96 64" aria-hidden="true">
        <rect x="14" y="10" width="68" height="44" rx="8" className={styles.artCard} />
        <path d="M26 24h28M26 34h40M26 44h20" className={styles.artLine} />
        <circle cx="74" cy="46" r="10" className={styles.artDot} />
        <path d="M74 41.5v9M69.5 46h9" className={styles.artPlus} />
      </svg>
      <h2 className={styles.title}>{title}</h2>
      {text !== undefined && <p className={styles.text}>{text}</p>}
      {action !== undefined && <div className={styles.action}>{action}</div>}
      {more !== undefined && <div className={styles.more}>{more}</div>}
    </div>
  )
}
