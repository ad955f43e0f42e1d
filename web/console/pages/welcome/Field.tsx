import { type ReactNode, useId } from 'react'
import styles from './welcome.module.css'

/** A labelled input; `children` is given the id that joins the two. */
export function Field({
  label,
  hint,
  grow,
  children,
}: {
  label: string
  hint?: string
  grow?: boolean
  children: (id: string) => ReactNode
}) {
  const id = useId()
  return (
    <div className={grow ? `${styles.field} ${styles.grow}` : styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {children(id)}
      {hint !== undefined && <span className={styles.hint}>{hint}</span>}
    </div>
  )
}
