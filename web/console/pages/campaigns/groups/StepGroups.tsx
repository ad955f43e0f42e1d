import { Input, Select } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { StaffPicker } from '../../../components/StaffPicker.tsx'
import { Field, FieldGroup } from '../../channels/Field.tsx'
import { members } from '../../organisation/StoreForm.tsx'
import type { GroupChoice } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { NameFields, type StepProps } from '../StepWhom.tsx'
import { StoresSelect } from '../StoresSelect.tsx'
import { newGroups } from '../spec.rules.ts'
import { useMemberNames } from '../useMemberNames.ts'
import { words } from './words.ts'

const joinedDays = [1, 3, 7, 14, 30, 90] as const

/** What it is for and to which groups it is to go. */
export function StepGroups(props: StepProps) {
  const { spec, change, faultOf } = props
  const t = useWords(words)
  const groups = spec.groups ?? newGroups()
  const put = (part: Partial<GroupChoice>) => change({ spec: { groups: { ...groups, ...part } } })
  const owners = useMemberNames(groups.owners)
  return (
    <>
      <NameFields {...props} />
      <FieldGroup label={t('choose')} hint={t('choose.hint')} fault={faultOf('groups')}>
        <div className={styles.pair}>
          <FieldGroup label={t('choose.owners')}>
            <StaffPicker
              label={t('choose.owners.add')}
              value={owners}
              source={members}
              onChange={(chosen) => put({ owners: chosen.map((one) => one.id) })}
            />
          </FieldGroup>
          <FieldGroup label={t('choose.stores')}>
            <StoresSelect label={t('choose.stores.any')} value={groups.stores} onChange={(stores) => put({ stores })} />
          </FieldGroup>
          <Field label={t('choose.name')}>
            <Input
              value={groups.name}
              maxLength={60}
              placeholder={t('choose.name.any')}
              onChange={({ target }) => put({ name: target.value })}
            />
          </Field>
          <Field label={t('choose.joined')}>
            <Select<number>
              value={groups.joined_within_days ?? 0}
              options={[
                { value: 0, label: t('choose.joined.any') },
                ...[...new Set([...joinedDays, groups.joined_within_days ?? 1])]
                  .sort((a, b) => a - b)
                  .map((days) => ({ value: days, label: t('choose.joined.days', { count: days }) })),
              ]}
              onChange={(days) => put({ joined_within_days: days === 0 ? null : days })}
            />
          </Field>
        </div>
      </FieldGroup>
    </>
  )
}
