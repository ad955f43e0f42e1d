import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { paths } from '#shared/api/schema.gen.ts'
import styles from './audiences.module.css'
import { audiencesKey } from './audiences.ts'

export type ValueKind = paths['/api/audience-values']['get']['parameters']['query']['kind']

export interface ValueSelectProps {
  kind: ValueKind
  label: string
  value: readonly string[]
  onChange: (value: string[], about: string | undefined) => void
  /** One at most. */
  single?: boolean
  /** Of choices: the field. */
  about?: string
  /** What the option says in place of its id. */
  idOf?: (id: string) => string
  /** What the option is called, where our words know better than the server. */
  nameOf?: (id: string) => string | undefined
  /** An audience that must not name itself. */
  without?: string | undefined
}

/** What a condition may name, found on the server by a part of its name. */
export function ValueSelect({ kind, label, value, onChange, single, about, idOf, nameOf, without }: ValueSelectProps) {
  const [q, setQ] = useState('')
  const { data, isFetching } = useQuery({
    queryKey: [...audiencesKey, 'values', kind, about ?? '', q, value],
    queryFn: () =>
      ask(
        api.GET('/api/audience-values', {
          params: { query: { kind, q, ids: [...value], ...(about === undefined ? {} : { about }) } },
        }),
      ),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  })
  const items = (data?.items ?? []).filter((one) => one.id !== without)
  const options = items.map((one) => ({
    value: idOf ? idOf(one.id) : one.id,
    label: nameOf?.(one.id) ?? (kind === 'tag' || kind === 'corp_tag' ? `${one.about} / ${one.name}` : one.name),
  }))
  const shared = {
    className: (single ? styles.one : styles.many) ?? '',
    'aria-label': label,
    placeholder: label,
    loading: isFetching,
    options,
    showSearch: { filterOption: false, onSearch: setQ },
    popupMatchSelectWidth: false,
  } as const
  const aboutOf = (id: string | undefined) => items.find((one) => one.id === id)?.about
  if (single)
    return (
      <Select<string>
        {...shared}
        allowClear
        {...(value[0] === undefined || value[0] === '' ? {} : { value: value[0] })}
        onChange={(id: string | undefined) => onChange(id === undefined ? [] : [id], aboutOf(id))}
      />
    )
  return (
    <Select<string[]> {...shared} mode="multiple" value={[...value]} onChange={(ids) => onChange(ids, undefined)} />
  )
}
