import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import type { Level } from './welcome.ts'
import { words } from './words.ts'

/** The channel, member or store that a welcome is for, or that a test asks about. Searches at the server. */
export function TargetField({
  level,
  value,
  onChange,
  allowClear,
  disabled,
}: {
  level: Exclude<Level, 'default'>
  value: string
  onChange: (value: string) => void
  allowClear?: boolean
  disabled?: boolean
}) {
  const t = useWords(words)
  const [q, setQ] = useState('')
  const { data, isFetching } = useQuery({ queryKey: ['welcome-target', level, q], queryFn: () => options(level, q) })
  return (
    <Select
      aria-label={t(`target.${level}`)}
      placeholder={t(`target.${level}`)}
      showSearch={{ filterOption: false, onSearch: setQ }}
      loading={isFetching}
      disabled={disabled === true}
      allowClear={allowClear === true}
      value={value === '' ? undefined : value}
      options={data ?? []}
      onChange={(next: string | undefined) => onChange(next ?? '')}
    />
  )
}

async function options(level: Exclude<Level, 'default'>, q: string): Promise<{ value: string; label: string }[]> {
  if (level === 'channel') {
    const { items } = await ask(api.GET('/api/channels', { params: { query: { q } } }))
    return items.map((one) => ({ value: one.id, label: one.name }))
  }
  if (level === 'person') {
    const { items } = await ask(api.GET('/api/channels/candidates', { params: { query: { q } } }))
    return items.map((one) => ({
      value: one.userid,
      label: one.place === null ? one.name : `${one.name} · ${one.place}`,
    }))
  }
  const { items } = await ask(api.GET('/api/channels/places'))
  return items
    .filter((one) => one.kind === 'store' && one.name.includes(q))
    .map((one) => ({ value: one.ref, label: one.name }))
}
