import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { StaffPicker } from '../../components/StaffPicker.tsx'
import type { StaffSource } from '../../components/staff.rules.ts'
import styles from './accounts.module.css'
import { departmentLines, departmentTree } from './departmentTree.ts'
import { words } from './words.ts'

export interface MemberFieldProps {
  value: string | null
  name: string
  disabled: boolean
  onChange: (userid: string | null, name: string | undefined) => void
}

/** The WeCom member who logs in by scan with this account; one member, one account. */
export function MemberField({ value, name, disabled, onChange }: MemberFieldProps) {
  const t = useWords(words)
  const known = useQuery({
    queryKey: ['account-options', 'member', value],
    queryFn: () => ask(api.GET('/api/account-options', { params: { query: { q: value ?? '', userid: value ?? '' } } })),
    enabled: value !== null && !disabled,
  })
  const found = known.data?.staff.find((one) => one.userid === value)
  const source: StaffSource = {
    key: 'accounts',
    groups: async () => departmentLines(departmentTree((await ask(api.GET('/api/account-options'))).departments)),
    staff: async ({ q, group }) => {
      const department = group === undefined ? undefined : Number(group)
      const { staff } = await ask(api.GET('/api/account-options', { params: { query: { q, department } } }))
      return staff.map((one) => ({
        id: one.userid,
        name: one.name,
        place: one.userid,
        ...(one.has_account && one.userid !== value ? { unavailable: t('member.taken') } : {}),
      }))
    },
  }
  return (
    <fieldset className={styles.plain}>
      <legend className={styles.field}>{t('member')}</legend>
      <StaffPicker
        label={t('member.choose')}
        value={value === null ? [] : [{ id: value, name: found?.name ?? (name === '' ? value : name) }]}
        source={source}
        max={1}
        disabled={disabled}
        onChange={(chosen) => onChange(chosen[0]?.id ?? null, chosen[0]?.name)}
      />
      <p className={styles.hint}>{t('member.hint')}</p>
    </fieldset>
  )
}
