import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import styles from './customers.module.css'
import { filterOptions } from './filterOptions.ts'
import { words } from './words.ts'

/** One member, found by name, account or pinyin: there may be thousands. */
export function StaffFilter({
  label,
  value,
  onChange,
}: {
  /** What the member is to the list; without it a member who follows. */
  label?: string
  value: string | undefined
  onChange: (value: string | undefined) => void
}) {
  const t = useWords(words)
  const [typed, setTyped] = useState('')
  const asked = useDeferredValue(typed)
  const { data, isFetching } = useQuery(filterOptions(asked))
  const options = (data?.staff ?? []).map((one) => ({ value: one.id, label: one.name }))
  // the chosen one is shown by his account until his name is among the answers
  const known = value === undefined || options.some((option) => option.value === value)
  return (
    <Select<string>
      className={styles.choice}
      aria-label={label ?? t('filter.staff')}
      {...(value === undefined ? {} : { prefix: <span className={styles.prefix}>{label ?? t('filter.staff')}</span> })}
      placeholder={label ?? t('filter.staff')}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      allowClear
      value={value ?? null}
      options={known ? options : [{ value: value ?? '', label: value ?? '' }, ...options]}
      onChange={(chosen: string | undefined) => onChange(chosen)}
      popupMatchSelectWidth={false}
    />
  )
}
