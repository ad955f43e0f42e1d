import type { ReactNode } from 'react'
import styles from './PageShape.module.css'

export interface PageShapeProps {
  title: string
  /** One sentence: what this page is for. */
  purpose: ReactNode
  /** The one primary action, top right. */
  action?: ReactNode
  children: ReactNode
}

/** Every page: title, one sentence, primary action right, then the content. */
export function PageShape({ title, purpose, action, children }: PageShapeProps) {
  return (
    <>
      <title>{`${title} · 暖域`}</title>
      <header className={styles.head}>
        <div className={styles.words}>
          <h1 className={styles.title}>{title}</h1>
          <p className={styles.purpose}>{purpose}</p>
        </div>
        {action !== undefined && <div className={styles.action}>{action}</div>}
      </header>
      <div className={styles.content}>{children}</div>
    </>
  )
}

/** A white card on the paper, with an optional heading and something at its right. */
export function Panel({
  title,
  aside,
  children,
  flush,
}: {
  title?: ReactNode
  aside?: ReactNode
  children: ReactNode
  flush?: boolean
}) {
  return (
    <section className={styles.panel}>
      {(title !== undefined || aside !== undefined) && (
        <div className={styles.panelHead}>
          {title !== undefined && <h2 className={styles.panelTitle}>{title}</h2>}
          {aside !== undefined && <div className={styles.panelAside}>{aside}</div>}
        </div>
      )}
      <div className={flush ? styles.panelFlush : styles.panelBody}>{children}</div>
    </section>
  )
}
