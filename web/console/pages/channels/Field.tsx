import type { ReactNode } from 'react'
import styles from './channels.module.css'

/** A labelled control with its hint, and what is wrong with it. */
export function Field({
  label,
  hint,
  fault,
  children,
  group,
}: {
  label: string
  hint?: string
  fault?: string | undefined
  children: ReactNode
  group?: boolean
}) {
  const below = (
    <>
      {fault !== undefined && (
        <span className={styles.fault} role="alert">
          {fault}
        </span>
      )}
      {hint !== undefined && <span className={styles.hint}>{hint}</span>}
    </>
  )
  if (group) {
    return (
      <fieldset className={styles.field}>
        <legend className={styles.label}>{label}</legend>
        {children}
        {below}
      </fieldset>
    )
  }
  return (
    <div className={styles.field}>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children */}
      <label className={styles.control}>
        <span className={styles.label}>{label}</span>
        {children}
      </label>
      {below}
    </div>
  )
}
