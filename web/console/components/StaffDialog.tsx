import { useQuery } from '@tanstack/react-query'
import { Checkbox, Input, Modal } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from './ErrorState.tsx'
import { Loading } from './Loading.tsx'
import styles from './StaffPicker.module.css'
import { type StaffOption, type StaffSource, toggled } from './staff.rules.ts'
import { words } from './words.ts'

export interface StaffDialogProps {
  title: string
  value: readonly StaffOption[]
  source: StaffSource
  max: number | undefined
  onDone: (chosen: StaffOption[]) => void
  onClose: () => void
}

export function StaffDialog({ title, value, source, max, onDone, onClose }: StaffDialogProps) {
  const t = useWords(words)
  const [chosen, setChosen] = useState<StaffOption[]>([...value])
  const [group, setGroup] = useState<string>()
  const [typed, setTyped] = useState('')
  const q = useDeferredValue(typed.trim())
  const groups = useQuery({ queryKey: ['staff-picker', source.key, 'groups'], queryFn: source.groups })
  const staff = useQuery({
    queryKey: ['staff-picker', source.key, 'staff', q, group ?? ''],
    queryFn: () => source.staff({ q, group }),
  })
  // one of one is replaced, so that is never in the way
  const full = max !== undefined && max > 1 && chosen.length >= max
  const has = new Set(chosen.map((person) => person.id))

  return (
    <Modal
      open
      width={680}
      title={title}
      okText={t('staff.chosen', { count: chosen.length })}
      cancelText={t('verb.cancel')}
      onOk={() => onDone(chosen)}
      onCancel={onClose}
    >
      <Input.Search
        aria-label={t('staff.search')}
        placeholder={t('staff.search')}
        value={typed}
        allowClear
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className={styles.panes}>
        <ul className={styles.groups} aria-label={t('staff.departments')}>
          {[{ id: undefined, name: t('staff.all'), depth: 0 }, ...(groups.data ?? [])].map((one) => (
            <li key={one.id ?? ''}>
              <button
                type="button"
                className={one.id === group ? styles.groupChosen : styles.group}
                style={{ paddingLeft: 10 + one.depth * 14 }}
                aria-pressed={one.id === group}
                onClick={() => setGroup(one.id)}
              >
                {one.name}
              </button>
            </li>
          ))}
        </ul>
        <div className={styles.people}>
          {staff.isPending && <Loading rows={4} />}
          {staff.error && <ErrorState error={staff.error} onRetry={() => void staff.refetch()} inline />}
          {staff.data?.length === 0 && (
            <p className={styles.quiet}>{q === '' ? t('staff.noneHere') : t('staff.none', { typed: q })}</p>
          )}
          {staff.data?.map((person) => (
            <Checkbox
              key={person.id}
              className={styles.person}
              checked={has.has(person.id)}
              disabled={!has.has(person.id) && (full || person.unavailable !== undefined)}
              onChange={() => setChosen(toggled(chosen, person, max))}
            >
              {person.name}
              {person.place !== undefined && <span className={styles.place}>{person.place}</span>}
              {person.unavailable !== undefined && (
                <span className={styles.why}>{t('staff.unavailable', { why: person.unavailable })}</span>
              )}
            </Checkbox>
          ))}
        </div>
      </div>
      {full && <p className={styles.quiet}>{t('staff.limit', { max })}</p>}
    </Modal>
  )
}
