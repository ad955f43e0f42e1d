import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './groups.module.css'
import { words } from './words.ts'

const atOnce = 20

/** One store, found by name or code: there may be thousands. */
export function StoreFilter({
  value,
  onChange,
}: {
  value: string | undefined
  onChange: (value: string | undefined) => void
}) {
  const t = useWords(words)
  const [typed, setTyped] = useState('')
  const asked = useDeferredValue(typed).trim()
  const { data, isFetching } = useQuery({
    queryKey: ['stores', 'filter', asked],
    queryFn: () =>
      ask(api.GET('/api/stores', { params: { query: { limit: atOnce, ...(asked === '' ? {} : { q: asked }) } } })),
  })
  // the chosen one keeps its name when the answers no longer hold it
  const { data: chosen } = useQuery({
    queryKey: ['stores', 'one', value],
    queryFn: () => ask(api.GET('/api/stores/{id}', { params: { path: { id: value ?? '' } } })),
    enabled: value !== undefined,
  })
  const options = (data?.items ?? []).map((store) => ({ value: store.id, label: `${store.name} ${store.code}` }))
  const known = value === undefined || options.some((option) => option.value === value)
  return (
    <Select<string>
      className={styles.choice}
      aria-label={t('filter.store')}
      prefix={<span className={styles.prefix}>{t('filter.store')}</span>}
      placeholder={t('filter.store.find')}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      allowClear
      value={value ?? null}
      options={known ? options : [{ value: value ?? '', label: chosen?.name ?? '…' }, ...options]}
      onChange={(next: string | undefined) => onChange(next)}
      popupMatchSelectWidth={false}
    />
  )
}
