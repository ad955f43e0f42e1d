import { TimePicker } from 'antd'
import { minuteOfDay, timeOfDay } from '../../lib/timeOfDay.ts'
import { Field } from '../channels/Field.tsx'
import styles from './campaigns.module.css'

/** A time of the day. */
export function Clock({
  label,
  minute,
  onChange,
}: {
  label: string
  minute: number
  onChange: (minute: number) => void
}) {
  return (
    <Field label={label}>
      <TimePicker
        className={styles.wide ?? ''}
        format="HH:mm"
        allowClear={false}
        value={timeOfDay(minute)}
        onChange={(time) => time && onChange(minuteOfDay(time))}
      />
    </Field>
  )
}
