import type { ReactNode } from 'react'
import styles from './governor.module.css'

/** A control under its label. */
export function Field({
  id,
  label,
  hint,
  children,
}: {
  id: string
  label: string
  hint?: string
  children: ReactNode
}) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint !== undefined && <p className={styles.quiet}>{hint}</p>}
    </div>
  )
}
