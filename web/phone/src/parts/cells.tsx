import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import styles from './parts.module.css'

/** A row of a settings list: label left, value right, an arrow when it leads somewhere. */
export function Cell({
  label,
  value,
  icon,
  onClick,
}: {
  label: string
  value?: ReactNode
  icon?: ReactNode
  onClick?: () => void
}) {
  const inner = (
    <>
      {icon && <span className={styles.cellIcon}>{icon}</span>}
      <span className={styles.cellLabel}>{label}</span>
      {value !== undefined && <span className={styles.cellValue}>{value}</span>}
      {onClick && <Icon name="forward" size={16} />}
    </>
  )
  if (!onClick) return <div className={styles.cell}>{inner}</div>
  return (
    <button type="button" className={styles.cell} onClick={onClick}>
      {inner}
    </button>
  )
}

/** A row that is on or off. */
export function SwitchCell({
  label,
  note,
  on,
  disabled = false,
  onChange,
}: {
  label: string
  note?: string | undefined
  on: boolean
  disabled?: boolean
  onChange: (on: boolean) => void
}) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      className={styles.cell}
      disabled={disabled}
      onClick={() => onChange(!on)}
    >
      <span className={styles.cellLabel}>{label}</span>
      {note && <span className={styles.cellValue}>{note}</span>}
      <span className={styles.toggle} aria-hidden="true" />
    </button>
  )
}

export function Cells({ children }: { children: ReactNode }) {
  return <div className={styles.cells}>{children}</div>
}

/** The one act of a page, full width, as WeChat writes it: blue-grey to go on, red to end. */
export function CellAct({
  label,
  bad = false,
  disabled = false,
  onClick,
}: {
  label: string
  bad?: boolean
  disabled?: boolean
  onClick: () => void
}) {
  return (
    <button type="button" className={bad ? styles.cellActBad : styles.cellAct} disabled={disabled} onClick={onClick}>
      {label}
    </button>
  )
}

export function Empty({ title, hint, act }: { title: string; hint?: string; act?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className={styles.emptyTitle}>{title}</p>
      {hint && <p>{hint}</p>}
      {act}
    </div>
  )
}
