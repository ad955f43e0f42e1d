import { Copyable } from '../guide/Copy.tsx'
import styles from '../imports/imports.module.css'

/** What the other system is told, under its name. */
export function ToPaste({ label, value }: { label: string; value: string }) {
  return (
    <div className={styles.field}>
      <span className={styles.hint}>{label}</span>
      <div className={styles.acts}>
        <Copyable label={label} value={value} />
      </div>
    </div>
  )
}
