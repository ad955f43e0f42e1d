import { Input } from 'antd'
import styles from './channels.module.css'
import { fromLocalInput, toLocalInput } from './moments.ts'

/** Day and time of day; empty: none. The browser's own picker: it knows the reader's calendar and keyboard. */
export function MomentInput({
  label,
  value,
  onChange,
}: {
  label: string
  value: string | null
  onChange: (moment: string | null) => void
}) {
  return (
    <Input
      className={styles.moment}
      type="datetime-local"
      aria-label={label}
      value={toLocalInput(value)}
      onChange={(event) => onChange(fromLocalInput(event.target.value))}
    />
  )
}
