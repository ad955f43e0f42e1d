import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import styles from './campaigns.module.css'

const atOnce = 20

/** Stores, found by name or code: there may be thousands. */
export function StoresSelect({
  label,
  value,
  onChange,
}: {
  label: string
  value: readonly string[]
  onChange: (value: string[]) => void
}) {
  const [typed, setTyped] = useState('')
  const q = useDeferredValue(typed).trim()
  const { data, isFetching } = useQuery({
    queryKey: ['stores', 'filter', q],
    queryFn: () => ask(api.GET('/api/stores', { params: { query: { limit: atOnce, ...(q === '' ? {} : { q }) } } })),
    placeholderData: keepPreviousData,
  })
  const found = (data?.items ?? []).map((store) => ({ value: store.id, label: `${store.name} ${store.code}` }))
  // the chosen ones keep their names when the answers no longer hold them
  const chosen = useQueries({
    queries: value.map((id) => ({
      queryKey: ['stores', 'one', id],
      queryFn: () => ask(api.GET('/api/stores/{id}', { params: { path: { id } } })),
    })),
  })
  const others = value.flatMap((id, at) =>
    found.some((one) => one.value === id) ? [] : [{ value: id, label: chosen[at]?.data?.name ?? '…' }],
  )
  return (
    <Select<string[]>
      className={styles.wide ?? ''}
      mode="multiple"
      aria-label={label}
      placeholder={label}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      value={[...value]}
      options={[...others, ...found]}
      onChange={onChange}
    />
  )
}
