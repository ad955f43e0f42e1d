import { useQuery } from '@tanstack/react-query'
import { Input, Select } from 'antd'
import { type ReactNode, useId } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { StaffPicker } from '../../components/StaffPicker.tsx'
import type { StaffSource } from '../../components/staff.rules.ts'
import styles from './organisation.module.css'
import { departmentPaths } from './readiness.ts'
import type { StoreDraft } from './storeDraft.ts'
import { type OrganisationWords, words } from './words.ts'

export interface StoreFormProps {
  draft: StoreDraft
  change: (changed: Partial<StoreDraft>) => void
  existing: boolean
  disabled: boolean
}

export function StoreForm({ draft, change, existing, disabled }: StoreFormProps) {
  const t = useWords(words)
  const id = useId()
  const facets = useQuery({ queryKey: ['staff', 'facets'], queryFn: () => ask(api.GET('/api/staff-facets')) }).data
  const text = (key: keyof StoreDraft, label: OrganisationWords, most: number, placeholder?: string) => (
    <Field id={`${id}-${key}`} label={t(label)}>
      <Input
        id={`${id}-${key}`}
        value={draft[key]}
        disabled={disabled}
        maxLength={most}
        placeholder={placeholder}
        onChange={(event) => change({ [key]: event.target.value })}
      />
    </Field>
  )
  return (
    <>
      <Field id={`${id}-code`} label={t('field.code')} hint={existing ? undefined : t('field.code.hint')}>
        <Input
          id={`${id}-code`}
          value={draft.code}
          disabled={disabled || existing}
          maxLength={32}
          onChange={(event) => change({ code: event.target.value })}
        />
      </Field>
      {text('name', 'field.name', 60)}
      <div className={styles.pair}>
        {text('city', 'field.city', 30)}
        {text('region', 'field.region', 30)}
      </div>
      {text('address', 'field.address', 200)}
      <div className={styles.pair}>
        {text('latitude', 'field.latitude', 20, '31.2304')}
        {text('longitude', 'field.longitude', 20, '121.4737')}
      </div>
      {text('hours', 'field.openingHours', 60, '09:00-22:00')}
      <fieldset className={styles.plain}>
        <legend className={styles.legend}>{t('field.manager')}</legend>
        <StaffPicker
          label={t('field.manager.choose')}
          value={draft.manager === '' ? [] : [{ id: draft.manager, name: draft.managerName || draft.manager }]}
          source={members}
          max={1}
          disabled={disabled}
          onChange={([chosen]) => change({ manager: chosen?.id ?? '', managerName: chosen?.name ?? '' })}
        />
        <p className={styles.hint}>{t('field.manager.hint')}</p>
      </fieldset>
      <Field id={`${id}-department`} label={t('field.departmentId')} hint={t('field.department.hint')}>
        <Select<string>
          id={`${id}-department`}
          className={styles.wide}
          value={draft.department === '' ? undefined : draft.department}
          disabled={disabled}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          options={[...departmentPaths(facets?.departments ?? [])]}
          onChange={(department: string | undefined) => change({ department: department ?? '' })}
        />
      </Field>
    </>
  )
}

/** Everybody present at the platform; who has left cannot lead a store. */
export const members: StaffSource = {
  key: 'stores',
  groups: async () =>
    departmentPaths((await ask(api.GET('/api/staff-facets'))).departments).map(({ value, label }) => ({
      id: value,
      name: label,
      depth: 0,
    })),
  staff: async ({ q, group }) => {
    const { items } = await ask(
      api.GET('/api/staff', {
        params: { query: { q, status: 'present', ...(group === undefined ? {} : { department: Number(group) }) } },
      }),
    )
    return items.map((one) => ({ id: one.userid, name: one.name, place: one.store?.name ?? one.userid }))
  },
}

function Field({
  id,
  label,
  hint,
  children,
}: {
  id: string
  label: string
  hint?: string | undefined
  children: ReactNode
}) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint !== undefined && <p className={styles.hint}>{hint}</p>}
    </div>
  )
}
