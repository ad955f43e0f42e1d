import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, TimePicker } from 'antd'
import { minuteOfDay, timeOfDay } from '../../lib/timeOfDay.ts'
import { FieldGroup } from '../channels/Field.tsx'
import styles from './campaigns.module.css'
import { useKindWords } from './kind.ts'
import { words } from './wizard.words.ts'

const most = 8
const inOrder = (minutes: readonly number[]) => [...new Set(minutes)].sort((a, b) => a - b)

/** The times of the day at which it goes out: one at least, each once. */
export function Times({ minutes, onChange }: { minutes: readonly number[]; onChange: (minutes: number[]) => void }) {
  const t = useKindWords(words)
  const last = minutes.at(-1) ?? 600
  const next = [last + 180, last + 60, last - 60].find((one) => one > 0 && one < 1_440 && !minutes.includes(one)) ?? 0
  return (
    <FieldGroup label={t('schedule.minute')} hint={t('schedule.minute.hint')}>
      <div className={styles.acts}>
        {minutes.map((minute, at) => (
          <span key={minute} className={styles.acts}>
            <TimePicker
              aria-label={t('schedule.minute.n', { n: at + 1 })}
              format="HH:mm"
              allowClear={false}
              value={timeOfDay(minute)}
              onChange={(time) =>
                time && onChange(inOrder(minutes.map((one, i) => (i === at ? minuteOfDay(time) : one))))
              }
            />
            {minutes.length > 1 && (
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t('schedule.minute.remove', { n: at + 1 })}
                onClick={() => onChange(minutes.filter((_, i) => i !== at))}
              />
            )}
          </span>
        ))}
        {minutes.length < most && (
          <Button icon={<PlusOutlined />} onClick={() => onChange(inOrder([...minutes, next]))}>
            {t('schedule.minute.add')}
          </Button>
        )}
      </div>
    </FieldGroup>
  )
}
