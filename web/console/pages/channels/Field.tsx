import { cloneElement, type ReactElement, type ReactNode, useId } from 'react'
import styles from './channels.module.css'

interface FieldFrame {
  label: string
  hint?: string
  fault?: string | undefined
}

/** A labelled control with its hint, and what is wrong with it. */
export function Field({ label, children, ...rest }: FieldFrame & { children: ReactElement<{ id?: string }> }) {
  // beside the control, not around it: a click inside a label that holds a list would open and close it at once
  const id = useId()
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {cloneElement(children, { id })}
      <Below {...rest} />
    </div>
  )
}

/** Several controls under one label. */
export function FieldGroup({ label, children, ...rest }: FieldFrame & { children: ReactNode }) {
  return (
    <fieldset className={styles.field}>
      <legend className={styles.label}>{label}</legend>
      {children}
      <Below {...rest} />
    </fieldset>
  )
}

/** What is wrong with the control above. */
export function Fault({ said }: { said: string | undefined }) {
  return said === undefined ? null : (
    <span className={styles.fault} role="alert">
      {said}
    </span>
  )
}

function Below({ fault, hint }: Omit<FieldFrame, 'label'>) {
  return (
    <>
      <Fault said={fault} />
      {hint !== undefined && <span className={styles.hint}>{hint}</span>}
    </>
  )
}
