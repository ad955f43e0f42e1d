import { useQuery } from '@tanstack/react-query'
import { Radio, Select, TreeSelect } from 'antd'
import { useDeferredValue, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { emptyScope, type Role, type Scope, scopeKindsOf } from './account.ts'
import styles from './accounts.module.css'
import { departmentTree } from './departmentTree.ts'
import { words } from './words.ts'

export interface ScopeFieldProps {
  role: Role
  scope: Scope
  disabled: boolean
  onChange: (scope: Scope) => void
}

/** Whose customers and staff the account sees: only what its role may have. */
export function ScopeField({ role, scope, disabled, onChange }: ScopeFieldProps) {
  const t = useWords(words)
  const kinds = scopeKindsOf[role]
  return (
    <fieldset className={styles.plain}>
      <legend className={styles.field}>{t('column.scope')}</legend>
      <Radio.Group
        value={scope.kind}
        disabled={disabled}
        options={kinds.map((kind) => ({ value: kind, label: t(`scope.${kind}`) }))}
        onChange={(event) => {
          const kind = kinds.find((one) => one === event.target.value)
          if (kind !== undefined) onChange(emptyScope(kind))
        }}
      />
      {scope.kind === 'region' && (
        <Departments
          value={scope.department_ids}
          disabled={disabled}
          onChange={(department_ids) => onChange({ kind: 'region', department_ids })}
        />
      )}
      {scope.kind === 'store' && (
        <Stores
          value={scope.store_ids}
          disabled={disabled}
          onChange={(store_ids) => onChange({ kind: 'store', store_ids })}
        />
      )}
    </fieldset>
  )
}

interface Many<Id> {
  value: readonly Id[]
  disabled: boolean
  onChange: (value: Id[]) => void
}

function Departments({ value, disabled, onChange }: Many<number>) {
  const t = useWords(words)
  const { data, isPending } = useQuery({
    queryKey: ['account-options', ''],
    queryFn: () => ask(api.GET('/api/account-options')),
  })
  return (
    <TreeSelect<number[]>
      className={styles.chooser}
      aria-label={t('scope.departments')}
      placeholder={t('scope.departments')}
      multiple
      showSearch={{ treeNodeFilterProp: 'title' }}
      treeDefaultExpandedKeys={[...value]}
      loading={isPending}
      disabled={disabled}
      value={[...value]}
      treeData={departmentTree(data?.departments ?? [])}
      onChange={(chosen) => onChange(chosen)}
    />
  )
}

function Stores({ value, disabled, onChange }: Many<string>) {
  const t = useWords(words)
  const [typed, setTyped] = useState('')
  const q = useDeferredValue(typed.trim())
  const store_ids = value.join(',')
  const { data, isFetching } = useQuery({
    queryKey: ['account-options', 'stores', q, store_ids],
    queryFn: () => ask(api.GET('/api/account-options', { params: { query: { q, store_ids } } })),
    placeholderData: (before) => before,
  })
  return (
    <Select<string[]>
      className={styles.chooser}
      aria-label={t('scope.stores')}
      placeholder={t('scope.stores')}
      mode="multiple"
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      disabled={disabled}
      value={[...value]}
      options={(data?.stores ?? []).map((store) => ({ value: store.id, label: `${store.name}（${store.code}）` }))}
      onChange={(chosen) => onChange(chosen)}
    />
  )
}
