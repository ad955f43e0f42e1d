import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Input, Select } from 'antd'
import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import type { ChannelInput } from './channel.ts'
import styles from './channels.module.css'
import { asClock, isOvernight } from './wizard.rules.ts'
import { type WizardWords, words } from './wizard.words.ts'

type Shift = ChannelInput['shifts'][number]

interface ShiftRowsProps {
  shifts: readonly Shift[]
  who: readonly { value: string; label: string }[]
  onChange: (shifts: Shift[]) => void
}

/** The bands of a week: days, hours, who. A band may run past midnight. */
export function ShiftRows({ shifts, who, onChange }: ShiftRowsProps) {
  const t = useWords(words)
  const patch = (at: number, part: Partial<Shift>) =>
    onChange(shifts.map((shift, i) => (i === at ? { ...shift, ...part } : shift)))
  return (
    <ul className={styles.bands}>
      {shifts.map((shift, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a band has no name but its place
        <li key={at} className={styles.band}>
          <Checkbox.Group
            aria-label={t('rota.days')}
            value={shift.weekdays}
            options={[0, 1, 2, 3, 4, 5, 6].map((day) => ({ value: day, label: t(`day.${day}` as WizardWords) }))}
            onChange={(days) => days.length > 0 && patch(at, { weekdays: days.map(Number).sort() })}
          />
          <span className={styles.span}>
            <ClockInput label={t('rota.from')} value={shift.from} onChange={(from) => patch(at, { from })} />
            <span aria-hidden="true">–</span>
            <ClockInput label={t('rota.until')} value={shift.until} isEnd onChange={(until) => patch(at, { until })} />
            {isOvernight(shift.from, shift.until) && <span className={styles.quiet}>{t('rota.overnight')}</span>}
          </span>
          <Select<string[]>
            className={styles.who}
            mode="multiple"
            aria-label={t('rota.who')}
            placeholder={t('rota.all')}
            value={shift.members}
            options={[...who]}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(members) => patch(at, { members })}
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('rota.remove')}
            onClick={() => onChange(shifts.filter((_, i) => i !== at))}
          />
        </li>
      ))}
      <li>
        <Button
          icon={<PlusOutlined />}
          onClick={() => onChange([...shifts, { weekdays: [5, 6], from: '10:00', until: '18:00', members: [] }])}
        >
          {t('rota.add')}
        </Button>
      </li>
    </ul>
  )
}

/** A time of day, taken over when typing ends; what is no time stays marked and changes nothing. */
function ClockInput({
  label,
  value,
  isEnd = false,
  onChange,
}: {
  label: string
  value: string
  isEnd?: boolean
  onChange: (clock: string) => void
}) {
  const [typed, setTyped] = useState<string>()
  const wrong = typed !== undefined && asClock(typed, isEnd) === undefined
  const take = () => {
    const clock = typed === undefined ? undefined : asClock(typed, isEnd)
    if (clock !== undefined) onChange(clock)
    setTyped(undefined)
  }
  return (
    <Input
      className={styles.clock}
      aria-label={label}
      value={typed ?? value}
      {...(wrong ? { status: 'error' as const } : {})}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={take}
      onPressEnter={take}
    />
  )
}
