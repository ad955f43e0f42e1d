import { TeamOutlined } from '@ant-design/icons'
import { Button, Tag } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import styles from './StaffPicker.module.css'
import type { StaffOption, StaffSource } from './staff.rules.ts'
import { words } from './words.ts'

const StaffDialog = lazy(() => import('./StaffDialog.tsx').then((module) => ({ default: module.StaffDialog })))

export interface StaffPickerProps {
  /** The label of the field: «接待员工». */
  label: string
  value: readonly StaffOption[]
  onChange: (value: StaffOption[]) => void
  source: StaffSource
  /** The platform's or our own most, e.g. 100 members in one code. */
  max?: number
  disabled?: boolean
}

/** Chooses staff by department, store, name, account or pinyin; says why somebody cannot be chosen. */
export function StaffPicker({ label, value, onChange, source, max, disabled }: StaffPickerProps) {
  const t = useWords(words)
  const [open, setOpen] = useState(false)
  return (
    <div className={styles.field}>
      {value.map((person) => (
        <Tag
          key={person.id}
          closable={!disabled}
          onClose={(event) => {
            event.preventDefault()
            onChange(value.filter((kept) => kept.id !== person.id))
          }}
        >
          {person.name}
        </Tag>
      ))}
      <Button size="small" icon={<TeamOutlined />} disabled={disabled === true} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {value.length > 0 && <span className={styles.quiet}>{t('staff.chosen', { count: value.length })}</span>}
      <Suspense>
        {open && (
          <StaffDialog
            title={label}
            value={value}
            source={source}
            max={max}
            onDone={(chosen) => {
              onChange(chosen)
              setOpen(false)
            }}
            onClose={() => setOpen(false)}
          />
        )}
      </Suspense>
    </div>
  )
}
