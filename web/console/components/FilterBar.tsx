import { ClearOutlined, SearchOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { type UrlValues, useUrl } from '../lib/useUrl.ts'
import styles from './FilterBar.module.css'
import { SavedViews } from './SavedViews.tsx'
import type { ViewStore } from './savedViews.rules.ts'
import { words } from './words.ts'

interface FilterBase {
  /** The name of the search parameter, in the address and usually in the API. */
  key: string
  label: string
}

export type Filter =
  | (FilterBase & { kind: 'text'; placeholder?: string })
  | (FilterBase & { kind: 'choice'; options: readonly { value: string; label: string }[]; searchable?: boolean })
  | (FilterBase & {
      kind: 'own'
      /** Further search parameters that this control keeps, e.g. the end of a range. */
      also?: readonly string[]
      control: (value: string | undefined, change: (value: string | undefined) => void) => ReactNode
    })

export interface Filters {
  /** Only the filters that are set: hand it to the API and into the key of the list. */
  values: UrlValues
  /** True when any filter narrows the list. */
  active: boolean
  change: (changed: Record<string, string | undefined>) => void
  clear: () => void
}

/** The filters of a list, kept in the address: `useFilters(['q', 'status'])`. */
export function useFilters(keys: readonly string[]): Filters {
  const [url, changeUrl] = useUrl()
  const values = Object.fromEntries(keys.flatMap((key) => (url[key] === undefined ? [] : [[key, url[key]]])))
  return {
    values,
    active: Object.keys(values).length > 0,
    change: (changed) => changeUrl(changed),
    clear: () => changeUrl(Object.fromEntries(keys.map((key) => [key, undefined]))),
  }
}

/** Filters in one row, with saved views at its end; `views` where they are not kept on this machine. */
export function FilterBar({
  id,
  filters,
  state,
  views,
}: {
  id: string
  filters: Filter[]
  state: Filters
  views?: ViewStore
}) {
  const t = useWords(words)
  return (
    <search className={styles.bar}>
      {filters.map((filter) => (
        <FilterControl
          key={filter.key}
          filter={filter}
          value={state.values[filter.key]}
          change={(value) => state.change({ [filter.key]: value })}
        />
      ))}
      {state.active && (
        <Button
          type="text"
          icon={<ClearOutlined aria-hidden="true" />}
          aria-label={t('filter.clear')}
          title={t('filter.clear')}
          onClick={state.clear}
        />
      )}
      <div className={styles.end}>
        <SavedViews
          id={id}
          values={state.values}
          store={views}
          apply={(values) =>
            state.change({ ...Object.fromEntries(keysOf(filters).map((key) => [key, undefined])), ...values })
          }
        />
      </div>
    </search>
  )
}

function keysOf(filters: readonly Filter[]): string[] {
  return filters.flatMap((filter) => [filter.key, ...((filter.kind === 'own' && filter.also) || [])])
}

function FilterControl({
  filter,
  value,
  change,
}: {
  filter: Filter
  value: string | undefined
  change: (value: string | undefined) => void
}) {
  const t = useWords(words)
  if (filter.kind === 'text')
    return (
      <TextFilter
        label={filter.label}
        placeholder={filter.placeholder ?? filter.label}
        value={value ?? ''}
        change={change}
      />
    )
  if (filter.kind === 'own') return <div className={styles.own}>{filter.control(value, change)}</div>
  return (
    <Select<string>
      className={styles.choice}
      aria-label={filter.label}
      // a filter that is not set takes no more room than its name: setting one must not break the row
      {...(value === undefined ? {} : { prefix: <span className={styles.prefix}>{filter.label}</span> })}
      placeholder={filter.label}
      value={value ?? null}
      options={[{ value: '', label: t('filter.any') }, ...filter.options]}
      onChange={(chosen) => change(chosen === '' ? undefined : chosen)}
      popupMatchSelectWidth={false}
      {...(filter.searchable ? { showSearch: { optionFilterProp: 'label' } } : {})}
    />
  )
}

const typingPauseMs = 300

/** Asks the server when typing pauses, not at every key; a half-typed Chinese word is not sent. */
function TextFilter({
  label,
  placeholder,
  value,
  change,
}: {
  label: string
  placeholder: string
  value: string
  change: (value: string) => void
}) {
  const [typed, setTyped] = useState(value)
  const [composing, setComposing] = useState(false)
  useEffect(() => setTyped(value), [value])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the pause
  useEffect(() => {
    if (composing || typed === value) return
    const timer = setTimeout(() => change(typed), typingPauseMs)
    return () => clearTimeout(timer)
  }, [typed, composing])
  return (
    <Input
      className={styles.text}
      prefix={<SearchOutlined aria-hidden="true" />}
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      allowClear
      onChange={(event) => setTyped(event.target.value)}
      onCompositionStart={() => setComposing(true)}
      onCompositionEnd={() => setComposing(false)}
      onPressEnter={() => change(typed)}
    />
  )
}
